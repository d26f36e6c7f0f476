STORY V06 E4, loss of the sense of temperature
WHY Decreased ability to feel cold, heat and pain; melanoma counts, unlike other skin cancer.
PATIENT male 1970
AT 2025-06-16T09:00Z
RECEIVE Condition cm:C43.9 "melanoma" resolved onset 2019
RECEIVE Observation hpo:HP:0010829 "impaired temperature sensation" 2025-06-15
EXPECT emergency E4 order stat
