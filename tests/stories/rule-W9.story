STORY W9 confirmed cord compression, neither imaged nor treated
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
CASE a fires
RECEIVE Condition sct:71286001 "spinal cord compression" recorded 2025-06-14
EXPECT watch W9 order none line
CASE b imaged on the day before it was recorded
RECEIVE Condition sct:71286001 "spinal cord compression" recorded 2025-06-14
RECEIVE DiagnosticReport sct:411611000119102 "MRI of whole spine" 2025-06-13
EXPECT watch W9
CASE c imaged on the day after
RECEIVE Condition sct:71286001 "spinal cord compression" recorded 2025-06-14
RECEIVE DiagnosticReport sct:411611000119102 "MRI of whole spine" 2025-06-15
EXPECT none
CASE d treated since
RECEIVE Condition sct:71286001 "spinal cord compression" recorded 2025-06-12
RECEIVE Procedure sct:387731002 "laminectomy" 2025-06-14
EXPECT none
CASE e treatment that was not done
RECEIVE Condition sct:71286001 "spinal cord compression" recorded 2025-06-12
RECEIVE Procedure sct:387731002 "laminectomy" not-done 2025-06-14
EXPECT watch W9
CASE f negated
RECEIVE Condition sct:71286001 "spinal cord compression" refuted recorded 2025-06-14
EXPECT none
CASE g retracted: entered in error is not confirmed any more
RECEIVE Condition c2 sct:71286001 "spinal cord compression" recorded 2025-06-14
EXPECT watch W9
WITHDRAW c2
EXPECT none
CASE h unknown
RECEIVE Condition sct:71286001 "spinal cord compression" modifier recorded 2025-06-14
EXPECT none unknown W9
CASE i only suspected: E9
RECEIVE Condition sct:71286001 "spinal cord compression" provisional recorded 2025-06-14
EXPECT emergency E9
