STORY U12 new thoracic or neck pain
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
CASE a neck pain
RECEIVE Condition sct:81680005 "neck pain" recorded 2025-06-15
EXPECT urgent U12 order urgent
CASE b spinal pain 181 days before: new
RECEIVE Condition sct:161891005 "backache" recorded 2024-12-16
RECEIVE Condition sct:81680005 "neck pain" recorded 2025-06-15
EXPECT urgent U12
CASE c spinal pain 180 days before: not new
RECEIVE Condition sct:161891005 "backache" recorded 2024-12-17
RECEIVE Condition sct:81680005 "neck pain" recorded 2025-06-15
EXPECT watch W3 order none
CASE d an episode that began 90 days ago
RECEIVE Condition sct:81680005 "neck pain" recorded 2025-03-18
RECEIVE Condition sct:81680005 "neck pain" recorded 2025-06-05
EXPECT urgent U9 U12
CASE e an episode that began 91 days ago
RECEIVE Condition sct:81680005 "neck pain" recorded 2025-03-17
RECEIVE Condition sct:81680005 "neck pain" recorded 2025-06-05
EXPECT urgent U9
CASE f low back pain is no such location
RECEIVE Condition sct:279039007 "low back pain" recorded 2025-06-15
EXPECT watch W3
CASE g past cancer, rule switched to all
SET location_rule=all
RECEIVE Condition c1 sct:254837009 "breast cancer" resolved onset 2016
RECEIVE Condition sct:267981009 "thoracic spine pain" recorded 2025-06-15
EXPECT urgent U12
CASE h past cancer, but treated 365 days ago
RECEIVE Condition c1 sct:254837009 "breast cancer" resolved onset 2016
RECEIVE MedicationAdministration rxn:56946 "paclitaxel" 2024-06-16
RECEIVE Condition sct:267981009 "thoracic spine pain" recorded 2025-06-15
EXPECT urgent U12
CASE i past cancer, treated 366 days ago
RECEIVE Condition c1 sct:254837009 "breast cancer" resolved onset 2016
RECEIVE MedicationAdministration rxn:56946 "paclitaxel" 2024-06-15
RECEIVE Condition sct:267981009 "thoracic spine pain" recorded 2025-06-15
EXPECT watch W3
CASE j negated
RECEIVE Observation sct:81680005 "neck pain" value false 2025-06-15
EXPECT none S2
CASE k retracted
RECEIVE Condition c2 sct:81680005 "neck pain" recorded 2025-06-15
EXPECT urgent U12
WITHDRAW c2
EXPECT none S1 order none
CASE l unknown
RECEIVE Condition sct:81680005 "neck pain" modifier recorded 2025-06-15
EXPECT none unknown U12
