STORY V09 E6, signs of the upper motor neurone
WHY These are signs of cord compression (NG234).
PATIENT male 1957
AT 2025-06-16T09:00Z
RECEIVE Condition sct:254915003 "clear cell carcinoma of kidney" active
RECEIVE Observation sct:86854008 "hyperreflexia" value true 2025-06-16
RECEIVE Observation hpo:HP:0003487 "Babinski sign" value true 2025-06-16
EXPECT emergency E6 order stat evidence c1 o1 o2
