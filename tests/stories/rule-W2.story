STORY W2 red flags with a low-risk neoplasm only
AT 2025-06-16T09:00Z
RECEIVE Condition c1 cm:C44.91 "basal cell carcinoma" active
CASE a fires
RECEIVE Condition sct:26544005 "muscle weakness" recorded 2025-06-15
EXPECT watch W2 S10 order none lowered E1
CASE b nearly: a benign neoplasm counts as none
RECEIVE Condition c1 cm:D18.00 "hemangioma" active
RECEIVE Condition sct:26544005 "muscle weakness" recorded 2025-06-15
EXPECT watch W1 order none
CASE c nearly: another cancer counts, past or not
RECEIVE Condition cm:Z85.3 "history of breast cancer"
RECEIVE Condition sct:26544005 "muscle weakness" recorded 2025-06-15
EXPECT emergency E1
CASE d melanoma is no low-risk skin cancer
RECEIVE Condition c1 cm:C43.9 "melanoma" active
RECEIVE Condition sct:26544005 "muscle weakness" recorded 2025-06-15
EXPECT emergency E1
CASE e negated
RECEIVE Observation sct:26544005 "muscle weakness" value false 2025-06-15
EXPECT none S2
CASE f retracted
RECEIVE Condition c2 sct:26544005 "muscle weakness" recorded 2025-06-15
EXPECT watch W2 S10
WITHDRAW c2
EXPECT none S1
CASE g unknown
RECEIVE Condition sct:26544005 "muscle weakness" modifier recorded 2025-06-15
EXPECT none unknown W2
CASE h in situ, night pain
RECEIVE Condition c1 cm:D05.10 "carcinoma in situ of breast" active
RECEIVE Observation sct:36163009 "night pain" site sct:421060004 "vertebral column" 2025-06-15
EXPECT watch W2 S10 lowered U1
CASE i plain pain is nothing
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-15
EXPECT none
