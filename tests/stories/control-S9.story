STORY S9 acute trauma
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
RECEIVE Condition c2 sct:161893008 "back pain worse on sneezing" recorded 2025-06-15
CASE a 72 hours before
RECEIVE Condition sct:81102000 "injury of back" recorded 2025-06-12
EXPECT watch - S9 order none lowered U2
CASE b a day more
RECEIVE Condition sct:81102000 "injury of back" recorded 2025-06-11
EXPECT urgent U2
CASE c an injury that came later than the pain
RECEIVE Condition sct:81102000 "injury of back" recorded 2025-06-16
EXPECT urgent U2
CASE d an emergency stays one, and the trauma is named
RECEIVE Condition sct:81102000 "injury of back" recorded 2025-06-14
RECEIVE Observation sct:22631008 "unsteady when walking" 2025-06-15
EXPECT emergency E2 order stat note "trauma imaging pathway"
CASE e the injury is refuted
RECEIVE Condition sct:81102000 "injury of back" refuted recorded 2025-06-14
EXPECT urgent U2 S1
