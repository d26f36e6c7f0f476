STORY W8 isolated soft finding in remote cancer, profile specific
AT 2025-06-16T09:00Z
SET profile=specific
RECEIVE Condition c1 sct:254837009 "breast cancer" resolved onset 2003
CASE a incontinence
RECEIVE Observation sct:165232002 "urinary incontinence" 2025-06-15
EXPECT watch W8 S18 order none lowered E3
CASE b spinal pain 90 days ago
RECEIVE Observation sct:165232002 "urinary incontinence" 2025-06-15
RECEIVE Condition sct:161891005 "backache" recorded 2025-03-18
EXPECT emergency E3
CASE c spinal pain 91 days ago
RECEIVE Observation sct:165232002 "urinary incontinence" 2025-06-15
RECEIVE Condition sct:161891005 "backache" recorded 2025-03-17
EXPECT watch W8 S18
CASE d negated
RECEIVE Observation sct:165232002 "urinary incontinence" value false 2025-06-15
EXPECT none S2
CASE e retracted
RECEIVE Observation o1 sct:165232002 "urinary incontinence" 2025-06-15
EXPECT watch W8 S18
WITHDRAW o1
EXPECT none S1
CASE f unknown
RECEIVE Observation sct:165232002 "urinary incontinence" modifier 2025-06-15
EXPECT none unknown W8
CASE g retention is not soft
RECEIVE Observation sct:267064002 "retention of urine" 2025-06-15
EXPECT emergency E3
CASE h two findings are not one
RECEIVE Observation sct:165232002 "urinary incontinence" 2025-06-15
RECEIVE Observation sct:309537005 "numbness of lower limb" 2025-06-15
EXPECT emergency E3 E4
CASE i current cancer
RECEIVE Condition c1 sct:254837009 "breast cancer" active
RECEIVE Observation sct:165232002 "urinary incontinence" 2025-06-15
EXPECT emergency E3
