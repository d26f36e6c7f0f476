STORY S17 another cause
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
RECEIVE Condition c2 sct:432504007 "cerebral infarction" recorded 2025-06-13
RECEIVE Condition c3 sct:127377003 "unilateral paresis" recorded 2025-06-13
CASE a one side only
EXPECT watch W7 S17 order none
CASE b spinal pain
RECEIVE Condition sct:161891005 "backache" recorded 2025-03-18
EXPECT emergency E1
CASE c spinal pain 91 days ago
RECEIVE Condition sct:161891005 "backache" recorded 2025-03-17
EXPECT watch W7 S17
CASE d a spinal metastasis
RECEIVE Condition sct:94602001 "metastasis of vertebral column" active
EXPECT emergency E1
CASE e a sensory level
PACKAGE site
RECEIVE Observation site:sensory-level "sensory level" value true 2025-06-14
EXPECT emergency E1 E4 E6
CASE f signs on both sides
RECEIVE Observation sct:309537005 "numbness of lower limb" side bilateral 2025-06-14
EXPECT emergency E1 E4
CASE g a gait that has no side is not explained by a stroke
RECEIVE Observation sct:22631008 "unsteady when walking" 2025-06-14
EXPECT emergency E2
CASE h saddle anaesthesia is not excused
RECEIVE Observation sct:449813001 "numbness of saddle area" 2025-06-14
EXPECT emergency E7
