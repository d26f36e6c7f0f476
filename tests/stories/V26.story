STORY V26 W1 then U1, the cancer is coded last
WHY The order of arrival must not matter; night pain alone is not specific (Harding).
PATIENT male 1958
AT 2025-06-01T12:00Z
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-01
RECEIVE Observation sct:36163009 "night pain" site sct:421060004 "vertebral column" 2025-06-01
EXPECT watch W1 order none
THEN
AT 2025-06-16T09:00Z
RECEIVE Condition sct:93880001 "lung cancer" active recorded 2025-06-16
EXPECT urgent U1 order urgent due 2025-06-23T09:00Z
