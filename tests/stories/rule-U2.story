STORY U2 spinal pain on straining
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
CASE a fires on the 28th day
RECEIVE Condition sct:161893008 "back pain worse on sneezing" recorded 2025-05-19
EXPECT urgent U2 order urgent
CASE b one day more; it is still spinal pain
RECEIVE Condition sct:161893008 "back pain worse on sneezing" recorded 2025-05-18
EXPECT watch W3 order none
CASE c negated
RECEIVE Observation sct:161893008 "back pain worse on sneezing" value false 2025-06-15
EXPECT none S2
CASE d retracted
RECEIVE Condition c2 sct:161893008 "back pain worse on sneezing" recorded 2025-06-15
EXPECT urgent U2
WITHDRAW c2
EXPECT none S1 order none
CASE e unknown, beside pain that is known
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-15
RECEIVE Condition sct:161893008 "back pain worse on sneezing" modifier recorded 2025-06-15
EXPECT watch W3 unknown U2
