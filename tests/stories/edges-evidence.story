STORY edges-evidence-1 what is evidence, and whose
AT 2025-06-16T09:00Z
CASE a encounter reason
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Encounter sct:26544005 "Muscle weakness" finished from 2025-06-15T10:00Z to 2025-06-15T11:00Z
EXPECT emergency E1
CASE b encounter cancelled
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Encounter sct:26544005 "Muscle weakness" cancelled from 2025-06-15T10:00Z to 2025-06-15T11:00Z
EXPECT none S1
CASE c remission code only
RECEIVE Observation sct:550991000124107 "Malignant neoplasm in full remission" 2024-01-01
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
EXPECT emergency E1
CASE d cancer history refuted
RECEIVE Condition sct:266987004 "H/O: malignant neoplasm" refuted
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
EXPECT watch W1 S1
CASE e a family history code
RECEIVE Observation sct:312824007 "Family history of cancer of colon" 2024-01-01
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
EXPECT watch W1
CASE f family history of cancer
RECEIVE FamilyMemberHistory sct:254837009 "Malignant neoplasm of breast" completed
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
EXPECT watch W1 S3
CASE g cancer differential
RECEIVE Condition sct:254837009 "Malignant neoplasm of breast" active differential
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
EXPECT emergency E1
CASE h cancer refuted
RECEIVE Condition sct:254837009 "Malignant neoplasm of breast" active refuted
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
EXPECT watch W1 S1
CASE i paraplegia provisional
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:60389000 "Paraplegia" provisional recorded 2025-06-15
EXPECT emergency E1
CASE j value under unlisted question
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Observation urn:x|exam "exam" value sct:26544005 "Muscle weakness" 2025-06-15
EXPECT emergency E1
CASE k value under a family history question
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Observation sct:160339007 "FH: Paraplegia" value sct:60389000 "Paraplegia" 2025-06-15
EXPECT none S3
CASE l component false
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Observation urn:x|exam "exam" 2025-06-15 component sct:26544005 "Muscle weakness" value false
EXPECT none S2
CASE m interpretation NEG
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Observation sct:26544005 "Muscle weakness" 2025-06-15 interpretation NEG
EXPECT none S2
CASE n power 5 and 4
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Observation urn:x|exam "exam" 2025-06-15 component sct:249948009 "Grade of muscle power" value 5 component sct:249948009 "Grade of muscle power" value 4
EXPECT emergency E1
CASE o reduced mobility
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:8510008 "Reduced mobility" recorded 2025-06-15
EXPECT none
CASE p cauda equina syndrome, low risk
RECEIVE Condition lr1 cm:C44.91 "as the hospital calls it" active
RECEIVE Condition sct:192970008 "Cauda equina syndrome" recorded 2025-06-15
EXPECT watch W2 S10
CASE q cauda equina syndrome, no cancer
RECEIVE Condition sct:192970008 "Cauda equina syndrome" recorded 2025-06-15
EXPECT watch W1
CASE r spinal metastasis refuted
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sm1 sct:94602001 "Secondary malignant neoplasm of vertebral column" refuted recorded 2025-01-10
RECEIVE Observation fa1 sct:1912002 "Fall" 2025-06-15
EXPECT watch W5 S1
CASE s E9 low risk
RECEIVE Condition lr1 cm:C44.91 "as the hospital calls it" active
RECEIVE Condition cc1 cm:G95.20 "Unspecified cord compression" provisional recorded 2025-06-10
EXPECT watch W2 S10
CASE t E9 no cancer: an E finding
RECEIVE Condition cc1 cm:G95.20 "Unspecified cord compression" provisional recorded 2025-06-10
EXPECT watch W1
CASE u E10 low risk
RECEIVE Condition lr1 cm:C44.91 "as the hospital calls it" active
RECEIVE Condition fx1 sct:270507001 "Pathological fracture of thoracic vertebra" recorded 2025-06-14
RECEIVE Condition pp1 sct:1845001 "Paraparesis" recorded 2025-06-15
EXPECT emergency E10
CASE v E10 refuted
RECEIVE Condition fx1 sct:270507001 "Pathological fracture of thoracic vertebra" refuted recorded 2025-06-14
RECEIVE Condition pp1 sct:1845001 "Paraparesis" recorded 2025-06-15
EXPECT watch W1 S1
CASE w U9 low risk is plain pain
RECEIVE Condition lr1 cm:C44.91 "as the hospital calls it" active
RECEIVE Condition sct:279039007 "Low back pain" onset 2025-05-20 recorded 2025-06-16
EXPECT none
CASE x U11 low risk
RECEIVE Condition lr1 cm:C44.91 "as the hospital calls it" active
RECEIVE Condition fx1 sct:270507001 "Pathological fracture of thoracic vertebra" recorded 2025-06-14
EXPECT watch W2 S10
CASE y treated: no cancer is coded
RECEIVE MedicationAdministration ox1 rxn:32592 "oxaliplatin" completed 2025-03-01
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
EXPECT emergency E1
CASE z treated 366 days ago
RECEIVE MedicationAdministration ox1 rxn:32592 "oxaliplatin" completed 2024-06-14
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
EXPECT watch W1
STORY edges-evidence-2 what is evidence, and whose
AT 2025-06-16T09:00Z
CASE a treated proposal
RECEIVE MedicationRequest rxn:32592 "oxaliplatin" active intent proposal authored 2025-03-01
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
EXPECT watch W1
CASE b low risk + treated
RECEIVE Condition lr1 cm:C44.91 "as the hospital calls it" active
RECEIVE MedicationAdministration ox1 rxn:32592 "oxaliplatin" completed 2025-03-01
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
EXPECT emergency E1
CASE c low risk + met
RECEIVE Condition lr1 cm:C44.91 "as the hospital calls it" active
RECEIVE Condition sm1 sct:94602001 "Secondary malignant neoplasm of vertebral column" active recorded 2025-01-10
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
EXPECT emergency E1
CASE d S13 no cancer
RECEIVE Procedure sct:182964004 "Terminal care" in-progress 2025-06-12
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
EXPECT watch W1
CASE e S17 multiple sclerosis refuted
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:24700007 "Multiple sclerosis" refuted recorded 2010
RECEIVE Observation nu1 sct:309537005 "Numbness of lower limb" 2025-06-15
EXPECT emergency E4
CASE f S17 multiple sclerosis of a relative
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE FamilyMemberHistory sct:24700007 "Multiple sclerosis" completed
RECEIVE Observation nu1 sct:309537005 "Numbness of lower limb" 2025-06-15
EXPECT emergency E4
CASE g R20.0 perineum
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition cm:R20.0 "Anesthesia of skin" site sct:38864007 "Perineal structure" recorded 2025-06-15
EXPECT emergency E4 E7
CASE h future cancer
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active recorded 2025-06-20
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
EXPECT watch W1
CASE i S6 treated, same
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:71286001 "Spinal cord compression" confirmed recorded 2025-05-25
RECEIVE Condition sct:26544005 "Muscle weakness" recorded 2025-05-25
RECEIVE Procedure sct:387731002 "Laminectomy" completed 2025-06-01
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
EXPECT none S6
CASE j month only, touches
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:26544005 "Muscle weakness" recorded 2025-05
EXPECT emergency E1
CASE k month before
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:26544005 "Muscle weakness" recorded 2025-04
EXPECT watch - S15
CASE l future 23h
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Observation sct:26544005 "Muscle weakness" 2025-06-17T08:00Z
EXPECT emergency E1
CASE m future 25h
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Observation sct:26544005 "Muscle weakness" 2025-06-17T10:00Z
EXPECT none
CASE n onset 181 recorded today: motor
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:26544005 "Muscle weakness" onset 2024-12-01 recorded 2025-06-16
EXPECT watch - S11
CASE o onset 181 recorded today: sensory
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:44077006 "Numbness" onset 2024-12-01 recorded 2025-06-16
EXPECT none S11
CASE p onset 170 recorded today: sensory
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:44077006 "Numbness" onset 2025-01-01 recorded 2025-06-16
EXPECT emergency E4
CASE q resolved gait
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:9589009 "Difficulty walking" resolved recorded 2025-06-16
EXPECT none S11
CASE r resolved sphincter
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:72042002 "Incontinence of feces" resolved recorded 2025-06-16
EXPECT watch - S11
CASE s inactive upper motor neurone sign
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:86854008 "Hyperreflexia" inactive recorded 2025-06-16
EXPECT watch - S11
CASE t abates tomorrow
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:26544005 "Muscle weakness" abated 2025-06-18 recorded 2025-06-16
EXPECT emergency E1
CASE u resolved and active again
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition w1 sct:26544005 "Muscle weakness" resolved recorded 2025-06-10
RECEIVE Condition w1 sct:26544005 "Muscle weakness" active recorded 2025-06-10
EXPECT emergency E1
CASE v negated does not start a run
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Observation sct:26544005 "Muscle weakness" value false 2025-03-01
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
EXPECT emergency E1
CASE w withdrawn does not start a run
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:26544005 "Muscle weakness" entered-in-error recorded 2025-03-01
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
EXPECT emergency E1
CASE x relative does not start a run
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE FamilyMemberHistory sct:26544005 "Muscle weakness" completed 2025-03-01
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
EXPECT emergency E1
CASE y negated later does not cancel
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
RECEIVE Observation sct:26544005 "Muscle weakness" value false 2025-06-16
EXPECT emergency E1
CASE z corrected to false
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Observation o1 sct:26544005 "Muscle weakness" value true 2025-06-15
RECEIVE Observation o1 sct:26544005 "Muscle weakness" corrected value false 2025-06-15
EXPECT none S2
STORY edges-evidence-3 what is evidence, and whose
AT 2025-06-16T09:00Z
CASE a stroke code of weakness late effect
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:148871000119109 "Weakness as a late effect of stroke" recorded 2025-06-15
EXPECT none
CASE b specific, current cancer
SET profile=specific
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Observation nu1 sct:309537005 "Numbness of lower limb" 2025-06-15
EXPECT emergency E4
CASE c specific, treated
SET profile=specific
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" resolved onset 2003
RECEIVE MedicationAdministration ox1 rxn:32592 "oxaliplatin" completed 2025-03-01
RECEIVE Observation nu1 sct:309537005 "Numbness of lower limb" 2025-06-15
EXPECT emergency E4
CASE d cancer after
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
RECEIVE Condition sct:254837009 "Malignant neoplasm of breast" active recorded 2025-06-16
EXPECT emergency E1
CASE e cancer deleted
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
DELETE ca1
EXPECT watch W1
CASE f the finding deleted
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
DELETE wk1
EXPECT none
