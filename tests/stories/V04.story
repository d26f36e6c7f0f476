STORY V04 E3, acute retention in myeloma
WHY Bladder dysfunction; myeloma is a malignancy with spinal disease (NG234).
PATIENT female 1959
AT 2025-06-16T09:00Z
RECEIVE Condition sct:109989006 "multiple myeloma" active
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-02
RECEIVE Condition sct:236648008 "acute retention of urine" recorded 2025-06-16
EXPECT emergency E3 order stat
