STORY V20 U8, six weeks in spite of treatment
WHY Pain despite six weeks of standard treatment (patient page, question 2; ACR).
PATIENT male 1959
AT 2025-06-16T09:00Z
RECEIVE Observation sct:266987004 "history of malignant neoplasm"
RECEIVE Condition sct:279039007 "low back pain" recorded 2025-04-25
RECEIVE Condition sct:279039007 "low back pain" recorded 2025-06-13
CASE a treated
RECEIVE MedicationRequest rxn:3355 "diclofenac" authored 2025-05-02
EXPECT urgent U8 U9 order urgent
CASE b not treated
EXPECT urgent U9 order urgent
