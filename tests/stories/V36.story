STORY V36 S8 and S9, other pain and trauma
AT 2025-06-16T09:00Z
CASE a pain elsewhere
RECEIVE Observation sct:428262008 "history of prostate cancer"
RECEIVE Condition sct:29857009 "chest pain" recorded 2025-06-15
RECEIVE Condition sct:57676002 "joint pain" recorded 2025-06-15
EXPECT none S8 order none
CASE b an injury explains the pain
RECEIVE Observation sct:429087003 "history of breast cancer"
RECEIVE Condition sct:81102000 "injury of back" recorded 2025-06-15
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-15
RECEIVE Observation sct:36163009 "night pain" site sct:421060004 "vertebral column" 2025-06-15
EXPECT watch - S9 order none lowered U1
CASE c after b and unable to walk: an injury explains no paralysis
RECEIVE Observation sct:282145008 "unable to walk" 2025-06-15
EXPECT emergency E2 order stat note "trauma imaging pathway"
