STORY W4 raised calcium or alkaline phosphatase, no pain
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
CASE a 30 days ago
RECEIVE Observation loinc:29265-6 "adjusted calcium" value 2.75 mmol/L 2025-05-17
EXPECT watch W4 order none line
CASE b one day more
RECEIVE Observation loinc:29265-6 "adjusted calcium" value 2.75 mmol/L 2025-05-16
EXPECT none
CASE c negated
RECEIVE Observation loinc:29265-6 "adjusted calcium" value 2.75 mmol/L interpretation N 2025-06-10
EXPECT none S2
CASE d retracted
RECEIVE Observation o1 loinc:29265-6 "adjusted calcium" value 2.75 mmol/L 2025-06-10
EXPECT watch W4
WITHDRAW o1
EXPECT none S1
CASE e unknown
RECEIVE Observation loinc:29265-6 "adjusted calcium" value 2.75 2025-06-10
EXPECT none unknown W4
CASE f after a past cancer
RECEIVE Condition c1 sct:254837009 "breast cancer" resolved
RECEIVE Observation loinc:6768-6 "alkaline phosphatase" value 140 U/L interpretation H 2025-06-10
EXPECT watch W4
CASE g without cancer
WITHDRAW c1
RECEIVE Observation loinc:6768-6 "alkaline phosphatase" value 140 U/L interpretation H 2025-06-10
EXPECT none S1
CASE h alkaline phosphatase below its range
RECEIVE Observation loinc:6768-6 "alkaline phosphatase" value 119 U/L high 120 2025-06-10
EXPECT none S2
