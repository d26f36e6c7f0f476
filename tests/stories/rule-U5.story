STORY U5 mechanical spinal pain
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
CASE a fires on the 28th day
RECEIVE Observation sct:298674008 "pain on movement of lumbar spine" 2025-05-19
EXPECT urgent U5 order urgent
CASE b one day more; it is still spinal pain
RECEIVE Observation sct:298674008 "pain on movement of lumbar spine" 2025-05-18
EXPECT watch W3 order none
CASE c negated
RECEIVE Observation sct:298674008 "pain on movement of lumbar spine" value false 2025-06-15
EXPECT none S2
CASE d retracted
RECEIVE Observation o1 sct:298674008 "pain on movement of lumbar spine" 2025-06-15
EXPECT urgent U5
WITHDRAW o1
EXPECT none S1 order none
CASE e unknown, beside pain that is known
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-15
RECEIVE Observation sct:298674008 "pain on movement of lumbar spine" modifier 2025-06-15
EXPECT watch W3 unknown U5
