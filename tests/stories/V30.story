STORY V30 W7 by S17, then E1
WHY A stroke explains one side, not both legs.
PATIENT male 1951
AT 2025-06-13T12:00Z
RECEIVE Condition sct:399068003 "prostate cancer" resolved
RECEIVE Condition sct:432504007 "cerebral infarction" recorded 2025-06-13
RECEIVE Condition sct:127377003 "unilateral paresis" recorded 2025-06-13
EXPECT watch W7 S17 order none
THEN
AT 2025-06-16T09:00Z
RECEIVE Condition sct:1845001 "paraparesis" recorded 2025-06-16
EXPECT emergency E1 order stat
