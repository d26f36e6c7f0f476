STORY U3 severe unremitting spinal pain
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
RECEIVE Condition c2 sct:161891005 "backache" recorded 2025-06-08
CASE a 7 and 7, 24 hours apart
RECEIVE Observation loinc:72514-3 "pain score" value 7 2025-06-14T08:00Z
RECEIVE Observation loinc:72514-3 "pain score" value 7 2025-06-15T08:00Z
EXPECT urgent U3 order urgent
CASE b a minute less apart
RECEIVE Observation loinc:72514-3 "pain score" value 7 2025-06-14T08:00Z
RECEIVE Observation loinc:72514-3 "pain score" value 7 2025-06-15T07:59Z
EXPECT watch W3 order none
CASE c 7 days apart
RECEIVE Observation loinc:72514-3 "pain score" value 7 2025-06-08T08:00Z
RECEIVE Observation loinc:72514-3 "pain score" value 7 2025-06-15T08:00Z
EXPECT urgent U3
CASE d a minute more apart
RECEIVE Observation loinc:72514-3 "pain score" value 7 2025-06-08T08:00Z
RECEIVE Observation loinc:72514-3 "pain score" value 7 2025-06-15T08:01Z
EXPECT watch W3
CASE e 6 is not severe
RECEIVE Observation loinc:72514-3 "pain score" value 6 2025-06-14T08:00Z
RECEIVE Observation loinc:72514-3 "pain score" value 7 2025-06-15T08:00Z
EXPECT watch W3
CASE f 3 between them: it let up
RECEIVE Observation loinc:72514-3 "pain score" value 7 2025-06-14T08:00Z
RECEIVE Observation loinc:72514-3 "pain score" value 3 2025-06-14T20:00Z
RECEIVE Observation loinc:72514-3 "pain score" value 7 2025-06-15T08:00Z
EXPECT watch W3
CASE g 4 between them: it did not
RECEIVE Observation loinc:72514-3 "pain score" value 7 2025-06-14T08:00Z
RECEIVE Observation loinc:72514-3 "pain score" value 4 2025-06-14T20:00Z
RECEIVE Observation loinc:72514-3 "pain score" value 7 2025-06-15T08:00Z
EXPECT urgent U3
CASE h a scale of 100
RECEIVE Observation loinc:38214-3 "visual analog score" value 80 mm 2025-06-14T08:00Z
RECEIVE Observation loinc:38214-3 "visual analog score" value 75 2025-06-15T08:00Z
EXPECT urgent U3
CASE i negated: no data
RECEIVE Observation loinc:72514-3 "pain score" value 7 2025-06-14T08:00Z
RECEIVE Observation loinc:72514-3 "pain score" no-data unknown 2025-06-15T08:00Z
EXPECT watch W3
CASE j retracted
RECEIVE Observation loinc:72514-3 "pain score" value 7 2025-06-14T08:00Z
RECEIVE Observation o2 loinc:72514-3 "pain score" value 7 2025-06-15T08:00Z
EXPECT urgent U3
WITHDRAW o2
EXPECT watch W3 S1 order none
CASE k unknown
RECEIVE Observation loinc:72514-3 "pain score" value 7 2025-06-14T08:00Z
RECEIVE Observation loinc:72514-3 "pain score" value 7 modifier 2025-06-15T08:00Z
EXPECT watch W3 unknown U3
CASE l scores of another place
RECEIVE Observation loinc:72514-3 "pain score" site sct:61685007 "lower limb" value 7 2025-06-14T08:00Z
RECEIVE Observation loinc:72514-3 "pain score" site sct:61685007 "lower limb" value 7 2025-06-15T08:00Z
EXPECT watch W3
CASE m interference is no severity
RECEIVE Observation loinc:77565-0 "pain interference" value 7 2025-06-14T08:00Z
RECEIVE Observation loinc:77565-0 "pain interference" value 7 2025-06-15T08:00Z
EXPECT watch W3
