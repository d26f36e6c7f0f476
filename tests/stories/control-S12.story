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
STORY S12-answered a proposal that was answered, one way or the other
AT 2025-06-14T12:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active recorded 2024-01-01
RECEIVE Observation o1 sct:22631008 "unsteady when walking" 2025-06-14
AT 2025-06-14T15:00Z
CASE a revoked: the very same evidence proposes nothing again
RECEIVE ServiceRequest sr1 sct:411611000119102 "MRI of whole spine" revoked stat authored 2025-06-14T12:00Z intent proposal identifier urn:cordwatch:alert|1 reason o1
EXPECT emergency E2 S12 order none evidence c1 o1
CASE b nor days later
RECEIVE ServiceRequest sr1 sct:411611000119102 "MRI of whole spine" revoked stat authored 2025-06-14T12:00Z intent proposal identifier urn:cordwatch:alert|1 reason o1
PASS 10d
EXPECT emergency E2 S12 order none
CASE c completed: the same
RECEIVE ServiceRequest sr1 sct:411611000119102 "MRI of whole spine" completed stat authored 2025-06-14T12:00Z intent proposal identifier urn:cordwatch:alert|1 reason o1
EXPECT emergency E2 S12 order none
CASE d new evidence of the same day
RECEIVE ServiceRequest sr1 sct:411611000119102 "MRI of whole spine" revoked stat authored 2025-06-14T12:00Z intent proposal identifier urn:cordwatch:alert|1 reason o1
RECEIVE Observation o2 sct:22631008 "unsteady when walking" 2025-06-14
EXPECT emergency E2 order stat
CASE e the same observation, made again
RECEIVE ServiceRequest sr1 sct:411611000119102 "MRI of whole spine" completed stat authored 2025-06-14T12:00Z intent proposal identifier urn:cordwatch:alert|1 reason o1
RECEIVE Observation o1 sct:22631008 "unsteady when walking" 2025-06-14T14:00Z
EXPECT emergency E2 order stat
CASE f evidence that was on record before, though not named
RECEIVE ServiceRequest sr1 sct:411611000119102 "MRI of whole spine" revoked stat authored 2025-06-14T12:00Z intent proposal identifier urn:cordwatch:alert|1 reason o1
RECEIVE Observation sct:22631008 "unsteady when walking" 2025-06-14T11:00Z
EXPECT emergency E2 S12 order none
CASE g a higher tier goes out
RECEIVE ServiceRequest sr1 sct:411611000119102 "MRI of whole spine" revoked urgent authored 2025-06-14T12:00Z intent proposal identifier urn:cordwatch:alert|1 reason o1
EXPECT emergency E2 order stat
CASE h entered in error: there was no proposal
RECEIVE ServiceRequest sr1 sct:411611000119102 "MRI of whole spine" entered-in-error stat authored 2025-06-14T12:00Z intent proposal identifier urn:cordwatch:alert|1 reason o1
EXPECT emergency E2 order stat
CASE i somebody else's request, revoked, answers nothing
RECEIVE ServiceRequest sct:411611000119102 "MRI of whole spine" revoked stat authored 2025-06-14T12:00Z intent order reason o1
EXPECT emergency E2 order stat
