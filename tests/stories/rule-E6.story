STORY E6 new sign of the upper motor neurone
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
CASE a fires on the 28th day
RECEIVE Observation sct:86854008 "hyperreflexia" 2025-05-19
EXPECT emergency E6 order stat
CASE b one day more
RECEIVE Observation sct:86854008 "hyperreflexia" 2025-05-18
EXPECT watch - S15 order none lowered E6
CASE c negated
RECEIVE Observation hpo:HP:0003487 "Babinski sign" value false 2025-06-15
EXPECT none S2
CASE d retracted
RECEIVE Observation o1 sct:86854008 "hyperreflexia" 2025-06-15
EXPECT emergency E6
WITHDRAW o1
EXPECT none S1 order none
CASE e unknown
RECEIVE Observation sct:86854008 "hyperreflexia" modifier 2025-06-15
EXPECT none unknown E6
CASE f Lhermitte's sign, by a code of the site
PACKAGE site
RECEIVE Observation site:lhermitte "Lhermitte's sign" 2025-06-15
EXPECT emergency E6
CASE g recorded this month and resolved: watch, not silence
RECEIVE Condition sct:86854008 "hyperreflexia" resolved recorded 2025-06-10
EXPECT watch - S11 order none lowered E6
