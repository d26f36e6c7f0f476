STORY S13 end of life
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
CASE a terminal care, an urgent finding
RECEIVE Procedure sct:182964004 "terminal care" in-progress from 2025-06-12
RECEIVE Condition sct:161893008 "back pain worse on sneezing" recorded 2025-06-15
EXPECT watch - S13 order none
CASE b a hospice care plan, by a code of the site
PACKAGE site
RECEIVE CarePlan site:hospice "hospice care plan" from 2025-06-01
RECEIVE Observation sct:22631008 "unsteady when walking" 2025-06-15
EXPECT watch - S13 order none lowered E2
CASE c palliative encounter, do not resuscitate, register: not enough
RECEIVE Condition cm:Z51.5 "encounter for palliative care" recorded 2025-06-12
RECEIVE Condition cm:Z66 "do not resuscitate" recorded 2025-06-12
RECEIVE Condition sct:526631000000108 "on end of life care register" recorded 2025-06-12
RECEIVE Observation sct:22631008 "unsteady when walking" 2025-06-15
EXPECT emergency E2
CASE d complete paralysis, 8 days
RECEIVE Condition cm:G82.21 "paraplegia, complete" recorded 2025-06-08
EXPECT watch - S13 order none lowered E1
CASE e complete paralysis, 7 days
RECEIVE Condition cm:G82.21 "paraplegia, complete" recorded 2025-06-09
EXPECT emergency E1
CASE f complete paralysis, 8 days, and a new group
RECEIVE Condition cm:G82.21 "paraplegia, complete" recorded 2025-06-08
RECEIVE Observation sct:72042002 "incontinence of feces" 2025-06-15
EXPECT emergency E3
CASE g paraplegia that is not called complete
RECEIVE Condition sct:60389000 "paraplegia" recorded 2025-06-08
EXPECT emergency E1
CASE h power 0 of 5, 8 days
RECEIVE Observation sct:249948009 "grade of muscle power" value 0 2025-06-08
EXPECT watch - S13 order none
