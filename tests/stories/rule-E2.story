STORY E2 new difficulty in walking
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
CASE a fires on the 28th day
RECEIVE Observation sct:22631008 "unsteady when walking" 2025-05-19
EXPECT emergency E2 order stat
CASE b one day more
RECEIVE Observation sct:22631008 "unsteady when walking" 2025-05-18
EXPECT watch - S15 order none lowered E2
CASE c negated by a coded answer
RECEIVE Observation sct:22631008 "unsteady when walking" value sct:373067005 "no" 2025-06-15
EXPECT none S2
CASE d retracted: deleted on its server
RECEIVE Observation o1 sct:22631008 "unsteady when walking" 2025-06-15
EXPECT emergency E2
DELETE o1
EXPECT none order none
CASE e unknown
RECEIVE Observation sct:22631008 "unsteady when walking" modifier 2025-06-15
EXPECT none unknown E2
CASE f known since March, now unable to walk
RECEIVE Observation sct:22631008 "unsteady when walking" 2025-03-01
RECEIVE Observation sct:282145008 "unable to walk" 2025-06-15
EXPECT emergency E2
CASE g a code that names weakness and gait is both
RECEIVE Observation sct:432559006 "abnormal gait due to muscle weakness" 2025-06-15
EXPECT emergency E1 E2
CASE h reduced mobility is context only
RECEIVE Condition sct:8510008 "reduced mobility" recorded 2025-06-15
EXPECT none
CASE i onset 181 days ago: gait is old then, and not watched
RECEIVE Condition sct:22325002 "abnormal gait" onset 2024-12-17 recorded 2025-06-16
EXPECT none S11
