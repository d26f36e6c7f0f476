STORY V16 U3, severe and unremitting
WHY Severe and unremitting pain (NG234).
PATIENT female 1978
AT 2025-06-16T09:00Z
RECEIVE Condition sct:118600007 "malignant lymphoma" active
RECEIVE Condition sct:279039007 "low back pain" recorded 2025-06-14
RECEIVE Observation loinc:72514-3 "pain severity 0-10" value 8 2025-06-14T08:00Z
CASE a 8 and again 8 after 30 hours
RECEIVE Observation loinc:72514-3 "pain severity 0-10" value 8 2025-06-15T14:00Z
EXPECT urgent U3 order urgent
CASE b the second score is 3
RECEIVE Observation loinc:72514-3 "pain severity 0-10" value 3 2025-06-15T14:00Z
EXPECT watch W3 order none
