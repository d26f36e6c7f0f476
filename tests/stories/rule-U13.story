STORY U13 new spinal pain with known metastasis
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:94222008 "metastasis of bone" active
CASE a bone metastasis
RECEIVE Condition sct:279039007 "low back pain" recorded 2025-06-15
EXPECT urgent U13 order urgent
CASE b not new: spinal pain 180 days before
RECEIVE Condition sct:279039007 "low back pain" recorded 2024-12-17
RECEIVE Condition sct:279039007 "low back pain" recorded 2025-06-15
EXPECT watch W3 order none
CASE c new: spinal pain 181 days before
RECEIVE Condition sct:279039007 "low back pain" recorded 2024-12-16
RECEIVE Condition sct:279039007 "low back pain" recorded 2025-06-15
EXPECT urgent U13
CASE d the metastasis is of the spine
RECEIVE Condition c1 sct:94222008 "metastasis of bone" refuted
RECEIVE Condition c2 sct:94602001 "metastasis of vertebral column" active
RECEIVE Condition sct:279039007 "low back pain" recorded 2025-06-15
EXPECT urgent U13
CASE e negated
RECEIVE Observation sct:279039007 "low back pain" value false 2025-06-15
EXPECT none S2
CASE f retracted
RECEIVE Condition c2 sct:279039007 "low back pain" recorded 2025-06-15
EXPECT urgent U13
WITHDRAW c2
EXPECT none S1 order none
CASE g unknown
RECEIVE Condition sct:279039007 "low back pain" modifier recorded 2025-06-15
EXPECT none unknown U13
CASE h a cancer that is not known to have spread
RECEIVE Condition c1 sct:254837009 "breast cancer" active
RECEIVE Condition sct:279039007 "low back pain" recorded 2025-06-15
EXPECT watch W3
