STORY V34 S5, an order exists
WHY An order that is as urgent and in time is enough; anything less is not.
AT 2025-06-16T09:00Z
RECEIVE Condition sct:254637007 "NSCLC" active
RECEIVE Observation sct:719232003 "difficulty walking" 2025-06-16
CASE a whole spine, stat, today
RECEIVE ServiceRequest loinc:30854-4 "MR whole spine" active stat occurrence 2025-06-16T20:00Z
EXPECT emergency E2 S5 order none
CASE b routine and too late: upgrade
RECEIVE ServiceRequest loinc:30854-4 "MR whole spine" active routine occurrence 2025-07-10
EXPECT emergency E2 order stat refers sr1 note "take its place"
CASE c lumbar spine only
RECEIVE ServiceRequest loinc:30679-5 "MR lumbar spine" active stat
EXPECT emergency E2 order stat code 411611000119102 refers sr1
CASE d on hold
RECEIVE ServiceRequest loinc:30854-4 "MR whole spine" on-hold stat occurrence 2025-06-16T20:00Z
EXPECT emergency E2 order stat
