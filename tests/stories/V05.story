STORY V05 E4, chemotherapy does not excuse one leg
WHY Sensory loss (NG234); neuropathy of chemotherapy is symmetric, stocking and glove (Seretny).
PATIENT female 1976
AT 2025-06-16T09:00Z
RECEIVE Condition sct:363443007 "ovarian cancer" active
RECEIVE MedicationAdministration rxn:56946 "paclitaxel" completed 2025-04-20
RECEIVE Condition sct:279039007 "low back pain" recorded 2025-06-01
RECEIVE Observation sct:309537005 "numbness of lower limb" side left 2025-06-15
EXPECT emergency E4 - order stat
