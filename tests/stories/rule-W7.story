STORY W7 neurology with another recorded cause
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
RECEIVE Condition sct:127377003 "unilateral paresis" recorded 2025-06-15
CASE a a stroke 30 days before
RECEIVE Condition sct:432504007 "cerebral infarction" recorded 2025-05-16
EXPECT watch W7 S17 order none lowered E1
CASE b a stroke 31 days before
RECEIVE Condition sct:432504007 "cerebral infarction" recorded 2025-05-15
EXPECT emergency E1
CASE c negated
RECEIVE Condition sct:432504007 "cerebral infarction" refuted recorded 2025-06-14
EXPECT emergency E1
CASE d retracted
RECEIVE Condition c3 sct:432504007 "cerebral infarction" recorded 2025-06-14
EXPECT watch W7 S17
WITHDRAW c3
EXPECT emergency E1
CASE e unknown never lowers
RECEIVE Condition sct:432504007 "cerebral infarction" modifier recorded 2025-06-14
EXPECT emergency E1 unknown W7
CASE f multiple sclerosis
RECEIVE Condition sct:24700007 "multiple sclerosis" recorded 2015-01-01
EXPECT watch W7 S17
