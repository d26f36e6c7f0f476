STORY S10 low-risk malignancy
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254701007 "basal cell carcinoma" active
RECEIVE Observation o1 sct:22631008 "unsteady when walking" 2025-06-15
CASE a alone
EXPECT watch W2 S10 order none
CASE b with a spinal metastasis
RECEIVE Condition sct:94602001 "metastasis of vertebral column" active
EXPECT emergency E2
CASE c with cancer in the past
RECEIVE Observation sct:266987004 "history of malignant neoplasm"
EXPECT emergency E2
