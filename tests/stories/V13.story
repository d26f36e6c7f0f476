STORY V13 E10, first presentation
WHY In a fifth to a quarter of people compression is the first sign of cancer. Not W1.
PATIENT male 1968
AT 2025-06-16T09:00Z
RECEIVE Condition sct:270507001 "pathological fracture of thoracic vertebra" recorded 2025-06-15
RECEIVE Condition sct:1845001 "paraparesis" recorded 2025-06-16
EXPECT emergency E10 order stat evidence c1 c2
