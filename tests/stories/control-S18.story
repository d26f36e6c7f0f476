STORY S18 profile specific
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" resolved onset 2003
CASE a numbness
SET profile=specific
RECEIVE Observation sct:309537005 "numbness of lower limb" 2025-06-15
EXPECT watch W8 S18 order none
CASE b the profile is off by default
RECEIVE Observation sct:309537005 "numbness of lower limb" 2025-06-15
EXPECT emergency E4
CASE c weakness is not soft
SET profile=specific
RECEIVE Condition sct:26544005 "muscle weakness" recorded 2025-06-15
EXPECT emergency E1
CASE d a metastasis
SET profile=specific
RECEIVE Condition sct:94222008 "metastasis of bone" active
RECEIVE Observation sct:309537005 "numbness of lower limb" 2025-06-15
EXPECT emergency E4
