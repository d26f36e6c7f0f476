STORY E4 new loss or change of sensation
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
CASE a fires on the 28th day
RECEIVE Observation sct:309537005 "numbness of lower limb" 2025-05-19
EXPECT emergency E4 order stat
CASE b one day more
RECEIVE Observation sct:309537005 "numbness of lower limb" 2025-05-18
EXPECT watch - S15 order none lowered E4
CASE c negated in words
RECEIVE Observation sct:309537005 "numbness of lower limb" value "denies" 2025-06-15
EXPECT none S2
CASE d retracted
RECEIVE Observation o1 sct:309537005 "numbness of lower limb" 2025-06-15
EXPECT emergency E4
WITHDRAW o1
EXPECT none S1 order none
CASE e unknown: words that are no answer
RECEIVE Observation sct:309537005 "numbness of lower limb" value "a bit, at times" modifier 2025-06-15
EXPECT none unknown E4
CASE f paraesthesia since March, now a sensory level: graver, and a sign of the cord
PACKAGE site
RECEIVE Observation sct:91019004 "paresthesia" 2025-03-01
RECEIVE Observation site:sensory-level "sensory level" value true 2025-06-15
EXPECT emergency E4 E6
CASE g an answer under a question that is not listed
RECEIVE Observation site:sensation "sensation" value sct:397974008 "hypesthesia" 2025-06-15
EXPECT emergency E4
