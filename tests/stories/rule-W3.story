STORY W3 uncomplicated spinal pain with cancer
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
CASE a 90 days ago
RECEIVE Condition sct:161891005 "backache" recorded 2025-03-18
EXPECT watch W3 order none line
CASE b one day more
RECEIVE Condition sct:161891005 "backache" recorded 2025-03-17
EXPECT none S11 order none
CASE c negated
RECEIVE Observation sct:161891005 "backache" value false 2025-06-15
EXPECT none S2
CASE d retracted
RECEIVE Condition c2 sct:161891005 "backache" recorded 2025-06-15
EXPECT watch W3
WITHDRAW c2
EXPECT none S1
CASE e unknown
RECEIVE Condition sct:161891005 "backache" modifier recorded 2025-06-15
EXPECT none unknown W3
CASE f pain of a site that is the spine
RECEIVE Condition sct:12584003 "bone pain" site sct:421060004 "vertebral column" recorded 2025-06-15
EXPECT watch W3
CASE g neck pain after a past cancer
RECEIVE Condition c1 sct:254837009 "breast cancer" resolved
RECEIVE Condition sct:81680005 "neck pain" recorded 2025-06-15
EXPECT watch W3
CASE h time alone raises nothing
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-15
EXPECT watch W3
PASS 14d
NOTICE reassess
EXPECT watch W3 order none
PASS 28d
NOTICE reassess
EXPECT watch W3 order none
PASS 60d
EXPECT none S11 order none
