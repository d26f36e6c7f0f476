STORY not-to-be-done an order not to image is no order
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
RECEIVE Observation sct:719232003 "difficulty walking" 2025-06-14
CASE a doNotPerform
RECEIVE files/not-to-be-done.json
EXPECT emergency E2 order stat
CASE b an order
RECEIVE files/to-be-done.json
EXPECT emergency E2 S5 order none
