STORY V01 E1, current cancer
WHY New limb weakness in cancer (NG234, QS56 statement 3).
PATIENT female 1963
AT 2025-06-16T09:00Z
RECEIVE Condition sct:254837009 "breast cancer" active recorded 2024-03-01
RECEIVE Condition sct:26544005 "muscle weakness" site sct:61685007 "lower limb" recorded 2025-06-16
EXPECT emergency E1 order stat code 411611000119102 due 2025-06-17T09:00Z evidence c1 c2 line
