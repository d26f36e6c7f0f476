STORY V24 U12, location
WHY CG75 and the base rate (70 % thoracic); NG234 dropped location, so it is a switch.
PATIENT male 1963
AT 2025-06-16T09:00Z
RECEIVE Condition sct:267981009 "thoracic spine pain" recorded 2025-06-15
CASE a current cancer
RECEIVE Condition sct:93880001 "lung cancer" active
EXPECT urgent U12 order urgent
CASE b past cancer
RECEIVE Condition sct:93880001 "lung cancer" resolved onset 2016
EXPECT watch W3 order none
CASE c current cancer, rule switched off
SET location_rule=off
RECEIVE Condition sct:93880001 "lung cancer" active
EXPECT watch W3 order none
