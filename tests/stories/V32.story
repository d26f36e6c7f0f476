STORY V32 S2 and S3, negatives and relatives
WHY A finding that is denied, normal or a relative's is none of the patient.
PATIENT male 1966
AT 2025-06-16T09:00Z
RECEIVE Condition sct:93880001 "lung cancer" active
RECEIVE Observation sct:161890006 "no backache" 2025-06-15
RECEIVE Observation sct:163599009 "on examination: no paralysis" 2025-06-15
RECEIVE Observation sct:165232002 "bladder: incontinent" value false 2025-06-15
RECEIVE Observation sct:26544005 "muscle weakness" no-data unknown 2025-06-15
RECEIVE Condition sct:160339007 "FH: paraplegia" recorded 2025-06-15
RECEIVE FamilyMemberHistory sct:94602001 "secondary malignant neoplasm of vertebral column" 2025-06-15
RECEIVE Observation loinc:72514-3 "pain severity 0-10" value 0 2025-06-15
CASE a full power
RECEIVE Observation sct:249948009 "grade of muscle power" value 5 2025-06-15
EXPECT none S2 order none
CASE b power 3 of 5
RECEIVE Observation sct:249948009 "grade of muscle power" value 3 2025-06-15
EXPECT emergency E1 order stat
