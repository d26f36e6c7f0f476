STORY V23 U11, deformity and fracture
WHY Deformed spine, fracture; the logic of SINS. With new neurology it is an emergency.
PATIENT female 1950
AT 2025-06-16T09:00Z
RECEIVE Observation sct:429087003 "history of breast cancer"
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-10
RECEIVE Condition sct:314668006 "wedge fracture of vertebra" recorded 2025-06-14
RECEIVE Condition sct:414564002 "kyphosis deformity of spine" recorded 2025-06-14
CASE a alone
EXPECT urgent U11 order urgent
CASE b and unable to walk
RECEIVE Observation sct:282145008 "unable to walk" 2025-06-16
EXPECT emergency E2 E10 order stat
