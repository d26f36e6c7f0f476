STORY V21 W3 then U9, ongoing pain
WHY Ongoing back pain plus history of cancer (patient page, question 3; Downie). Time alone raises nothing.
PATIENT female 1971
AT 2025-05-27T09:00Z
RECEIVE Condition sct:254837009 "breast cancer" resolved onset 2012
RECEIVE Condition sct:279039007 "low back pain" recorded 2025-05-27
EXPECT watch W3 order none
PASS 14d
NOTICE reassess the pain
EXPECT watch W3 order none
THEN
AT 2025-06-16T09:00Z
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-16
EXPECT urgent U9 order urgent due 2025-06-23T09:00Z
