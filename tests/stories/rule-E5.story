STORY E5 new radicular pain
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
CASE a both sides, on the 28th day
SET unilateral_radicular=urgent
RECEIVE Condition sct:15633361000119103 "bilateral sciatica" recorded 2025-05-19
EXPECT emergency E5 order stat
CASE b one day more; it is still spinal pain
RECEIVE Condition sct:15633361000119103 "bilateral sciatica" recorded 2025-05-18
EXPECT watch W3 S15 order none lowered E5
CASE c negated
RECEIVE Observation sct:23056005 "sciatica" value false 2025-06-15
EXPECT none S2
CASE d retracted
RECEIVE Condition c2 sct:23056005 "sciatica" recorded 2025-06-15
EXPECT emergency E5
WITHDRAW c2
EXPECT none S1 order none
CASE e unknown; it would be spinal pain, too
RECEIVE Condition sct:23056005 "sciatica" modifier recorded 2025-06-15
EXPECT none unknown E5 W3
CASE f one side, where that is urgent
SET unilateral_radicular=urgent
RECEIVE Condition sct:23056005 "sciatica" side left recorded 2025-06-15
EXPECT urgent E5
CASE g one side after the other is both
SET unilateral_radicular=urgent
RECEIVE Condition sct:23056005 "sciatica" side left recorded 2025-06-10
RECEIVE Condition sct:23056005 "sciatica" side right recorded 2025-06-15
EXPECT emergency E5
CASE h band-like, wherever one-sided pain is urgent
SET unilateral_radicular=urgent
RECEIVE Condition sct:42452002 "thoracic radiculopathy" recorded 2025-06-15
EXPECT emergency E5
