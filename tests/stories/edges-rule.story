STORY edges-rule-1 rules at their edges
AT 2025-06-16T09:00Z
CASE a intercostal neuralgia of the left side, where one side is urgent
SET unilateral_radicular=urgent
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:247389006 "Intercostal neuralgia" side left recorded 2025-06-15
EXPECT emergency E5
CASE b bone metastasis, pain 91 fall
RECEIVE Condition bm1 sct:94222008 "Secondary malignant neoplasm of bone" active recorded 2025-01-10
RECEIVE Condition bp1 sct:279039007 "Low back pain" recorded 2025-03-17
RECEIVE Observation fa1 sct:1912002 "Fall" 2025-06-15
EXPECT watch W5
CASE c spinal metastasis, fall history
RECEIVE Condition sm1 sct:94602001 "Secondary malignant neoplasm of vertebral column" active recorded 2025-01-10
RECEIVE Observation cm:Z91.81 "History of falling" 2025-06-15
EXPECT none
CASE d spinal metastasis, morse 25
RECEIVE Condition sm1 sct:94602001 "Secondary malignant neoplasm of vertebral column" active recorded 2025-01-10
RECEIVE Observation loinc:59454-9 "Morse history of falling" value 25 2025-06-15
EXPECT none
CASE e E10 numbness,ness 28
RECEIVE Condition fx1 sct:270507001 "Pathological fracture of thoracic vertebra" recorded 2025-06-14
RECEIVE Observation sct:309537005 "Numbness of lower limb" 2025-05-19
EXPECT emergency E10
CASE f E10 instability
RECEIVE Condition sct:202824000 "Lumbar spine instability" recorded 2025-06-14
RECEIVE Condition pp1 sct:1845001 "Paraparesis" recorded 2025-06-15
EXPECT emergency E10
CASE g E10 fall is no neuro
RECEIVE Condition fx1 sct:270507001 "Pathological fracture of thoracic vertebra" recorded 2025-06-14
RECEIVE Observation fa1 sct:1912002 "Fall" 2025-06-15
EXPECT watch W1
CASE h E10 trauma
RECEIVE Condition fx1 sct:270507001 "Pathological fracture of thoracic vertebra" recorded 2025-06-14
RECEIVE Condition pp1 sct:1845001 "Paraparesis" recorded 2025-06-15
RECEIVE Condition sct:81102000 "Injury of back" onset 2025-06-13T09:00Z recorded 2025-06-13
EXPECT watch W1
CASE i night pain unsited + back
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition bp1 sct:279039007 "Low back pain" recorded 2025-06-10
RECEIVE Observation np1 sct:36163009 "Night pain" 2025-06-15
EXPECT urgent U1
CASE j night pain alone unsited
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Observation np1 sct:36163009 "Night pain" 2025-06-15
EXPECT none
CASE k night pain spine alone
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Observation np1 sct:36163009 "Night pain" site sct:421060004 "Structure of vertebral column" 2025-06-15
EXPECT urgent U1
CASE l night pain 29d, pain now
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition bp1 sct:279039007 "Low back pain" recorded 2025-06-10
RECEIVE Observation np1 sct:36163009 "Night pain" 2025-05-18
EXPECT watch W3
CASE m U3 23h59
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition bp1 sct:279039007 "Low back pain" recorded 2025-06-13
RECEIVE Observation loinc:72514-3 "Pain severity - 0-10 verbal numeric rating [Score]" value 7 2025-06-14T09:00Z
RECEIVE Observation loinc:72514-3 "Pain severity - 0-10 verbal numeric rating [Score]" value 7 2025-06-15T08:59Z
EXPECT watch W3
CASE n U3 relief 4
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition bp1 sct:279039007 "Low back pain" recorded 2025-06-13
RECEIVE Observation loinc:72514-3 "Pain severity - 0-10 verbal numeric rating [Score]" value 8 2025-06-13T09:00Z
RECEIVE Observation loinc:72514-3 "Pain severity - 0-10 verbal numeric rating [Score]" value 4 2025-06-14T09:00Z
RECEIVE Observation loinc:72514-3 "Pain severity - 0-10 verbal numeric rating [Score]" value 8 2025-06-15T09:00Z
EXPECT urgent U3
CASE o U3 7d1m
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition bp1 sct:279039007 "Low back pain" recorded 2025-06-07
RECEIVE Observation loinc:72514-3 "Pain severity - 0-10 verbal numeric rating [Score]" value 8 2025-06-08T08:59Z
RECEIVE Observation loinc:72514-3 "Pain severity - 0-10 verbal numeric rating [Score]" value 8 2025-06-15T09:00Z
EXPECT watch W3
CASE p U4 2d23h
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition bp1 sct:279039007 "Low back pain" recorded 2025-06-10
RECEIVE Observation loinc:72514-3 "Pain severity - 0-10 verbal numeric rating [Score]" value 3 2025-06-12T10:00Z
RECEIVE Observation loinc:72514-3 "Pain severity - 0-10 verbal numeric rating [Score]" value 5 2025-06-15T09:00Z
EXPECT watch W3
CASE q U4 on a scale of 0 to 100
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition bp1 sct:279039007 "Low back pain" recorded 2025-06-10
RECEIVE Observation loinc:72514-3 "Pain severity - 0-10 verbal numeric rating [Score]" value 30 2025-06-12T09:00Z
RECEIVE Observation loinc:72514-3 "Pain severity - 0-10 verbal numeric rating [Score]" value 55 2025-06-15T09:00Z
EXPECT urgent U4
CASE r U4 score 0 first
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition bp1 sct:279039007 "Low back pain" recorded 2025-06-10
RECEIVE Observation loinc:72514-3 "Pain severity - 0-10 verbal numeric rating [Score]" value 0 2025-06-12T09:00Z
RECEIVE Observation loinc:72514-3 "Pain severity - 0-10 verbal numeric rating [Score]" value 5 2025-06-15T09:00Z
EXPECT urgent U4
CASE s U4 scores of the knee
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition bp1 sct:279039007 "Low back pain" recorded 2025-06-10
RECEIVE Observation loinc:72514-3 "Pain severity - 0-10 verbal numeric rating [Score]" site sct:72696002 "Knee region structure" value 3 2025-06-12T09:00Z
RECEIVE Observation loinc:72514-3 "Pain severity - 0-10 verbal numeric rating [Score]" site sct:72696002 "Knee region structure" value 6 2025-06-15T09:00Z
EXPECT watch W3
CASE t U10 2.61
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition bp1 sct:279039007 "Low back pain" recorded 2025-06-15
RECEIVE Observation cal1 loinc:29265-6 "Calcium [Moles/volume] corrected for albumin in Se" value 2.61 mmol/L 2025-06-10
EXPECT urgent U10
CASE u U10 N 2.9
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition bp1 sct:279039007 "Low back pain" recorded 2025-06-15
RECEIVE Observation cal1 loinc:29265-6 "Calcium [Moles/volume] corrected for albumin in Se" value 2.9 mmol/L 2025-06-10 interpretation N
EXPECT watch W3 S2
CASE v U10 10.5 mg
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition bp1 sct:279039007 "Low back pain" recorded 2025-06-15
RECEIVE Observation cal1 loinc:29265-6 "Calcium [Moles/volume] corrected for albumin in Se" value 10.5 mg/dL 2025-06-10
EXPECT urgent U10
CASE w U10 cancelled
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition bp1 sct:279039007 "Low back pain" recorded 2025-06-15
RECEIVE Observation loinc:29265-6 "Calcium [Moles/volume] corrected for albumin in Se" cancelled value 2.9 mmol/L 2025-06-10
EXPECT watch W3 S1
CASE x U11 fracture leg
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:268029009 "Pathological fracture" site sct:71341001 "Bone structure of femur" recorded 2025-06-14
EXPECT none
CASE y U11 kyphosis no pain
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:414564002 "Kyphosis deformity of spine" recorded 2025-06-14
EXPECT none
CASE z U11 29 d
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:414564002 "Kyphosis deformity of spine" recorded 2025-05-18
RECEIVE Condition bp1 sct:279039007 "Low back pain" recorded 2025-06-15
EXPECT watch W3
STORY edges-rule-2 rules at their edges
AT 2025-06-16T09:00Z
CASE a U12 prior pain 100d
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition tp1 sct:267981009 "Pain in thoracic spine" recorded 2025-06-15
RECEIVE Condition sct:279039007 "Low back pain" recorded 2025-03-01
EXPECT watch W3
CASE b U12 history all
SET location_rule=all
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" resolved onset 2003
RECEIVE Condition tp1 sct:267981009 "Pain in thoracic spine" recorded 2025-06-15
EXPECT urgent U12
CASE c U12 bone metastasisastasis, off
SET location_rule=off
RECEIVE Condition bm1 sct:94222008 "Secondary malignant neoplasm of bone" active recorded 2025-01-10
RECEIVE Condition tp1 sct:267981009 "Pain in thoracic spine" recorded 2025-06-15
EXPECT urgent U13
CASE d W1 60d
RECEIVE Condition sct:26544005 "Muscle weakness" recorded 2025-04-17
EXPECT watch W1
CASE e W1 100d
RECEIVE Condition sct:26544005 "Muscle weakness" recorded 2025-03-01
EXPECT none
CASE f pain in chest of a spine site
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Observation sct:29857009 "Chest pain" site sct:35769007 "Bone structure of thoracic vertebra" 2025-06-15
EXPECT watch W3
CASE g recurrence of an old
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:26544005 "Muscle weakness" recorded 2025-02-01
RECEIVE Condition sct:26544005 "Muscle weakness" recurrence recorded 2025-06-15
EXPECT emergency E1
CASE h worse coded beside
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:26544005 "Muscle weakness" recorded 2025-02-01
RECEIVE Condition sct:26544005 "Muscle weakness" sct:271299001 "Patient's condition worsened" recorded 2025-06-15
EXPECT emergency E1
CASE i weakness then paraparesis
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:26544005 "Muscle weakness" recorded 2025-02-01
RECEIVE Condition pp1 sct:1845001 "Paraparesis" recorded 2025-06-15
EXPECT emergency E1
CASE j paraparesis then weakness
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:1845001 "Paraparesis" recorded 2025-02-01
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
EXPECT watch - S15
CASE k numbness then sensory loss
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:44077006 "Numbness" recorded 2025-03-01
RECEIVE Condition sct:397974008 "Hypesthesia" recorded 2025-06-15
EXPECT emergency E4
CASE l incontinence then retention
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:165232002 "Bladder: incontinent" recorded 2025-03-01
RECEIVE Condition sct:267064002 "Retention of urine" recorded 2025-06-15
EXPECT emergency E3
CASE m bladder then bowel, one grade
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:165232002 "Bladder: incontinent" recorded 2025-03-01
RECEIVE Condition sct:72042002 "Incontinence of feces" recorded 2025-06-15
EXPECT watch - S15
CASE n sciatica 28 left + right 29
SET unilateral_radicular=urgent
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:23056005 "Sciatica" side left recorded 2025-06-01
RECEIVE Condition sct:23056005 "Sciatica" side right recorded 2025-06-15
EXPECT emergency E5
CASE o unilateral urgent + night pain
SET unilateral_radicular=urgent
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:23056005 "Sciatica" side left recorded 2025-06-15
RECEIVE Observation np1 sct:36163009 "Night pain" 2025-06-15
EXPECT urgent E5 U1
CASE p E and U: only E
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition wk1 sct:26544005 "Muscle weakness" recorded 2025-06-15
RECEIVE Condition sct:161893008 "Back pain worse on sneezing" recorded 2025-06-15
EXPECT emergency E1
CASE q neck pain + numbness hands no chemo
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition sct:81680005 "Neck pain" recorded 2025-06-15
RECEIVE Observation ph1 sct:840319006 "Paresthesia of bilateral hands" 2025-06-12
EXPECT emergency E4
CASE r E8 balance false
RECEIVE Condition sm1 sct:94602001 "Secondary malignant neoplasm of vertebral column" active recorded 2025-01-10
RECEIVE Observation sct:387603000 "Impairment of balance" value false 2025-06-15
EXPECT none S2
CASE s U8 medicine before pain
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition bp1 sct:279039007 "Low back pain" recorded 2025-05-05
RECEIVE Condition sct:279039007 "Low back pain" recorded 2025-06-16
RECEIVE MedicationAdministration rxn:161 "acetaminophen" completed 2025-04-10
EXPECT urgent U9
CASE t U9 pain not current
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition bp1 sct:279039007 "Low back pain" recorded 2025-04-20
RECEIVE Condition sct:279039007 "Low back pain" recorded 2025-05-18
EXPECT watch W3
CASE u tender unsited
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition bp1 sct:279039007 "Low back pain" recorded 2025-06-15
RECEIVE Observation sct:301399007 "Musculoskeletal tenderness" 2025-06-15
EXPECT watch W3
CASE v claudication 29
RECEIVE Condition ca1 sct:254837009 "Malignant neoplasm of breast" active
RECEIVE Condition bp1 sct:279039007 "Low back pain" recorded 2025-06-15
RECEIVE Condition sct:240219003 "Spinal claudication" recorded 2025-05-18
EXPECT urgent U9
