STORY V02 E1, remote past cancer, no pain
WHY NG234 counts past cancer without time limit and needs no pain for the 24 h pathway.
PATIENT male 1954
AT 2025-06-16T09:00Z
RECEIVE Condition sct:399068003 "prostate cancer" remission onset 2014
RECEIVE Condition sct:1845001 "paraparesis" recorded 2025-06-15
EXPECT emergency E1 order stat due 2025-06-17T09:00Z evidence c1 c2
