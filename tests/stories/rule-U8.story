STORY U8 spinal pain for six weeks in spite of treatment
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
CASE a records 42 days apart
RECEIVE Condition sct:161891005 "backache" recorded 2025-05-05
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-16
RECEIVE MedicationRequest rxn:3355 "diclofenac" authored 2025-05-20
EXPECT urgent U8 U9 order urgent
CASE b records 41 days apart
RECEIVE Condition sct:161891005 "backache" recorded 2025-05-06
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-16
RECEIVE MedicationRequest rxn:3355 "diclofenac" authored 2025-05-20
EXPECT urgent U9
CASE c one record, onset 42 days before
RECEIVE Condition sct:161891005 "backache" onset 2025-04-29 recorded 2025-06-10
RECEIVE MedicationRequest rxn:3355 "diclofenac" authored 2025-05-20
EXPECT urgent U8 U9
CASE d one record, onset 41 days before
RECEIVE Condition sct:161891005 "backache" onset 2025-04-30 recorded 2025-06-10
RECEIVE MedicationRequest rxn:3355 "diclofenac" authored 2025-05-20
EXPECT urgent U9
CASE e treated 90 days ago
RECEIVE Condition sct:161891005 "backache" recorded 2025-03-10
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-05
RECEIVE MedicationRequest rxn:3355 "diclofenac" authored 2025-03-18
EXPECT urgent U8 U9
CASE f treated 91 days ago
RECEIVE Condition sct:161891005 "backache" recorded 2025-03-10
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-05
RECEIVE MedicationRequest rxn:3355 "diclofenac" authored 2025-03-17
EXPECT urgent U9
CASE g the last record is 29 days old
RECEIVE Condition sct:161891005 "backache" recorded 2025-03-25
RECEIVE Condition sct:161891005 "backache" recorded 2025-05-18
RECEIVE MedicationRequest rxn:3355 "diclofenac" authored 2025-05-01
EXPECT watch W3
CASE h an active problem from long ago, recorded once, proves nothing
RECEIVE Condition sct:161891005 "backache" active recorded 2025-04-20
RECEIVE MedicationRequest rxn:3355 "diclofenac" authored 2025-05-20
EXPECT watch W3
CASE i no response to treatment
RECEIVE Condition sct:161891005 "backache" recorded 2025-05-05
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-16
RECEIVE Observation sct:266721009 "no response to treatment" 2025-06-10
EXPECT urgent U8 U9
CASE j negated: not taken
RECEIVE Condition sct:161891005 "backache" recorded 2025-05-05
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-16
RECEIVE MedicationStatement rxn:3355 "diclofenac" not-taken 2025-05-20
EXPECT urgent U9
CASE k retracted
RECEIVE Condition sct:161891005 "backache" recorded 2025-05-05
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-16
RECEIVE MedicationRequest mr1 rxn:3355 "diclofenac" authored 2025-05-20
WITHDRAW mr1
EXPECT urgent U9
CASE l unknown
RECEIVE Condition sct:161891005 "backache" recorded 2025-05-05
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-16
RECEIVE MedicationRequest rxn:3355 "diclofenac" modifier authored 2025-05-20
EXPECT urgent U9 unknown U8
