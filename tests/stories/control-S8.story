STORY S8 pain elsewhere
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
CASE a pain in a limb, abdominal pain, for weeks
RECEIVE Condition sct:90834002 "pain in limb" recorded 2025-05-20
RECEIVE Condition sct:90834002 "pain in limb" recorded 2025-06-15
RECEIVE Condition sct:21522001 "abdominal pain" recorded 2025-06-15
EXPECT none S8 order none
CASE b bone pain at the spine is spinal pain
RECEIVE Condition sct:12584003 "bone pain" site sct:421060004 "vertebral column" recorded 2025-05-20
RECEIVE Condition sct:12584003 "bone pain" site sct:421060004 "vertebral column" recorded 2025-06-15
EXPECT urgent U9
CASE c bone pain at the leg is not
RECEIVE Condition sct:12584003 "bone pain" site sct:61685007 "lower limb" recorded 2025-05-20
RECEIVE Condition sct:12584003 "bone pain" site sct:61685007 "lower limb" recorded 2025-06-15
EXPECT none S8
