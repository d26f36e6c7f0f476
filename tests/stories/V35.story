STORY V35 S6, known and treated
WHY The known deficit is not imaged again; a new group or a graver member is.
AT 2025-06-16T09:00Z
RECEIVE Condition sct:254837009 "breast cancer" active
RECEIVE Condition sct:71286001 "spinal cord compression" confirmed recorded 2025-05-01
RECEIVE Condition sct:26544005 "muscle weakness" site sct:61685007 "lower limb" recorded 2025-05-01
RECEIVE Procedure sct:108290001 "radiotherapy" site sct:421060004 "vertebral column" completed 2025-05-12
CASE a the same weakness again, no worse
RECEIVE Condition sct:26544005 "muscle weakness" site sct:61685007 "lower limb" recorded 2025-06-15
EXPECT none S6 order none line
CASE b after a then incontinence
RECEIVE Observation sct:165232002 "urinary incontinence" 2025-06-16
EXPECT emergency E3 order stat
CASE c after a instead paraplegia, a graver member
RECEIVE Condition sct:60389000 "paraplegia" recorded 2025-06-16
EXPECT emergency E1 order stat
