STORY U10 spinal pain and raised calcium or alkaline phosphatase
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
RECEIVE Condition c2 sct:161891005 "backache" recorded 2025-06-15
CASE a calcium above 2.60 mmol/L
RECEIVE Observation loinc:29265-6 "adjusted calcium" value 2.61 mmol/L 2025-06-10
EXPECT urgent U10 order urgent
CASE b calcium 2.60 mmol/L
RECEIVE Observation loinc:29265-6 "adjusted calcium" value 2.60 mmol/L 2025-06-10
EXPECT watch W3 S2 order none
CASE c calcium above 10.4 mg/dL
RECEIVE Observation loinc:17861-6 "calcium" value 10.41 mg/dL 2025-06-10
EXPECT urgent U10
CASE d calcium 10.4 mg/dL
RECEIVE Observation loinc:17861-6 "calcium" value 10.4 mg/dL 2025-06-10
EXPECT watch W3 S2
CASE e 30 days before the pain
RECEIVE Observation loinc:29265-6 "adjusted calcium" value 2.75 mmol/L 2025-05-16
EXPECT urgent U10
CASE f 31 days before the pain
RECEIVE Observation loinc:29265-6 "adjusted calcium" value 2.75 mmol/L 2025-05-15
EXPECT watch W3
CASE g the range of the laboratory counts more than the number
RECEIVE Observation loinc:29265-6 "adjusted calcium" value 2.62 mmol/L high 2.65 2025-06-10
EXPECT watch W3 S2
CASE h alkaline phosphatase above its range
RECEIVE Observation loinc:6768-6 "alkaline phosphatase" value 121 U/L high 120 2025-06-10
EXPECT urgent U10
CASE i alkaline phosphatase called high
RECEIVE Observation loinc:6768-6 "alkaline phosphatase" value 140 U/L interpretation HH 2025-06-10
EXPECT urgent U10
CASE j negated: called normal
RECEIVE Observation loinc:29265-6 "adjusted calcium" value 2.75 mmol/L interpretation N 2025-06-10
EXPECT watch W3 S2
CASE k retracted
RECEIVE Observation o1 loinc:29265-6 "adjusted calcium" value 2.75 mmol/L 2025-06-10
EXPECT urgent U10
WITHDRAW o1
EXPECT watch W3 S1 order none
CASE l unknown: no unit
RECEIVE Observation loinc:29265-6 "adjusted calcium" value 2.75 2025-06-10
EXPECT watch W3 unknown U10
CASE m ionised calcium without range
RECEIVE Observation loinc:1994-3 "ionised calcium" value 1.50 mmol/L 2025-06-10
EXPECT watch W3 unknown U10
