STORY S14 MRI contraindicated
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
CASE a absolute, urgent rule
PACKAGE site
RECEIVE Condition sct:161893008 "back pain worse on sneezing" recorded 2025-06-15
RECEIVE Flag site:mri-forbidden "MRI contraindicated" active
EXPECT urgent U2 S14 order urgent code 429875006
CASE b a flag that was taken back
PACKAGE site
RECEIVE Condition sct:161893008 "back pain worse on sneezing" recorded 2025-06-15
RECEIVE Flag site:mri-forbidden "MRI contraindicated" entered-in-error
EXPECT urgent U2 S1 order urgent code 411611000119102
CASE c a defibrillator: still MRI
RECEIVE Observation sct:22631008 "unsteady when walking" 2025-06-15
RECEIVE Encounter cm:Z45.02 "adjustment of cardiac defibrillator" from 2025-01-10
EXPECT emergency E2 order stat code 411611000119102 note "check MR-conditional device"
CASE d nothing of the kind
RECEIVE Observation sct:22631008 "unsteady when walking" 2025-06-15
EXPECT emergency E2 order stat code 411611000119102
