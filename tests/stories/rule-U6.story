STORY U6 spinal tenderness
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
CASE a fires on the 28th day
RECEIVE Observation sct:275316003 "lumbar pain on palpation" 2025-05-19
EXPECT urgent U6 order urgent
CASE b one day more; it is still spinal pain
RECEIVE Observation sct:275316003 "lumbar pain on palpation" 2025-05-18
EXPECT watch W3 order none
CASE c negated
RECEIVE Observation sct:275316003 "lumbar pain on palpation" value sct:260385009 "negative" 2025-06-15
EXPECT none S2
CASE d retracted
RECEIVE Observation o1 sct:275316003 "lumbar pain on palpation" 2025-06-15
EXPECT urgent U6
WITHDRAW o1
EXPECT none S1 order none
CASE e unknown, beside pain that is known
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-15
RECEIVE Observation sct:275316003 "lumbar pain on palpation" modifier 2025-06-15
EXPECT watch W3 unknown U6
