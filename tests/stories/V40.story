STORY V40 S14, S18 and W8
AT 2025-06-16T09:00Z
CASE a MRI is contraindicated: CT of the whole spine
PACKAGE site
RECEIVE Condition sct:109989006 "multiple myeloma" active
RECEIVE Condition sct:267064002 "retention of urine" recorded 2025-06-16
RECEIVE Flag site:mri-forbidden "MRI contraindicated"
EXPECT emergency E3 S14 order stat code 429875006 note "contraindicated"
CASE b a pacemaker only: still MRI
RECEIVE Condition sct:109989006 "multiple myeloma" active
RECEIVE Condition sct:267064002 "retention of urine" recorded 2025-06-16
RECEIVE Condition cm:Z95.0 "presence of cardiac pacemaker"
EXPECT emergency E3 order stat code 411611000119102 note "check MR-conditional device"
CASE c incontinence, remote cancer, profile nice
RECEIVE Condition sct:254837009 "breast cancer" resolved onset 2003
RECEIVE Observation sct:165232002 "urinary incontinence" 2025-06-15
SET profile=nice
EXPECT emergency E3 order stat
CASE d the same, profile specific
SET profile=specific
RECEIVE Condition sct:254837009 "breast cancer" resolved onset 2003
RECEIVE Observation sct:165232002 "urinary incontinence" 2025-06-15
EXPECT watch W8 S18 order none
