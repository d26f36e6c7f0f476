STORY V07 E5, band-like pain is not chest pain
WHY Radicular, band-like pain (NG234, Christie card). Only the chest pain is taken for pain elsewhere.
PATIENT female 1965
AT 2025-06-16T09:00Z
RECEIVE Condition sct:254837009 "breast cancer" active
RECEIVE Condition sct:29857009 "chest pain" recorded 2025-06-10
RECEIVE Condition sct:247389006 "intercostal neuralgia" recorded 2025-06-15
EXPECT emergency E5 - order stat evidence c1 c3
