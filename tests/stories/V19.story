STORY V19 U6 and U7, tenderness and claudication
WHY Localised tenderness; claudication (NG234). One order for both.
PATIENT female 1967
AT 2025-06-16T09:00Z
RECEIVE Condition sct:363478007 "thyroid cancer" active
RECEIVE Condition sct:279039007 "low back pain" recorded 2025-06-10
RECEIVE Condition sct:240219003 "spinal claudication" recorded 2025-06-15
CASE a tender at the spine
RECEIVE Observation sct:301399007 "musculoskeletal tenderness" site sct:421060004 "vertebral column" 2025-06-15
EXPECT urgent U6 U7 order urgent
CASE b tender at the leg: not U6
RECEIVE Observation sct:301399007 "musculoskeletal tenderness" site sct:61685007 "lower limb" 2025-06-15
EXPECT urgent U7 order urgent
