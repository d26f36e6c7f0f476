STORY S6 known and treated
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
RECEIVE Condition c2 sct:71286001 "spinal cord compression" recorded 2025-03-01
RECEIVE Condition c3 sct:26544005 "muscle weakness" recorded 2025-03-01
RECEIVE Condition c4 sct:26544005 "muscle weakness" recorded 2025-06-15
CASE a treated 90 days ago
RECEIVE Procedure sct:108290001 "radiotherapy" site sct:421060004 "vertebral column" 2025-03-18
EXPECT none S6 order none line
CASE b treated 91 days ago: known since March, no more
RECEIVE Procedure sct:108290001 "radiotherapy" site sct:421060004 "vertebral column" 2025-03-17
EXPECT watch - S15 order none
CASE c radiotherapy of another place: neither imaged nor treated
RECEIVE Procedure sct:108290001 "radiotherapy" site sct:61685007 "lower limb" 2025-05-12
EXPECT watch W9 S15 order none
CASE d decompression names the spine
RECEIVE Procedure sct:283165009 "decompression laminectomy" 2025-05-12
EXPECT none S6
CASE e the compression was never confirmed
RECEIVE Condition c2 sct:71286001 "spinal cord compression" provisional recorded 2025-03-01
RECEIVE Procedure sct:283165009 "decompression laminectomy" 2025-05-12
EXPECT watch - S15
CASE f coded as worse: no longer the same
RECEIVE Procedure sct:283165009 "decompression laminectomy" 2025-05-12
RECEIVE Condition sct:26544005 "muscle weakness" sct:271299001 "condition worsened" recorded 2025-06-16
EXPECT emergency E1
