STORY edges-control-1 controls together, and at their edges
AT 2025-06-16T09:00Z
CASE a drug retention
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition cm:R33.0 "Drug induced retention of urine" recorded 2025-06-15
EXPECT watch W7 S17
CASE b drug retention + pain
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition cm:R33.0 "Drug induced retention of urine" recorded 2025-06-15
RECEIVE Condition bp1 sct:279039007 "Low back pain" recorded 2025-06-14
EXPECT emergency E3
CASE c drug retention + numb
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition cm:R33.0 "Drug induced retention of urine" recorded 2025-06-15
RECEIVE Observation nu1 sct:309537005 "Numbness of lower limb" 2025-06-15
EXPECT emergency E3 E4
CASE d retention after an operation, 6d
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Procedure op1 urn:x|op "operation" category sct:387713003 "Surgical procedure" completed 2025-06-10
RECEIVE Condition rt1 sct:267064002 "Retention of urine" recorded 2025-06-16
EXPECT watch W7 S17
CASE e retention after an operation, 7d
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Procedure op1 urn:x|op "operation" category sct:387713003 "Surgical procedure" completed 2025-06-09
RECEIVE Condition rt1 sct:267064002 "Retention of urine" recorded 2025-06-16
EXPECT watch W7 S17
CASE f retention after an operation, 8d
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Procedure op1 urn:x|op "operation" category sct:387713003 "Surgical procedure" completed 2025-06-08
RECEIVE Condition rt1 sct:267064002 "Retention of urine" recorded 2025-06-16
EXPECT emergency E3
CASE g retention after an operation, incontinence
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Procedure op1 urn:x|op "operation" category sct:387713003 "Surgical procedure" completed 2025-06-10
RECEIVE Condition sct:165232002 "Bladder: incontinent" recorded 2025-06-16
EXPECT emergency E3
CASE h retention after an operation, not done
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Procedure op1 urn:x|op "operation" category sct:387713003 "Surgical procedure" not-done 2025-06-10
RECEIVE Condition rt1 sct:267064002 "Retention of urine" recorded 2025-06-16
EXPECT emergency E3
CASE i neuropathy: pain 91d
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE MedicationAdministration ox1 rxn:32592 "oxaliplatin" completed 2025-03-01
RECEIVE Observation ph1 sct:840319006 "Paresthesia of bilateral hands" 2025-06-12
RECEIVE Condition bp1 sct:279039007 "Low back pain" recorded 2025-03-17
EXPECT watch W6 S7
CASE j neuropathy: pain 90d
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE MedicationAdministration ox1 rxn:32592 "oxaliplatin" completed 2025-03-01
RECEIVE Observation ph1 sct:840319006 "Paresthesia of bilateral hands" 2025-06-12
RECEIVE Condition bp1 sct:279039007 "Low back pain" recorded 2025-03-18
EXPECT emergency E4
CASE k neuropathy: not done
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE MedicationAdministration rxn:32592 "oxaliplatin" not-done 2025-03-01
RECEIVE Observation ph1 sct:840319006 "Paresthesia of bilateral hands" 2025-06-12
EXPECT emergency E4
CASE l neuropathy: planned
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE MedicationRequest rxn:32592 "oxaliplatin" active intent proposal authored 2025-03-01
RECEIVE Observation ph1 sct:840319006 "Paresthesia of bilateral hands" 2025-06-12
EXPECT emergency E4
CASE m neuropathy: one hand
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE MedicationAdministration ox1 rxn:32592 "oxaliplatin" completed 2025-03-01
RECEIVE Observation sct:91019004 "Paresthesia" site sct:85562004 "Hand structure" side left 2025-06-12
EXPECT emergency E4
CASE n neuropathy: fall
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE MedicationAdministration ox1 rxn:32592 "oxaliplatin" completed 2025-03-01
RECEIVE Observation ph1 sct:840319006 "Paresthesia of bilateral hands" 2025-06-12
RECEIVE Observation sct:1912002 "Fall" 2025-06-12
EXPECT watch W5 W6 S7
CASE o neuropathy: bone met
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition bm1 sct:94222008 "Secondary malignant neoplasm of bone" active recorded 2025-01-10
RECEIVE MedicationAdministration ox1 rxn:32592 "oxaliplatin" completed 2025-03-01
RECEIVE Observation ph1 sct:840319006 "Paresthesia of bilateral hands" 2025-06-12
EXPECT watch W6 S7
CASE p neuropathy: spinal met
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sm1 sct:94602001 "Secondary malignant neoplasm of vertebral column" active recorded 2025-01-10
RECEIVE MedicationAdministration ox1 rxn:32592 "oxaliplatin" completed 2025-03-01
RECEIVE Observation ph1 sct:840319006 "Paresthesia of bilateral hands" 2025-06-12
EXPECT emergency E4
CASE q neuropathy: saddle
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE MedicationAdministration ox1 rxn:32592 "oxaliplatin" completed 2025-03-01
RECEIVE Observation ph1 sct:840319006 "Paresthesia of bilateral hands" 2025-06-12
RECEIVE Observation sct:449813001 "Numbness of saddle area" 2025-06-12
EXPECT emergency E4 E7
CASE r neuropathy: neuropathy coded, leg numb
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE MedicationAdministration ox1 rxn:32592 "oxaliplatin" completed 2025-03-01
RECEIVE Observation nu1 sct:309537005 "Numbness of lower limb" 2025-06-15
RECEIVE Condition sct:7339009 "Drug/toxic polyneuropathy" recorded 2025-03-01
EXPECT watch W6 S7
CASE s neuropathy: neuropathy 366d
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE MedicationAdministration ox1 rxn:32592 "oxaliplatin" completed 2025-03-01
RECEIVE Observation nu1 sct:309537005 "Numbness of lower limb" 2025-06-15
RECEIVE Condition sct:7339009 "Drug/toxic polyneuropathy" recorded 2024-06-14
EXPECT emergency E4
CASE t S4 a preliminary report without a time
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Observation wk1 sct:26544005 "Muscle weakness" 2025-06-15T10:00Z
RECEIVE DiagnosticReport sc1 sct:411611000119102 "Magnetic resonance imaging of cervical, thoracic a" preliminary issued 2025-06-15T12:00Z
EXPECT emergency E1
CASE u S4 study
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Observation wk1 sct:26544005 "Muscle weakness" 2025-06-15T10:00Z
RECEIVE ImagingStudy sct:411611000119102 "Magnetic resonance imaging of cervical, thoracic a" available 2025-06-15T12:00Z
EXPECT none S4
CASE v S4 procedure in progress
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Observation wk1 sct:26544005 "Muscle weakness" 2025-06-15T10:00Z
RECEIVE Procedure sct:411611000119102 "Magnetic resonance imaging of cervical, thoracic a" in-progress from 2025-06-15T12:00Z
EXPECT emergency E1
CASE w S4 procedure
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Observation wk1 sct:26544005 "Muscle weakness" 2025-06-15T10:00Z
RECEIVE Procedure sct:411611000119102 "Magnetic resonance imaging of cervical, thoracic a" completed 2025-06-15T12:00Z
EXPECT none S4
CASE x S4 then new group
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Observation wk1 sct:26544005 "Muscle weakness" 2025-06-15T10:00Z
RECEIVE DiagnosticReport sc1 sct:411611000119102 "Magnetic resonance imaging of cervical, thoracic a" final 2025-06-15T12:00Z
RECEIVE Observation sct:309537005 "Numbness of lower limb" 2025-06-16T08:00Z
EXPECT emergency E4
CASE y S4 then worse
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Observation wk1 sct:26544005 "Muscle weakness" 2025-06-15T10:00Z
RECEIVE DiagnosticReport sc1 sct:411611000119102 "Magnetic resonance imaging of cervical, thoracic a" final 2025-06-15T12:00Z
RECEIVE Observation sct:60389000 "Paraplegia" 2025-06-16T08:00Z
EXPECT emergency E1
CASE z S4 U unspecified
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:161893008 "Back pain worse on sneezing" recorded 2025-06-01
RECEIVE DiagnosticReport sct:241645008 "Magnetic resonance imaging of spine" final 2025-06-05
EXPECT none S4
STORY edges-control-2 controls together, and at their edges
AT 2025-06-16T09:00Z
CASE a S4 U newer
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:161893008 "Back pain worse on sneezing" recorded 2025-06-08
RECEIVE DiagnosticReport sct:241645008 "Magnetic resonance imaging of spine" final 2025-06-05
EXPECT urgent U2
CASE b S9 trauma after
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:161893008 "Back pain worse on sneezing" onset 2025-06-12T09:00Z recorded 2025-06-15
RECEIVE Condition sct:81102000 "Injury of back" onset 2025-06-14T09:00Z recorded 2025-06-14
EXPECT urgent U2
CASE c S9 trauma before
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:161893008 "Back pain worse on sneezing" onset 2025-06-14T09:00Z recorded 2025-06-15
RECEIVE Condition sct:81102000 "Injury of back" onset 2025-06-12T09:00Z recorded 2025-06-14
EXPECT watch - S9
CASE d S13 not done
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Procedure sct:182964004 "Terminal care" not-done 2025-06-12
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
EXPECT emergency E1
CASE e S13 entered in error
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Procedure sct:182964004 "Terminal care" entered-in-error 2025-06-12
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
EXPECT emergency E1
CASE f S13 register
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:526631000000108 "On end of life care register" recorded 2025-06-12
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
EXPECT emergency E1
CASE g S13 complete paralysis, new group
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition pc1 cm:G82.21 "Paraplegia, complete" recorded 2025-06-07
RECEIVE Observation nu1 sct:309537005 "Numbness of lower limb" 2025-06-15
EXPECT emergency E4
CASE h S17 side unknown
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition st1 sct:432504007 "Cerebral infarction" recorded 2025-06-13
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
EXPECT emergency E1
CASE i S17 after
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition st1 sct:432504007 "Cerebral infarction" recorded 2025-06-16
RECEIVE Condition up1 sct:127377003 "Unilateral paresis" recorded 2025-06-15
EXPECT emergency E1
CASE j S6 treatment planned
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:71286001 "Spinal cord compression" confirmed recorded 2025-05-25
RECEIVE Condition sct:26544005 "Muscle weakness" recorded 2025-05-25
RECEIVE Procedure sct:387731002 "Laminectomy" preparation 2025-06-01
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
EXPECT emergency E1
CASE k S6 weakness after treatment
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:71286001 "Spinal cord compression" confirmed recorded 2025-05-25
RECEIVE Procedure sct:387731002 "Laminectomy" completed 2025-06-01
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
EXPECT emergency E1
CASE l S15 and S10
RECEIVE Condition lr1 cm:C44.91 "as the hospital calls it" active
RECEIVE Condition sct:26544005 "Muscle weakness" recorded 2025-05-10
EXPECT watch - S15
CASE m pacemaker, CT after
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Observation wk1 sct:26544005 "Muscle weakness" 2025-06-15T10:00Z
RECEIVE Condition cm:Z95.0 "Presence of cardiac pacemaker" recorded 2020
RECEIVE DiagnosticReport sct:429875006 "Computed tomography of whole spine" final 2025-06-15T12:00Z
EXPECT none S4
CASE n absolute, CT order held
PACKAGE site
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
RECEIVE Flag site:mri-forbidden "as the hospital calls it" active
RECEIVE ServiceRequest sct:429875006 "Computed tomography of whole spine" active stat due 2025-06-16T20:00Z
EXPECT emergency E1 S5 S14 order none
CASE o pacemaker, CT order no
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
RECEIVE Condition cm:Z95.0 "Presence of cardiac pacemaker" recorded 2020
RECEIVE ServiceRequest sct:429875006 "Computed tomography of whole spine" active stat due 2025-06-16T20:00Z
EXPECT emergency E1
CASE p E5 urgent, scan before
SET unilateral_radicular=urgent
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:23056005 "Sciatica" side left recorded 2025-06-15
RECEIVE DiagnosticReport sc1 sct:411611000119102 "Magnetic resonance imaging of cervical, thoracic a" final 2025-06-10
EXPECT urgent E5
CASE q E late, U now
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:26544005 "Muscle weakness" recorded 2025-04-01
RECEIVE Condition sct:161893008 "Back pain worse on sneezing" recorded 2025-06-15
EXPECT urgent U2 S15
CASE r E answered, U old
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Observation wk1 sct:26544005 "Muscle weakness" 2025-06-15T10:00Z
RECEIVE Condition sct:161893008 "Back pain worse on sneezing" recorded 2025-06-10
RECEIVE DiagnosticReport sc1 sct:411611000119102 "Magnetic resonance imaging of cervical, thoracic a" final 2025-06-15T12:00Z
EXPECT none S4
CASE s E answered, U new
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Observation wk1 sct:26544005 "Muscle weakness" 2025-06-15T10:00Z
RECEIVE Condition sct:161893008 "Back pain worse on sneezing" recorded 2025-06-16T08:00Z
RECEIVE DiagnosticReport sc1 sct:411611000119102 "Magnetic resonance imaging of cervical, thoracic a" final 2025-06-15T12:00Z
EXPECT urgent U2 S4
CASE t S13 and scan
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Observation wk1 sct:26544005 "Muscle weakness" 2025-06-15T10:00Z
RECEIVE Procedure sct:182964004 "Terminal care" in-progress 2025-06-12
RECEIVE DiagnosticReport sc1 sct:411611000119102 "Magnetic resonance imaging of cervical, thoracic a" final 2025-06-15T12:00Z
EXPECT none S4
CASE u S9 with E
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
RECEIVE Condition sct:81102000 "Injury of back" onset 2025-06-14 recorded 2025-06-14
EXPECT emergency E1
CASE v specific, retention
SET profile=specific
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" resolved onset 2003
RECEIVE Condition sct:267064002 "Retention of urine" recorded 2025-06-15
EXPECT emergency E3
CASE w specific, faecal
SET profile=specific
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" resolved onset 2003
RECEIVE Condition sct:72042002 "Incontinence of feces" recorded 2025-06-15
EXPECT watch W8 S18
CASE x specific, two groups
SET profile=specific
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" resolved onset 2003
RECEIVE Observation nu1 sct:309537005 "Numbness of lower limb" 2025-06-15
RECEIVE Condition sct:72042002 "Incontinence of feces" recorded 2025-06-15
EXPECT emergency E3 E4
CASE y order by unspecified region
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
RECEIVE ServiceRequest sr1 sct:241645008 "Magnetic resonance imaging of spine" active stat due 2025-06-16T20:00Z
EXPECT emergency E1
CASE z order of last year still active
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
RECEIVE ServiceRequest sr1 sct:411611000119102 "Magnetic resonance imaging of cervical, thoracic a" active stat authored 2024-06-01
EXPECT emergency E1
