STORY V15 U2, back pain worse on sneezing
WHY Aggravated by straining; the code itself names the spine, so no second pain record is needed.
PATIENT male 1964
AT 2025-06-16T09:00Z
RECEIVE Condition sct:363406005 "colon cancer" active
RECEIVE Condition sct:161893008 "back pain worse on sneezing" recorded 2025-06-15
EXPECT urgent U2 order urgent evidence c1 c2
