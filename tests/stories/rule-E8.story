STORY E8 loss of balance or a fall, with spinal metastasis
AT 2025-06-16T09:00Z
CASE a fires on the 28th day
RECEIVE Condition sct:94602001 "metastasis of vertebral column" active
RECEIVE Observation sct:1912002 "fall" 2025-05-19
EXPECT emergency E8 order stat
CASE b one day more
RECEIVE Condition sct:94602001 "metastasis of vertebral column" active
RECEIVE Observation sct:1912002 "fall" 2025-05-18
EXPECT watch - S15 order none lowered E8
CASE c negated
RECEIVE Condition sct:94602001 "metastasis of vertebral column" active
RECEIVE Observation sct:1912002 "fall" value false 2025-06-15
EXPECT none S2
CASE d retracted
RECEIVE Condition sct:94602001 "metastasis of vertebral column" active
RECEIVE Observation o1 sct:249985001 "poor balance" 2025-06-15
EXPECT emergency E8
WITHDRAW o1
EXPECT none S1 order none
CASE e unknown
RECEIVE Condition sct:94602001 "metastasis of vertebral column" active
RECEIVE Observation sct:1912002 "fall" modifier 2025-06-15
EXPECT none unknown E8
CASE f bone metastasis and spinal pain 90 days ago
RECEIVE Condition sct:94222008 "metastasis of bone" active
RECEIVE Condition sct:161891005 "backache" recorded 2025-03-18
RECEIVE Observation sct:1912002 "fall" 2025-06-15
EXPECT emergency E8
CASE g bone metastasis and spinal pain 91 days ago: no pain, so W5
RECEIVE Condition sct:94222008 "metastasis of bone" active
RECEIVE Condition sct:161891005 "backache" recorded 2025-03-17
RECEIVE Observation sct:1912002 "fall" 2025-06-15
EXPECT watch W5 order none
CASE h bone metastasis with a vertebral site is a spinal one
RECEIVE Condition sct:94222008 "metastasis of bone" active site sct:421060004 "vertebral column"
RECEIVE Observation sct:1912002 "fall" 2025-06-15
EXPECT emergency E8
CASE i a metastasis that is retracted
RECEIVE Condition c1 sct:94602001 "metastasis of vertebral column" active
RECEIVE Condition c2 sct:254837009 "breast cancer" active
RECEIVE Observation o1 sct:1912002 "fall" 2025-06-15
WITHDRAW c1
EXPECT watch W5 S1 order none
