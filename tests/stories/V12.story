STORY V12 E9, suspicion without imaging
WHY Suspicion stated by a clinician without imaging (QS56 statement 3).
PATIENT female 1955
AT 2025-06-16T09:00Z
RECEIVE Condition sct:93880001 "lung cancer" active
CASE a provisional
RECEIVE Condition cm:G95.20 "cord compression" provisional recorded 2025-06-16
EXPECT emergency E9 order stat
CASE b confirmed: known, and neither imaged nor treated (W9)
RECEIVE Condition cm:G95.20 "cord compression" confirmed recorded 2025-06-16
EXPECT watch W9 order none
