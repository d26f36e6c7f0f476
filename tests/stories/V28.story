STORY V28 W5 then E8, the metastasis is coded after the fall
WHY The fall lies within 28 days.
PATIENT male 1945
AT 2025-06-10T12:00Z
RECEIVE Condition sct:399068003 "prostate cancer" active
RECEIVE Observation sct:1912002 "fall" 2025-06-10
EXPECT watch W5 order none
THEN
AT 2025-06-16T09:00Z
RECEIVE Condition sct:94389000 "secondary neoplasm of lumbar vertebral column" confirmed recorded 2025-06-16
EXPECT emergency E8 order stat
