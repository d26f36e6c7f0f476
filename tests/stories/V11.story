STORY V11 E8, a fall with a known spinal metastasis
WHY Known spinal metastasis plus loss of balance; no pain is needed.
PATIENT male 1952
AT 2025-06-16T09:00Z
RECEIVE Condition sct:94602001 "secondary malignant neoplasm of vertebral column" active recorded 2025-01-10
RECEIVE Observation sct:1912002 "fall" 2025-06-15
EXPECT emergency E8 order stat evidence c1 o1
