STORY S12 one open proposal
AT 2025-06-09T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active recorded 2024-01-01
RECEIVE Observation o1 sct:22631008 "unsteady when walking" 2025-06-09T08:00Z
EXPECT emergency E2 order stat
CASE a on the seventh day it is still the same alert
PASS 7d
EXPECT emergency E2 S12 order none
CASE b within 7 days, new evidence belongs to it
PASS 6d
RECEIVE Observation o2 sct:22631008 "unsteady when walking" 2025-06-15T08:00Z
EXPECT emergency E2 S12 order none evidence c1 o1 o2
CASE c later, nothing new: only new evidence opens another alert
PASS 8d
EXPECT emergency E2 S12 order none
CASE d later, and new evidence
PASS 8d
RECEIVE Observation o2 sct:22631008 "unsteady when walking" 2025-06-17T08:00Z
EXPECT emergency E2 order stat
CASE e an urgent finding adds nothing to an emergency
PASS 1d
RECEIVE Condition sct:161893008 "back pain worse on sneezing" recorded 2025-06-10
EXPECT emergency E2 S12 order none
CASE f a new group of the same tier is evidence for the same alert
PASS 1d
RECEIVE Observation sct:267064002 "retention of urine" 2025-06-10
EXPECT emergency E2 E3 S12 order none
STORY S12-quiet after a negative MRI
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
RECEIVE Observation o1 sct:22631008 "unsteady when walking" 2025-06-01
CASE a the same again is quiet
RECEIVE DiagnosticReport sct:411611000119102 "MRI of whole spine" conclusion site:normal "no abnormality" 2025-06-02
RECEIVE Observation sct:22631008 "unsteady when walking" 2025-06-15
EXPECT none S12 order none
CASE b worse is not
RECEIVE DiagnosticReport sct:411611000119102 "MRI of whole spine" conclusion site:normal "no abnormality" 2025-06-02
RECEIVE Observation sct:282145008 "unable to walk" 2025-06-15
EXPECT emergency E2
CASE c another group is not
RECEIVE DiagnosticReport sct:411611000119102 "MRI of whole spine" conclusion site:normal "no abnormality" 2025-06-02
RECEIVE Observation sct:309537005 "numbness of lower limb" 2025-06-15
EXPECT emergency E4
CASE d no conclusion
RECEIVE DiagnosticReport sct:411611000119102 "MRI of whole spine" 2025-06-02
RECEIVE Observation sct:22631008 "unsteady when walking" 2025-06-15
EXPECT emergency E2
CASE e not final
RECEIVE DiagnosticReport sct:411611000119102 "MRI of whole spine" preliminary conclusion site:normal "no abnormality" 2025-06-02
RECEIVE Observation sct:22631008 "unsteady when walking" 2025-06-15
EXPECT emergency E2
CASE f the MRI showed a metastasis
RECEIVE DiagnosticReport sct:411611000119102 "MRI of whole spine" conclusion sct:94602001 "metastasis of vertebral column" 2025-06-02
RECEIVE Observation sct:22631008 "unsteady when walking" 2025-06-15
EXPECT emergency E2
