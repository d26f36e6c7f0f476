STORY V33 S4, imaging done
WHY Pain and level differ (Levack); X-ray must not exclude (NG234); a clean scan before the finding proves nothing.
AT 2025-06-16T09:00Z
RECEIVE Condition sct:93880001 "lung cancer" active
RECEIVE Condition sct:26544005 "muscle weakness" site sct:61685007 "lower limb" recorded 2025-06-14
CASE a whole spine, the day after
RECEIVE DiagnosticReport sct:411611000119102 "MRI of whole spine" final 2025-06-15
EXPECT none S4 order none line
CASE b lumbar spine only
RECEIVE DiagnosticReport sct:394451000119106 "MRI of lumbar spine" final 2025-06-15
EXPECT emergency E1 order stat
CASE c whole spine, before the weakness
RECEIVE DiagnosticReport sct:411611000119102 "MRI of whole spine" final 2025-06-10
EXPECT emergency E1 order stat
CASE d plain X-ray
RECEIVE DiagnosticReport sct:1367647005 "X-ray of entire vertebral column" final 2025-06-15
EXPECT emergency E1 order stat
CASE e MRI of the spine, region not stated
RECEIVE DiagnosticReport sct:241645008 "MRI of spine" final 2025-06-15
EXPECT emergency E1 order stat
