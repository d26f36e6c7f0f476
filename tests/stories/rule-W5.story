STORY W5 isolated fall or loss of balance
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
CASE a fires on the 28th day
RECEIVE Observation sct:1912002 "fall" 2025-05-19
EXPECT watch W5 order none line
CASE b one day more
RECEIVE Observation sct:1912002 "fall" 2025-05-18
EXPECT none
CASE c negated
RECEIVE Observation sct:1912002 "fall" value false 2025-06-15
EXPECT none S2
CASE d retracted
RECEIVE Observation o1 sct:249985001 "poor balance" 2025-06-15
EXPECT watch W5
WITHDRAW o1
EXPECT none S1
CASE e unknown
RECEIVE Observation sct:1912002 "fall" modifier 2025-06-15
EXPECT none unknown W5
CASE f with spinal pain it is not isolated: the pain is watched
RECEIVE Observation sct:1912002 "fall" 2025-06-15
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-15
EXPECT watch W3
CASE g with a bone metastasis, no pain
RECEIVE Condition sct:94222008 "metastasis of bone" active
RECEIVE Observation sct:1912002 "fall" 2025-06-15
EXPECT watch W5
CASE h after a past cancer
RECEIVE Condition c1 sct:254837009 "breast cancer" resolved
RECEIVE Observation sct:1912002 "fall" 2025-06-15
EXPECT watch W5
CASE i a history of falling on the Morse scale is no new fall
RECEIVE Observation loinc:59454-9 "Morse history of falling" value 25 2025-06-15
EXPECT none
CASE j without cancer a fall is nothing
WITHDRAW c1
RECEIVE Observation sct:1912002 "fall" 2025-06-15
EXPECT none S1
