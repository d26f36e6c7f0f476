STORY S15 recorded too long ago
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active recorded 2001-01-01
CASE a received late
RECEIVE Condition sct:26544005 "muscle weakness" recorded 2025-04-01
EXPECT watch - S15 order none
CASE b a late onset on a fresh record is none
RECEIVE Condition sct:26544005 "muscle weakness" onset 2025-02-01 recorded 2025-06-10
EXPECT emergency E1
CASE c late history does not take a fresh finding down
RECEIVE Condition sct:94602001 "metastasis of vertebral column" active recorded 2024-01-01
RECEIVE Observation sct:1912002 "fall" 2025-06-15
EXPECT emergency E8
CASE d without any time the receipt is the time of record
RECEIVE Condition sct:26544005 "muscle weakness"
EXPECT emergency E1
CASE e only the age at onset is known
RECEIVE Condition sct:26544005 "muscle weakness" onset-age 61 recorded 2025-06-10
EXPECT emergency E1
