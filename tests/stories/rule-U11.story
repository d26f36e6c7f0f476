STORY U11 new deformity, vertebral fracture or instability
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
CASE a a fracture needs no pain; 28th day
RECEIVE Condition sct:314668006 "wedge fracture of vertebra" recorded 2025-05-19
EXPECT urgent U11 order urgent
CASE b one day more
RECEIVE Condition sct:314668006 "wedge fracture of vertebra" recorded 2025-05-18
EXPECT none
CASE c deformity with pain, 28th day
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-15
RECEIVE Condition sct:414564002 "kyphosis deformity of spine" recorded 2025-05-19
EXPECT urgent U11
CASE d deformity with pain, one day more
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-15
RECEIVE Condition sct:414564002 "kyphosis deformity of spine" recorded 2025-05-18
EXPECT watch W3
CASE e deformity without pain
RECEIVE Condition sct:414564002 "kyphosis deformity of spine" recorded 2025-06-15
EXPECT none
CASE f instability with pain
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-15
RECEIVE Condition sct:202824000 "lumbar spine instability" recorded 2025-06-15
EXPECT urgent U11
CASE g osteoporotic
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-15
RECEIVE Condition sct:240198002 "osteoporotic vertebral collapse" recorded 2025-06-15
EXPECT watch W3
CASE h negated
RECEIVE Observation sct:314668006 "wedge fracture of vertebra" value false 2025-06-15
EXPECT none S2
CASE i retracted
RECEIVE Condition c2 sct:314668006 "wedge fracture of vertebra" recorded 2025-06-15
EXPECT urgent U11
WITHDRAW c2
EXPECT none S1 order none
CASE j unknown
RECEIVE Condition sct:314668006 "wedge fracture of vertebra" modifier recorded 2025-06-15
EXPECT none unknown U11
