STORY U1 night pain of the spine
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
CASE a fires on the 28th day
RECEIVE Observation sct:36163009 "night pain" site sct:421060004 "vertebral column" 2025-05-19
EXPECT urgent U1 order urgent
CASE b one day more; it is still spinal pain
RECEIVE Observation sct:36163009 "night pain" site sct:421060004 "vertebral column" 2025-05-18
EXPECT watch W3 order none
CASE c no site, but spinal pain in the same episode
RECEIVE Observation sct:36163009 "night pain" 2025-06-15
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-05
EXPECT urgent U1
CASE d no site and no spinal pain
RECEIVE Observation sct:36163009 "night pain" 2025-06-15
EXPECT none
CASE e negated
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-05
RECEIVE Observation sct:36163009 "night pain" value false 2025-06-15
EXPECT watch W3 S2
CASE f retracted
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-05
RECEIVE Observation o1 sct:36163009 "night pain" 2025-06-15
EXPECT urgent U1
WITHDRAW o1
EXPECT watch W3 S1 order none
CASE g unknown
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-05
RECEIVE Observation sct:36163009 "night pain" modifier 2025-06-15
EXPECT watch W3 unknown U1
CASE h a window that reaches back beyond the calendar: unknown, not no
SET t_current=3650000d
RECEIVE Observation sct:36163009 "night pain" site sct:421060004 "vertebral column" 2025-06-15
EXPECT watch W3 unknown U1 U4 U9 U11 U12
