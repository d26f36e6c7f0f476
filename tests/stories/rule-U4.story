STORY U4 progressive spinal pain
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
CASE a from 2 to 4, three days apart
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-08
RECEIVE Observation loinc:72514-3 "pain score" value 2 2025-06-11T09:00Z
RECEIVE Observation loinc:72514-3 "pain score" value 4 2025-06-14T09:00Z
EXPECT urgent U4 order urgent
CASE b a minute less apart
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-08
RECEIVE Observation loinc:72514-3 "pain score" value 2 2025-06-11T09:00Z
RECEIVE Observation loinc:72514-3 "pain score" value 4 2025-06-14T08:59Z
EXPECT watch W3
CASE c the later one below 4
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-08
RECEIVE Observation loinc:72514-3 "pain score" value 1 2025-06-11T09:00Z
RECEIVE Observation loinc:72514-3 "pain score" value 3 2025-06-14T09:00Z
EXPECT watch W3
CASE d 42 days apart
RECEIVE Condition sct:161891005 "backache" recorded 2025-05-03
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-15
RECEIVE Observation loinc:72514-3 "pain score" value 2 2025-05-04T09:00Z
RECEIVE Observation loinc:72514-3 "pain score" value 4 2025-06-15T09:00Z
EXPECT urgent U4 U9
CASE e a minute more apart
RECEIVE Condition sct:161891005 "backache" recorded 2025-05-03
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-15
RECEIVE Observation loinc:72514-3 "pain score" value 2 2025-05-04T08:59Z
RECEIVE Observation loinc:72514-3 "pain score" value 4 2025-06-15T09:00Z
EXPECT urgent U9
CASE f coded as worse
RECEIVE Condition sct:161891005 "backache" sct:271299001 "condition worsened" recorded 2025-06-15
EXPECT urgent U4
CASE g an Observation says that the pain is worse
RECEIVE Condition c2 sct:161891005 "backache" recorded 2025-06-14
RECEIVE Observation sct:271299001 "condition worsened" focus c2 2025-06-15
EXPECT urgent U4
CASE h an Observation says that something is worse, not what
RECEIVE Condition c2 sct:161891005 "backache" recorded 2025-06-14
RECEIVE Observation sct:271299001 "condition worsened" 2025-06-15
EXPECT watch W3
CASE i negated: no pain at the later time
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-08
RECEIVE Observation loinc:72514-3 "pain score" value 2 2025-06-11T09:00Z
RECEIVE Observation loinc:72514-3 "pain score" value 0 2025-06-14T09:00Z
EXPECT watch W3
CASE j retracted
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-08
RECEIVE Observation loinc:72514-3 "pain score" value 2 2025-06-11T09:00Z
RECEIVE Observation o2 loinc:72514-3 "pain score" value 4 2025-06-14T09:00Z
EXPECT urgent U4
WITHDRAW o2
EXPECT watch W3 S1 order none
CASE k unknown
RECEIVE Condition sct:161891005 "backache" recorded 2025-06-08
RECEIVE Observation loinc:72514-3 "pain score" value 2 2025-06-11T09:00Z
RECEIVE Observation loinc:72514-3 "pain score" value 4 modifier 2025-06-14T09:00Z
EXPECT watch W3 unknown U4
