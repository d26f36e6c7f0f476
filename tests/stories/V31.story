STORY V31 S1, withdrawal
WHY What is taken back no longer counts; who was told is told again.
PATIENT female 1964
CASE a entered in error, ten minutes later
AT 2025-06-16T08:05Z
RECEIVE Condition sct:254837009 "breast cancer" active
RECEIVE Observation o1 sct:267064002 "retention of urine" 2025-06-16T08:00Z
EXPECT emergency E3 order stat
AT 2025-06-16T08:10Z
WITHDRAW o1
NOTICE the proposal is revoked
EXPECT none S1 order none
CASE b refuted from the start
AT 2025-06-16T09:00Z
RECEIVE Condition sct:254837009 "breast cancer" active
RECEIVE Condition sct:267064002 "retention of urine" refuted recorded 2025-06-16
EXPECT none S1 order none
