STORY V37 S11 and S15, old and late
AT 2025-06-16T09:00Z
CASE a pain of the year before, resolved
RECEIVE Condition sct:254837009 "breast cancer" resolved
RECEIVE Condition sct:279039007 "low back pain" resolved onset 2024-01 abated 2024-02
RECEIVE Observation sct:36163009 "night pain" 2024-01
EXPECT none S11 order none
CASE b weakness recorded in March, received today
RECEIVE Condition sct:254837009 "breast cancer" active
RECEIVE Condition sct:26544005 "muscle weakness" recorded 2025-03-01
EXPECT watch - S15 order none lowered E1
CASE c weakness since April, recorded today
RECEIVE Condition sct:254837009 "breast cancer" active
RECEIVE Condition sct:26544005 "muscle weakness" recorded 2025-06-16 onset 2025-04-01
EXPECT emergency E1 order stat
