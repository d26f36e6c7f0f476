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
CASE e one-sided radicular pain is no spinal pain beside itself
SET profile=specific
RECEIVE Condition sct:23056005 "sciatica" side left recorded 2025-06-15
EXPECT watch W3 W8 S18 order none lowered E5
CASE f with back pain it is
SET profile=specific
RECEIVE Condition sct:23056005 "sciatica" side left recorded 2025-06-15
RECEIVE Condition sct:279039007 "low back pain" recorded 2025-06-14
EXPECT emergency E5
CASE g both sides
SET profile=specific
RECEIVE Condition sct:15633361000119103 "bilateral sciatica" recorded 2025-06-15
EXPECT emergency E5
CASE h a fall is a second finding
SET profile=specific
RECEIVE Observation sct:309537005 "numbness of lower limb" 2025-06-15
RECEIVE Observation sct:1912002 "fall" 2025-06-15
EXPECT emergency E4
