STORY V38 S12, one patient, one order
CASE a the same told again, and new evidence
AT 2025-06-14T12:00Z
RECEIVE Condition c1 sct:399068003 "prostate cancer" active
RECEIVE Observation o1 sct:22631008 "unsteady when walking" 2025-06-14
EXPECT emergency E2 order stat
THEN the same, redelivered
AGAIN c1
AGAIN o1
EXPECT emergency E2 S12 order none
AT 2025-06-16T09:00Z
RECEIVE Observation o2 sct:22631008 "unsteady when walking" 2025-06-16
EXPECT emergency E2 S12 order none evidence c1 o1 o2
CASE b an urgent proposal is open when an emergency comes
AT 2025-06-13T12:00Z
RECEIVE Condition sct:399068003 "prostate cancer" active
RECEIVE Condition sct:279039007 "low back pain" recorded 2025-06-13
RECEIVE Observation sct:36163009 "night pain" site sct:421060004 "vertebral column" 2025-06-13
EXPECT urgent U1 order urgent
AT 2025-06-16T09:00Z
RECEIVE Condition sct:26544005 "muscle weakness" site sct:61685007 "lower limb" recorded 2025-06-16
EXPECT emergency E1 order stat refers order1 note "takes its place"
NOTICE the proposal is revoked: a more urgent one was received
