STORY U7 spinal claudication
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
CASE a fires on the 28th day
RECEIVE Condition sct:240219003 "spinal claudication" recorded 2025-05-19
EXPECT urgent U7 order urgent
CASE b one day more; it is still spinal pain
RECEIVE Condition sct:240219003 "spinal claudication" recorded 2025-05-18
EXPECT watch W3 order none
CASE c negated
RECEIVE Observation sct:240219003 "spinal claudication" value sct:410516002 "known absent" 2025-06-15
EXPECT none S2
CASE d retracted
RECEIVE Condition c2 sct:240219003 "spinal claudication" recorded 2025-06-15
EXPECT urgent U7
WITHDRAW c2
EXPECT none S1 order none
CASE e unknown, beside pain that is known
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-15
RECEIVE Condition sct:240219003 "spinal claudication" modifier recorded 2025-06-15
EXPECT watch W3 unknown U7
