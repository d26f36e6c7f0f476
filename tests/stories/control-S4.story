STORY S4 imaging done, emergency
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
RECEIVE Condition c2 sct:26544005 "muscle weakness" recorded 2025-06-14
CASE a preliminary, with the study done
RECEIVE DiagnosticReport sct:411611000119102 "MRI of whole spine" preliminary 2025-06-15
EXPECT none S4
CASE b registered only
RECEIVE DiagnosticReport sct:411611000119102 "MRI of whole spine" registered 2025-06-15
EXPECT emergency E1
CASE c an ImagingStudy
RECEIVE ImagingStudy loinc:30854-4 "MR whole spine" 2025-06-15
EXPECT none S4
CASE d an ImagingStudy that was cancelled
RECEIVE ImagingStudy loinc:30854-4 "MR whole spine" cancelled 2025-06-15
EXPECT emergency E1
CASE e of the same day: not certain to be later
RECEIVE DiagnosticReport sct:411611000119102 "MRI of whole spine" 2025-06-14
EXPECT emergency E1
CASE f CT of the whole spine does not count
RECEIVE DiagnosticReport sct:429875006 "CT of whole spine" 2025-06-15
EXPECT emergency E1
CASE g CT of the whole spine, MRI contraindicated
RECEIVE Condition cm:Z95.0 "presence of cardiac pacemaker"
RECEIVE DiagnosticReport sct:429875006 "CT of whole spine" 2025-06-15
EXPECT none S4
CASE h PET-CT and bone scan never
RECEIVE DiagnosticReport sct:443271005 "PET-CT of whole body" 2025-06-15
RECEIVE DiagnosticReport loinc:25031-6 "NM bone views" 2025-06-15
EXPECT emergency E1
CASE i pain from before the scan keeps quiet
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-13
RECEIVE DiagnosticReport sct:411611000119102 "MRI of whole spine" 2025-06-15
EXPECT none S4
CASE j pain that is newer than the scan speaks
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-16
RECEIVE DiagnosticReport sct:411611000119102 "MRI of whole spine" 2025-06-15
EXPECT watch W3 S4
CASE k a new group after the scan
RECEIVE DiagnosticReport sct:411611000119102 "MRI of whole spine" 2025-06-15
RECEIVE Observation sct:267064002 "retention of urine" 2025-06-16
EXPECT emergency E3
CASE l the report is withdrawn
RECEIVE DiagnosticReport dr1 sct:411611000119102 "MRI of whole spine" 2025-06-15
EXPECT none S4
WITHDRAW dr1
EXPECT emergency E1
STORY S4-hours imaging of the same day, hours known
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
RECEIVE Observation o1 sct:22631008 "unsteady when walking" 2025-06-14T10:00Z
CASE a later
RECEIVE DiagnosticReport sct:411611000119102 "MRI of whole spine" 2025-06-14T10:01Z
EXPECT none S4
CASE b at the same minute
RECEIVE DiagnosticReport sct:411611000119102 "MRI of whole spine" 2025-06-14T10:00Z
EXPECT emergency E2
CASE c begun before, ended after
RECEIVE DiagnosticReport sct:411611000119102 "MRI of whole spine" from 2025-06-14T09:30Z to 2025-06-14T10:30Z
EXPECT emergency E2
STORY S4-urgent imaging done, urgent
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:94222008 "metastasis of bone" active
RECEIVE Condition c2 sct:161891005 "backache" onset 2025-05-10 recorded 2025-05-20
CASE a within 28 days
RECEIVE DiagnosticReport sct:411611000119102 "MRI of whole spine" 2025-05-19T09:00Z
EXPECT none S4 order none
CASE b a minute more
RECEIVE DiagnosticReport sct:411611000119102 "MRI of whole spine" 2025-05-19T08:59Z
EXPECT urgent U13
CASE c region not stated: enough for an urgent rule
RECEIVE DiagnosticReport sct:241645008 "MRI of spine" 2025-06-01
EXPECT none S4
CASE d lumbar spine only: not enough
RECEIVE DiagnosticReport sct:241648005 "MRI of lumbar spine" 2025-06-01
EXPECT urgent U13
CASE e night pain newer than the scan; it is new spinal pain, too
RECEIVE DiagnosticReport sct:411611000119102 "MRI of whole spine" 2025-06-01
RECEIVE Observation sct:36163009 "night pain" site sct:421060004 "vertebral column" 2025-06-02
EXPECT urgent U1 U13
