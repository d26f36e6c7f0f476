STORY E1 new limb weakness or paralysis
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
CASE a fires on the 28th day; a date counts if it touches the window
RECEIVE Condition sct:26544005 "muscle weakness" recorded 2025-05-19
EXPECT emergency E1 order stat evidence c1 c2
CASE b one day more: recorded too long ago
RECEIVE Condition sct:26544005 "muscle weakness" recorded 2025-05-18
EXPECT watch - S15 order none lowered E1
CASE c the minute before and after the 28th day
RECEIVE Condition sct:26544005 "muscle weakness" recorded 2025-05-19T09:00Z
EXPECT emergency E1
CASE d one minute more
RECEIVE Condition sct:26544005 "muscle weakness" recorded 2025-05-19T08:59Z
EXPECT watch - S15
CASE e negated
RECEIVE Observation sct:26544005 "muscle weakness" value false 2025-06-15
EXPECT none S2
CASE f retracted
RECEIVE Condition c2 sct:26544005 "muscle weakness" recorded 2025-06-15
EXPECT emergency E1
WITHDRAW c2
EXPECT none S1 order none
CASE g unknown: a modifier that nobody knows
RECEIVE Observation sct:26544005 "muscle weakness" modifier 2025-06-15
EXPECT none unknown E1
CASE h unknown: grade of power asked, the answer is not readable
RECEIVE Observation sct:249948009 "grade of muscle power" value "see letter" 2025-06-15
EXPECT none unknown E1
CASE i onset 180 days ago, recorded today
RECEIVE Condition sct:26544005 "muscle weakness" onset 2024-12-18 recorded 2025-06-16
EXPECT emergency E1
CASE j onset 181 days ago: watch, not silence
RECEIVE Condition sct:26544005 "muscle weakness" onset 2024-12-17 recorded 2025-06-16
EXPECT watch - S11 order none lowered E1
CASE k recorded this month and already resolved: watch, not silence
RECEIVE Condition sct:26544005 "muscle weakness" resolved recorded 2025-06-10
EXPECT watch - S11 order none lowered E1
CASE l generalised weakness never alone
RECEIVE Condition cm:R53.1 "weakness" recorded 2025-06-15
RECEIVE Condition cm:M62.81 "muscle weakness (generalized)" recorded 2025-06-15
EXPECT none
CASE m known since March
RECEIVE Condition sct:26544005 "muscle weakness" recorded 2025-03-01
RECEIVE Condition sct:26544005 "muscle weakness" recorded 2025-06-15
EXPECT watch - S15 lowered E1
CASE n known since March, now a graver member
RECEIVE Condition sct:26544005 "muscle weakness" recorded 2025-03-01
RECEIVE Condition sct:60389000 "paraplegia" recorded 2025-06-15
EXPECT emergency E1
CASE o known since March, now coded worse
RECEIVE Condition sct:26544005 "muscle weakness" recorded 2025-03-01
RECEIVE Condition sct:26544005 "muscle weakness" sct:271299001 "condition worsened" recorded 2025-06-15
EXPECT emergency E1
CASE p the last one was 366 days before: new again
RECEIVE Condition sct:26544005 "muscle weakness" recorded 2024-06-14
RECEIVE Condition sct:26544005 "muscle weakness" recorded 2025-06-15
EXPECT emergency E1
CASE q power 4 of 5
RECEIVE Observation sct:249948009 "grade of muscle power" value 4 2025-06-15
EXPECT emergency E1
CASE r answered in a component
RECEIVE Observation site:examination "examination" 2025-06-15 component sct:26544005 "muscle weakness" value true
EXPECT emergency E1
CASE s denied in a component
RECEIVE Observation site:examination "examination" 2025-06-15 component sct:26544005 "muscle weakness" value sct:373067005 "no"
EXPECT none S2
