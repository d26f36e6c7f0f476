STORY S1 withdrawn
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
CASE a cancelled
RECEIVE Observation sct:22631008 "unsteady when walking" cancelled 2025-06-15
EXPECT none S1
CASE b amended and corrected are not withdrawn
RECEIVE Observation o1 sct:22631008 "unsteady when walking" 2025-06-15
RECEIVE Observation o1 sct:22631008 "unsteady when walking" amended 2025-06-15
EXPECT emergency E2
CASE c corrected to something else
RECEIVE Observation o1 sct:22631008 "unsteady when walking" 2025-06-15
RECEIVE Observation o1 sct:309537005 "numbness of lower limb" corrected 2025-06-15
EXPECT emergency E4
CASE d the cancer is withdrawn: what is left is watched
RECEIVE Observation sct:22631008 "unsteady when walking" 2025-06-15
WITHDRAW c1
EXPECT watch W1 S1 order none
CASE e one of two is withdrawn
RECEIVE Observation o1 sct:22631008 "unsteady when walking" 2025-06-14
RECEIVE Observation o2 sct:22631008 "unsteady when walking" 2025-06-15
WITHDRAW o1
EXPECT emergency E2 evidence c1 o2
CASE f deleted, then received anew
RECEIVE Observation o1 sct:22631008 "unsteady when walking" 2025-06-15
DELETE o1
EXPECT none
RECEIVE Observation o1 sct:22631008 "unsteady when walking" 2025-06-15
EXPECT emergency E2
