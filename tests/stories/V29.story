STORY V29 W6 by S7, then E1
WHY Symmetric sensory neuropathy is expected after platinum; a motor sign ends the excuse.
PATIENT female 1969
AT 2025-06-12T12:00Z
RECEIVE Condition sct:363406005 "colon cancer" active
RECEIVE MedicationAdministration rxn:32592 "oxaliplatin" 2025-03-01
RECEIVE Observation sct:840319006 "paresthesia of bilateral hands" 2025-06-12
RECEIVE Observation sct:66085007 "stocking anesthesia" 2025-06-12
EXPECT watch W6 S7 order none
THEN
AT 2025-06-16T09:00Z
RECEIVE Condition sct:26544005 "muscle weakness" site sct:61685007 "lower limb" recorded 2025-06-16
EXPECT emergency E1 E4 order stat
