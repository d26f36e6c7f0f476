STORY edges-certain-1 what lowers a tier stands, and is certain
AT 2025-06-16T09:00Z
CASE a multiple sclerosis as a differential diagnosis explains nothing yet
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:24700007 "Multiple sclerosis" differential recorded 2010
RECEIVE Observation nu1 sct:309537005 "Numbness of lower limb" 2025-06-15
EXPECT emergency E4
CASE b confirmed, it does
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:24700007 "Multiple sclerosis" confirmed recorded 2010
RECEIVE Observation nu1 sct:309537005 "Numbness of lower limb" 2025-06-15
EXPECT watch W7 S17
CASE c Guillain-Barre that is over explains nothing new
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:40956001 "Guillain-Barre syndrome" resolved recorded 2010
RECEIVE Observation nu1 sct:309537005 "Numbness of lower limb" 2025-06-15
EXPECT emergency E4
CASE d a stroke that is only suspected
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:432504007 "Cerebral infarction" provisional recorded 2025-06-13
RECEIVE Condition sct:127377003 "Unilateral paresis" recorded 2025-06-15
EXPECT emergency E1
CASE e a flag of terminal care that was taken down
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Flag sct:182964004 "Terminal care" inactive
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
EXPECT emergency E1
CASE f a flag that stands
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Flag sct:182964004 "Terminal care" active
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
EXPECT watch - S13
CASE g terminal care that is only suspected
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:182964004 "Terminal care" provisional recorded 2025-06-12
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
EXPECT emergency E1
CASE h a plan of terminal care that is a draft
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE CarePlan sct:182964004 "Terminal care" draft
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
EXPECT emergency E1
CASE i a plan in force
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE CarePlan sct:182964004 "Terminal care" active
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
EXPECT watch - S13
CASE j a plan that ended
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE CarePlan sct:182964004 "Terminal care" completed
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
EXPECT emergency E1
CASE k terminal care that was given
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Procedure sct:182964004 "Terminal care" completed 2025-06-12
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
EXPECT watch - S13
CASE l a contraindication that was taken down
PACKAGE site
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
RECEIVE Flag site:mri-forbidden "as the hospital calls it" inactive
EXPECT emergency E1 code 411611000119102
CASE m a contraindication that stands
PACKAGE site
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
RECEIVE Flag site:mri-forbidden "as the hospital calls it" active
EXPECT emergency E1 S14 code 429875006
CASE n complete paralysis that recovered, then new weakness
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition cm:G82.21 "Paraplegia, complete" resolved recorded 2024-01-01
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
EXPECT emergency E1
CASE o a neuropathy that is over
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE MedicationAdministration rxn:32592 "oxaliplatin" completed 2025-03-01
RECEIVE Observation nu1 sct:309537005 "Numbness of lower limb" 2025-06-15
RECEIVE Condition sct:7339009 "Drug/toxic polyneuropathy" resolved recorded 2025-03-01
EXPECT emergency E4
CASE p a neuropathy that is only suspected
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE MedicationAdministration rxn:32592 "oxaliplatin" completed 2025-03-01
RECEIVE Observation nu1 sct:309537005 "Numbness of lower limb" 2025-06-15
RECEIVE Condition sct:7339009 "Drug/toxic polyneuropathy" differential recorded 2025-03-01
EXPECT emergency E4
STORY edges-certain-2 metastases, scans and scores
AT 2025-06-16T09:00Z
CASE a bone metastasis at a vertebra is a spinal one
RECEIVE Condition sct:94222008 "Secondary malignant neoplasm of bone" site sct:3572006 "Structure of body of vertebra" active recorded 2025-01-10
RECEIVE Observation sct:1912002 "Fall" 2025-06-15
EXPECT emergency E8
CASE b bone metastasis at the femur is not
RECEIVE Condition sct:94222008 "Secondary malignant neoplasm of bone" site sct:71341001 "Bone structure of femur" active recorded 2025-01-10
RECEIVE Observation sct:1912002 "Fall" 2025-06-15
EXPECT watch W5
CASE c low risk and a distant metastasis
RECEIVE Condition lr1 cm:C44.91 "as the hospital calls it" active
RECEIVE Condition sct:399409002 "Distant metastasis present" recorded 2025-01-01
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
EXPECT emergency E1
CASE d a finding that lasted past the scan
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Observation sct:26544005 "Muscle weakness" from 2025-06-10T08:00Z to 2025-06-15T12:00Z
RECEIVE DiagnosticReport sct:411611000119102 "Magnetic resonance imaging of cervical, thoracic a" 2025-06-15T10:00Z
EXPECT emergency E1
CASE e and one that ended before it
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Observation sct:26544005 "Muscle weakness" from 2025-06-10T08:00Z to 2025-06-15T09:00Z
RECEIVE DiagnosticReport sct:411611000119102 "Magnetic resonance imaging of cervical, thoracic a" 2025-06-15T10:00Z
EXPECT none S4
CASE f a score at the spine is spinal pain
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Observation loinc:72514-3 "Pain severity - 0-10 verbal numeric rating [Score]" site sct:421060004 "Structure of vertebral column" value 5 2025-06-15
EXPECT watch W3
CASE g a score of nought is none
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Observation loinc:72514-3 "Pain severity - 0-10 verbal numeric rating [Score]" site sct:421060004 "Structure of vertebral column" value 0 2025-06-15
EXPECT none S2
CASE h raised calcium, pain of 29 days ago
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:279039007 "Low back pain" recorded 2025-05-18
RECEIVE Observation loinc:29265-6 "Calcium [Moles/volume] corrected for albumin in Se" value 2.9 mmol/L 2025-06-10
EXPECT watch W3
CASE i a report that concludes a metastasis is evidence of cancer
RECEIVE DiagnosticReport sct:394451000119106 "Magnetic resonance imaging of lumbar spine without" conclusion sct:94602001 "Secondary malignant neoplasm of vertebral column" 2025-06-01
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
EXPECT emergency E1
CASE j quiet for 28 days after a negative MRI
PACKAGE site
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Observation sct:22631008 "Unsteady when walking" 2025-05-19
RECEIVE DiagnosticReport sct:411611000119102 "Magnetic resonance imaging of cervical, thoracic a" conclusion site:normal "as the hospital calls it" 2025-05-20
RECEIVE Observation sct:22631008 "Unsteady when walking" 2025-06-15
EXPECT none S12
CASE k not after a lumbar one
PACKAGE site
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Observation sct:22631008 "Unsteady when walking" 2025-05-19
RECEIVE DiagnosticReport sct:394451000119106 "Magnetic resonance imaging of lumbar spine without" conclusion site:normal "as the hospital calls it" 2025-05-20
RECEIVE Observation sct:22631008 "Unsteady when walking" 2025-06-15
EXPECT emergency E2
CASE l gait after a stroke has no side
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:432504007 "Cerebral infarction" recorded 2025-06-13
RECEIVE Observation sct:22631008 "Unsteady when walking" 2025-06-15
EXPECT emergency E2
CASE m a cancer of which only one code is refuted
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:363406005 "Malignant neoplasm of colon" refuted
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
EXPECT emergency E1
