STORY E9 suspected cord compression without imaging
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
CASE a fires on the 28th day
RECEIVE Condition cm:G95.20 "cord compression" provisional recorded 2025-05-19
EXPECT emergency E9 order stat
CASE b one day more
RECEIVE Condition cm:G95.20 "cord compression" provisional recorded 2025-05-18
EXPECT watch - S15 order none lowered E9
CASE c negated: refuted is withdrawn and negated
RECEIVE Condition cm:G95.20 "cord compression" refuted recorded 2025-06-15
EXPECT none order none
CASE d retracted: entered in error is no suspicion any more
RECEIVE Condition c2 cm:G95.20 "cord compression" unconfirmed recorded 2025-06-15
EXPECT emergency E9
WITHDRAW c2
EXPECT none - order none
CASE e unknown
RECEIVE Condition cm:G95.20 "cord compression" differential modifier recorded 2025-06-15
EXPECT none unknown E9
CASE f imaged since
RECEIVE Condition cm:G95.20 "cord compression" differential recorded 2025-06-13
RECEIVE DiagnosticReport sct:411611000119102 "MRI of whole spine" 2025-06-14
EXPECT none S4 order none
CASE g imaged before
RECEIVE Condition cm:G95.20 "cord compression" differential recorded 2025-06-13
RECEIVE DiagnosticReport sct:411611000119102 "MRI of whole spine" 2025-06-12
EXPECT emergency E9
CASE h the date of record counts, not the onset
RECEIVE Condition cm:G95.20 "cord compression" differential onset 2025-01-01 recorded 2025-06-13
EXPECT emergency E9
