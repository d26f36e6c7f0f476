STORY S11 old or resolved
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
CASE a numbness recorded 180 days ago: late, not old
RECEIVE Condition sct:44077006 "numbness" recorded 2024-12-18
EXPECT watch - S15 order none
CASE b numbness recorded 181 days ago
RECEIVE Condition sct:44077006 "numbness" recorded 2024-12-17
EXPECT none S11 order none
CASE c numbness that ended
RECEIVE Condition sct:44077006 "numbness" abated 2025-06-14 recorded 2025-06-10
EXPECT none S11
CASE d weakness that ended: watch, not silence
RECEIVE Condition sct:26544005 "muscle weakness" abated 2025-06-14 recorded 2025-06-10
EXPECT watch - S11 lowered E1
CASE e resolved weakness of 29 days ago
RECEIVE Condition sct:26544005 "muscle weakness" resolved recorded 2025-05-18
EXPECT none S11
CASE f recurrent
RECEIVE Condition sct:44077006 "numbness" recorded 2025-03-01
RECEIVE Condition sct:44077006 "numbness" recurrence recorded 2025-06-15
EXPECT emergency E4
CASE g a resolved cancer is a past cancer
RECEIVE Condition c1 sct:254837009 "breast cancer" resolved abated 2010
RECEIVE Condition sct:44077006 "numbness" recorded 2025-06-15
EXPECT emergency E4
STORY S11-again recorded again
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
CASE a an old weakness that is recorded again persists: known, not silent
RECEIVE Condition sct:26544005 "muscle weakness" recorded 2024-10-01
RECEIVE Condition sct:26544005 "muscle weakness" recorded 2025-06-15
EXPECT watch - S15 order none lowered E1
CASE b not recorded again
RECEIVE Condition sct:26544005 "muscle weakness" recorded 2024-10-01
EXPECT none S11 order none
CASE c recorded again and worse
RECEIVE Observation sct:22631008 "unsteady when walking" 2024-10-01
RECEIVE Observation sct:282145008 "unable to walk" 2025-06-15
EXPECT emergency E2
CASE d new again when a year lay between
RECEIVE Condition sct:26544005 "muscle weakness" recorded 2024-06-14
RECEIVE Condition sct:26544005 "muscle weakness" recorded 2025-06-15
EXPECT emergency E1
CASE e a year and no more
RECEIVE Condition sct:26544005 "muscle weakness" recorded 2024-06-15
RECEIVE Condition sct:26544005 "muscle weakness" recorded 2025-06-15
EXPECT watch - S15 order none lowered E1
