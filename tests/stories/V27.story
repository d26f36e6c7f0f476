STORY V27 W2 by S10, then a metastasis is coded
WHY Skin cancer other than melanoma seldom spreads.
PATIENT female 1947
AT 2025-06-16T09:00Z
RECEIVE Condition cm:C44.91 "basal cell carcinoma" active
RECEIVE Condition sct:23056005 "sciatica" recorded 2025-06-15
RECEIVE Observation sct:22631008 "unsteady when walking" 2025-06-15
EXPECT watch W2 S10 order none
THEN
RECEIVE Condition cm:C79.51 "secondary malignant neoplasm of bone" recorded 2025-06-16
EXPECT emergency E2 E5 order stat
