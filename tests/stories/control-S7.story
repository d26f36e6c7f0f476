STORY S7 chemotherapy neuropathy
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
RECEIVE MedicationAdministration rxn:56946 "paclitaxel" 2025-04-20
CASE a one foot
RECEIVE Observation sct:309087008 "paresthesia of foot" 2025-06-12
EXPECT emergency E4
CASE b both feet
RECEIVE Observation sct:309087008 "paresthesia of foot" side bilateral 2025-06-12
EXPECT watch W6 S7 order none
CASE c a neuropathy coded 365 days ago
RECEIVE Observation sct:309537005 "numbness of lower limb" 2025-06-12
RECEIVE Condition sct:42345000 "polyneuropathy" recorded 2024-06-16
EXPECT watch W6 S7
CASE d a neuropathy coded 366 days ago
RECEIVE Observation sct:309537005 "numbness of lower limb" 2025-06-12
RECEIVE Condition sct:42345000 "polyneuropathy" recorded 2024-06-15
EXPECT emergency E4
CASE e spinal pain 90 days ago
RECEIVE Observation sct:840319006 "paresthesia of bilateral hands" 2025-06-12
RECEIVE Condition sct:161891005 "backache" recorded 2025-03-18
EXPECT emergency E4
CASE f spinal pain 91 days ago
RECEIVE Observation sct:840319006 "paresthesia of bilateral hands" 2025-06-12
RECEIVE Condition sct:161891005 "backache" recorded 2025-03-17
EXPECT watch W6 S7
CASE g gait too
RECEIVE Observation sct:840319006 "paresthesia of bilateral hands" 2025-06-12
RECEIVE Observation sct:22631008 "unsteady when walking" 2025-06-12
EXPECT emergency E2 E4
CASE h numbness of the saddle area too
RECEIVE Observation sct:840319006 "paresthesia of bilateral hands" 2025-06-12
RECEIVE Observation sct:449813001 "numbness of saddle area" 2025-06-12
EXPECT emergency E4 E7
CASE i a spinal metastasis
RECEIVE Observation sct:840319006 "paresthesia of bilateral hands" 2025-06-12
RECEIVE Condition sct:94602001 "metastasis of vertebral column" active
EXPECT emergency E4
CASE j no chemotherapy of that kind
RECEIVE MedicationAdministration ma1 rxn:161 "acetaminophen" 2025-04-20
RECEIVE Observation sct:840319006 "paresthesia of bilateral hands" 2025-06-12
EXPECT emergency E4
