STORY E3 new bladder or bowel dysfunction
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
CASE a fires on the 28th day
RECEIVE Condition cm:R32 "urinary incontinence" recorded 2025-05-19
EXPECT emergency E3 order stat
CASE b one day more
RECEIVE Condition cm:R32 "urinary incontinence" recorded 2025-05-18
EXPECT watch - S15 order none lowered E3
CASE c negated by the interpretation
RECEIVE Observation sct:165232002 "bladder: incontinent" interpretation NEG 2025-06-15
EXPECT none S2
CASE d retracted
RECEIVE Observation o1 sct:72042002 "incontinence of feces" 2025-06-15
EXPECT emergency E3
WITHDRAW o1
EXPECT none S1 order none
CASE e unknown
RECEIVE Observation sct:72042002 "incontinence of feces" modifier 2025-06-15
EXPECT none unknown E3
CASE f bladder control was asked for, no answer
RECEIVE Observation sct:366279009 "finding of bladder control" 2025-06-15
EXPECT none unknown E3
CASE g constipation never alone
RECEIVE Condition hpo:HP:0002019 "constipation" recorded 2025-06-15
EXPECT none
CASE h retention caused by a drug
RECEIVE Condition cm:R33.0 "drug induced retention of urine" recorded 2025-06-15
EXPECT watch W7 S17 order none
CASE i the same with spinal pain
RECEIVE Condition cm:R33.0 "drug induced retention of urine" recorded 2025-06-15
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-10
EXPECT emergency E3
CASE j the same with another neurological group
RECEIVE Condition cm:R33.0 "drug induced retention of urine" recorded 2025-06-15
RECEIVE Observation sct:22631008 "unsteady when walking" 2025-06-15
EXPECT emergency E2 E3
CASE k retention 7 days after an operation
RECEIVE Procedure site:operation "operation" category sct:387713003 "surgical procedure" completed 2025-06-08
RECEIVE Condition sct:267064002 "retention of urine" recorded 2025-06-15
EXPECT watch W7 S17 order none
CASE l retention 8 days after an operation
RECEIVE Procedure site:operation "operation" category sct:387713003 "surgical procedure" completed 2025-06-07
RECEIVE Condition sct:267064002 "retention of urine" recorded 2025-06-15
EXPECT emergency E3
CASE m double incontinence
RECEIVE Condition sct:78459008 "double incontinence" recorded 2025-06-15
EXPECT emergency E3
CASE n incontinence since March, now retention
RECEIVE Observation sct:165232002 "bladder: incontinent" 2025-03-01
RECEIVE Observation sct:267064002 "retention of urine" 2025-06-15
EXPECT emergency E3
