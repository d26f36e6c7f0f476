STORY S16 not a live patient
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
RECEIVE Observation o1 sct:22631008 "unsteady when walking" 2025-06-15
CASE a alive
PATIENT female 1960
EXPECT emergency E2
CASE b dead
PATIENT female 1960 deceased
EXPECT none S16 no-line
CASE c inactive
PATIENT female 1960 inactive
EXPECT none S16 no-line
CASE d a test record
PATIENT female 1960 test
EXPECT none S16 no-line
CASE e declared dead by mistake, then corrected
PATIENT female 1960 deceased
EXPECT none S16 no-line
PATIENT female 1960
EXPECT emergency E2
