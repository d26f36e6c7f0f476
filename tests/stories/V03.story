STORY V03 E2, difficulty walking
WHY Gait disturbance (NG234). Thoracic pain is there too, but an emergency is not weighed against U12.
PATIENT male 1967
AT 2025-06-16T09:00Z
RECEIVE Condition sct:254637007 "NSCLC" active
RECEIVE Condition sct:267981009 "pain in thoracic spine" recorded 2025-05-28
RECEIVE Observation sct:719232003 "difficulty walking" 2025-06-14
EXPECT emergency E2 order stat evidence c1 o1
