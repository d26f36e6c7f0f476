STORY V22 W4 then U10, blood tests
WHY Calcium is specific: seen with pain it counts. Alkaline phosphatase without range is not evaluable.
PATIENT male 1953
CASE a raised calcium, then pain
AT 2025-06-03T12:00Z
RECEIVE Condition sct:399068003 "prostate cancer" active
RECEIVE Observation loinc:29265-6 "adjusted calcium" value 2.75 mmol/L high 2.60 2025-06-03
EXPECT watch W4 order none
AT 2025-06-16T09:00Z
RECEIVE Condition sct:279039007 "low back pain" recorded 2025-06-15
EXPECT urgent U10 order urgent refers o1
CASE b alkaline phosphatase that cannot be judged
AT 2025-06-03T12:00Z
RECEIVE Condition sct:399068003 "prostate cancer" active
RECEIVE Observation loinc:6768-6 "alkaline phosphatase" value 140 U/L 2025-06-03
EXPECT none unknown W4
AT 2025-06-16T09:00Z
RECEIVE Condition sct:279039007 "low back pain" recorded 2025-06-15
EXPECT watch W3 order none unknown U10
