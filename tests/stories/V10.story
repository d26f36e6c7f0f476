STORY V10 E7 and E3, cauda equina
WHY Criteria of the cauda equina syndrome (NG234, BMJ).
PATIENT female 1966
AT 2025-06-16T09:00Z
RECEIVE Condition sct:254837009 "breast cancer" active
RECEIVE Observation sct:449813001 "numbness of saddle area" 2025-06-16
RECEIVE Observation sct:165232002 "urinary incontinence" 2025-06-16
EXPECT emergency E3 E7 order stat note "CES pathway" note "4 h"
