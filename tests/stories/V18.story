STORY V18 U5, mechanical
WHY Mechanical pain (NG234).
PATIENT female 1962
AT 2025-06-16T09:00Z
RECEIVE Condition sct:254915003 "clear cell carcinoma of kidney" remission
RECEIVE Observation sct:298674008 "pain on movement of lumbar spine" 2025-06-15
EXPECT urgent U5 order urgent
