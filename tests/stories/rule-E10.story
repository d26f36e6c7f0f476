STORY E10 vertebral fracture or instability with new neurology, no cancer coded
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:270507001 "pathological fracture of thoracic vertebra" recorded 2025-06-10
CASE a fires on the 28th day
RECEIVE Condition sct:1845001 "paraparesis" recorded 2025-05-19
EXPECT emergency E10 order stat
CASE b one day more: the sign is not new; without cancer it is watched
RECEIVE Condition sct:1845001 "paraparesis" recorded 2025-05-18
EXPECT watch W1 S15 order none lowered E10
CASE c negated; the fracture alone is watched
RECEIVE Observation sct:1845001 "paraparesis" value false 2025-06-15
EXPECT watch W1 S2 order none
CASE d retracted
RECEIVE Condition c2 sct:1845001 "paraparesis" recorded 2025-06-15
EXPECT emergency E10
WITHDRAW c2
EXPECT watch W1 S1 order none
CASE e unknown
RECEIVE Condition sct:1845001 "paraparesis" modifier recorded 2025-06-15
EXPECT watch W1 order none unknown E10
CASE f trauma 72 hours before the later of the two
RECEIVE Condition sct:1845001 "paraparesis" recorded 2025-06-15
RECEIVE Condition sct:262521009 "spinal injury" recorded 2025-06-12
EXPECT watch W1 order none
CASE g trauma a day earlier
RECEIVE Condition sct:1845001 "paraparesis" recorded 2025-06-15
RECEIVE Condition sct:262521009 "spinal injury" recorded 2025-06-11
EXPECT emergency E10
CASE h radicular pain is not in the list of E10
RECEIVE Condition sct:23056005 "sciatica" recorded 2025-06-15
EXPECT watch W1 order none
STORY E10-bone which fractures count
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:1845001 "paraparesis" recorded 2025-06-15
CASE a osteoporotic: no
RECEIVE Condition sct:240198002 "osteoporotic vertebral collapse" recorded 2025-06-10
EXPECT watch W1 order none
CASE b without a site: no
RECEIVE Condition sct:268029009 "pathological fracture" recorded 2025-06-10
EXPECT watch W1 order none
CASE c at a vertebra: yes
RECEIVE Condition sct:268029009 "pathological fracture" site sct:3572006 "body of vertebra" recorded 2025-06-10
EXPECT emergency E10
CASE d instability: yes
RECEIVE Condition sct:202823006 "thoracic spine instability" recorded 2025-06-10
EXPECT emergency E10
CASE e with cancer too: E1 and E10
RECEIVE Condition sct:202823006 "thoracic spine instability" recorded 2025-06-10
RECEIVE Condition sct:254837009 "breast cancer" active
EXPECT emergency E1 E10
