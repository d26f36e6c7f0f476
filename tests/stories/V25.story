STORY V25 U13, known bone metastasis and new pain
WHY Metastasis seen before predicts compression better than symptoms do.
PATIENT male 1955
AT 2025-06-16T09:00Z
RECEIVE Condition sct:712849003 "prostate cancer metastatic to bone" active recorded 2024-05
RECEIVE Condition sct:279039007 "low back pain" recorded 2025-06-15
EXPECT urgent U13 order urgent
