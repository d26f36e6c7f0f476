STORY V39 S13 and S16, end of life, death
AT 2025-06-16T09:00Z
CASE a terminal care
RECEIVE Condition sct:93880001 "lung cancer" active
RECEIVE Procedure sct:182964004 "terminal care" in-progress from 2025-06-12
RECEIVE Condition sct:60389000 "paraplegia" recorded 2025-06-15
EXPECT watch - S13 order none lowered E1
NOTICE the team is told once
CASE b palliative care only
RECEIVE Condition sct:93880001 "lung cancer" active
RECEIVE Procedure sct:103735009 "palliative care" in-progress from 2025-06-12
RECEIVE Condition sct:26544005 "muscle weakness" site sct:61685007 "lower limb" recorded 2025-06-15
EXPECT emergency E1 order stat
CASE c after b and died today
PATIENT male 1950 deceased 2025-06-16
EXPECT none S16 order none no-line
