STORY E7 saddle anaesthesia or cauda equina syndrome
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
CASE a fires on the 28th day
RECEIVE Observation sct:449813001 "numbness of saddle area" 2025-05-19
EXPECT emergency E7 order stat note "CES pathway" note "4 h"
CASE b one day more
RECEIVE Observation sct:449813001 "numbness of saddle area" 2025-05-18
EXPECT watch - S15 order none lowered E7
CASE c negated
RECEIVE Observation sct:449813001 "numbness of saddle area" value sct:2667000 "absent" 2025-06-15
EXPECT none S2
CASE d retracted
RECEIVE Observation o1 sct:449813001 "numbness of saddle area" 2025-06-15
EXPECT emergency E7
WITHDRAW o1
EXPECT none S1 order none
CASE e unknown
RECEIVE Observation sct:449813001 "numbness of saddle area" modifier 2025-06-15
EXPECT none unknown E7
CASE f cauda equina syndrome coded
RECEIVE Condition sct:192970008 "cauda equina syndrome" recorded 2025-06-15
EXPECT emergency E7
CASE g suspected: E9 as well
RECEIVE Condition sct:192970008 "cauda equina syndrome" provisional recorded 2025-06-15
EXPECT emergency E7 E9
CASE h anaesthesia of the skin of the perineum
RECEIVE Condition cm:R20.0 "anesthesia of skin" site sct:38864007 "perineum" recorded 2025-06-15
EXPECT emergency E4 E7
CASE i anaesthesia of the skin elsewhere
RECEIVE Condition cm:R20.0 "anesthesia of skin" site sct:61685007 "lower limb" recorded 2025-06-15
EXPECT emergency E4
