STORY V17 U4, progressive
WHY Progressive pain (NG234); a rise of two points or more (Farrar).
PATIENT male 1956
AT 2025-06-16T09:00Z
RECEIVE Condition cm:Z85.51 "history of bladder cancer"
RECEIVE Condition sct:279039007 "low back pain" recorded 2025-06-04
RECEIVE Observation loinc:72514-3 "pain severity 0-10" value 3 2025-06-04
CASE a from 3 to 6
RECEIVE Observation loinc:72514-3 "pain severity 0-10" value 6 2025-06-14
EXPECT urgent U4 order urgent
CASE b from 3 to 4
RECEIVE Observation loinc:72514-3 "pain severity 0-10" value 4 2025-06-14
EXPECT watch W3 order none
