STORY S3 not the patient
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
CASE a a relative's paraplegia
RECEIVE FamilyMemberHistory sct:60389000 "paraplegia" 2025-06-15
EXPECT none S3 order none
CASE b an Observation whose focus is somebody else
RECEIVE Observation sct:22631008 "unsteady when walking" focus Patient/mother 2025-06-15
EXPECT none S3
CASE c an Observation whose focus is the patient
RECEIVE Observation sct:22631008 "unsteady when walking" focus Patient/p 2025-06-15
EXPECT emergency E2
CASE d an answer to a question about the family
RECEIVE Observation sct:160339007 "FH: paraplegia" value sct:60389000 "paraplegia" 2025-06-15
EXPECT none S3
CASE e cancer in the family is no cancer of the patient
WITHDRAW c1
RECEIVE FamilyMemberHistory sct:254837009 "breast cancer" 2025-06-15
RECEIVE Observation sct:22631008 "unsteady when walking" 2025-06-15
EXPECT watch W1 S1 S3 order none
