STORY U9 ongoing spinal pain
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
CASE a records 14 days apart
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-02
RECEIVE Condition sct:279039007 "low back pain" recorded 2025-06-16
EXPECT urgent U9 order urgent
CASE b records 13 days apart
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-03
RECEIVE Condition sct:279039007 "low back pain" recorded 2025-06-16
EXPECT watch W3 order none
CASE c onset 14 days before the record
RECEIVE Condition sct:161891005 "backache" onset 2025-06-01 recorded 2025-06-15
EXPECT urgent U9
CASE d onset 13 days before the record
RECEIVE Condition sct:161891005 "backache" onset 2025-06-02 recorded 2025-06-15
EXPECT watch W3
CASE e one episode: a gap of 90 days
RECEIVE Condition sct:161891005 "backache" recorded 2025-03-17
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-15
EXPECT urgent U9
CASE f another episode: a gap of 91 days
RECEIVE Condition sct:161891005 "backache" recorded 2025-03-16
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-15
EXPECT watch W3
CASE g negated
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-02
RECEIVE Observation sct:161891005 "backache" value false 2025-06-16
EXPECT watch W3 S2
CASE h retracted
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-02
RECEIVE Condition c3 sct:161891005 "backache" recorded 2025-06-16
EXPECT urgent U9
WITHDRAW c3
EXPECT watch W3 S1 order none
CASE i unknown
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-02
RECEIVE Condition sct:161891005 "backache" modifier recorded 2025-06-16
EXPECT watch W3 unknown U9
