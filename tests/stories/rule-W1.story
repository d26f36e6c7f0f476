STORY W1 red flags without coded cancer
AT 2025-06-16T09:00Z
CASE a kept for 90 days
RECEIVE Condition sct:26544005 "muscle weakness" recorded 2025-03-18
EXPECT watch W1 order none line
CASE b one day more
RECEIVE Condition sct:26544005 "muscle weakness" recorded 2025-03-17
EXPECT none
CASE c negated
RECEIVE Observation sct:26544005 "muscle weakness" value false 2025-06-15
EXPECT none S2 no-line
CASE d retracted
RECEIVE Condition c1 sct:26544005 "muscle weakness" recorded 2025-06-15
EXPECT watch W1
WITHDRAW c1
EXPECT none S1 no-line
CASE e unknown
RECEIVE Condition sct:26544005 "muscle weakness" modifier recorded 2025-06-15
EXPECT none unknown W1
CASE f plain pain without cancer is nothing
RECEIVE Condition sct:161891005 "backache" recorded 2025-05-20
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-15
EXPECT none
CASE g new thoracic pain without cancer is nothing
RECEIVE Condition sct:267981009 "thoracic spine pain" recorded 2025-06-15
EXPECT none
CASE h night pain
RECEIVE Observation sct:36163009 "night pain" site sct:421060004 "vertebral column" 2025-06-15
EXPECT watch W1
CASE i a vertebral fracture
RECEIVE Condition sct:314668006 "wedge fracture of vertebra" recorded 2025-06-15
EXPECT watch W1
CASE j saddle anaesthesia: cauda equina, not metastatic compression
RECEIVE Observation sct:449813001 "numbness of saddle area" 2025-06-15
EXPECT watch W1
NOTICE CES pathway, not MSCC
CASE k the cancer is coded within 90 days, the weakness is new then
RECEIVE Condition sct:26544005 "muscle weakness" recorded 2025-06-15
EXPECT watch W1
PASS 20d
RECEIVE Condition sct:254837009 "breast cancer" active recorded 2025-07-06
EXPECT emergency E1
