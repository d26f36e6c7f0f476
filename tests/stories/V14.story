STORY V14 U1, back pain worse at night
WHY Pain worse at night plus cancer history (NG234; patient page of the Cleveland Clinic, question 1).
PATIENT female 1973
AT 2025-06-16T09:00Z
RECEIVE Observation sct:429087003 "history of breast cancer"
RECEIVE Condition sct:279039007 "low back pain" recorded 2025-06-05
RECEIVE Observation sct:36163009 "night pain" site sct:421060004 "vertebral column" 2025-06-15
EXPECT urgent U1 order urgent due 2025-06-23T09:00Z
