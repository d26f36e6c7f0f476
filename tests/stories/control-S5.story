STORY S5 already ordered, emergency
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
RECEIVE Observation o1 sct:719232003 "difficulty walking" 2025-06-16
CASE a due at the limit
RECEIVE ServiceRequest sct:411611000119102 "MRI of whole spine" active stat due 2025-06-17T09:00Z
EXPECT emergency E2 S5 order none
CASE b due a minute late: counts as lower
RECEIVE ServiceRequest sct:411611000119102 "MRI of whole spine" active stat due 2025-06-17T09:01Z
EXPECT emergency E2 order stat refers sr1
CASE c asap is lower than stat
RECEIVE ServiceRequest sct:411611000119102 "MRI of whole spine" active asap due 2025-06-17T09:00Z
EXPECT emergency E2 order stat refers sr1
CASE d a draft does not count
RECEIVE ServiceRequest sct:411611000119102 "MRI of whole spine" draft stat due 2025-06-17T09:00Z
EXPECT emergency E2 order stat
CASE e revoked
RECEIVE ServiceRequest sr1 sct:411611000119102 "MRI of whole spine" active stat due 2025-06-17T09:00Z
EXPECT emergency E2 S5 order none
RECEIVE ServiceRequest sr1 sct:411611000119102 "MRI of whole spine" revoked stat due 2025-06-17T09:00Z
EXPECT emergency E2 order stat
CASE f a proposal of another system counts
RECEIVE ServiceRequest sct:411611000119102 "MRI of whole spine" active stat intent proposal due 2025-06-17T09:00Z
EXPECT emergency E2 S5 order none
CASE g an order for an X-ray: pointed to
RECEIVE ServiceRequest sct:1367647005 "X-ray of entire vertebral column" active stat due 2025-06-17T09:00Z
EXPECT emergency E2 order stat refers sr1
CASE h an order is no imaging: U and E hold on
RECEIVE ServiceRequest sct:411611000119102 "MRI of whole spine" completed stat due 2025-06-17T09:00Z
EXPECT emergency E2 order stat
CASE i overdue by a day: it may yet be done
RECEIVE ServiceRequest sct:411611000119102 "MRI of whole spine" active stat due 2025-06-15T09:00Z
EXPECT emergency E2 S5 order none
CASE j overdue by more
RECEIVE ServiceRequest sr1 sct:411611000119102 "MRI of whole spine" active stat due 2025-06-15T08:59Z
EXPECT emergency E2 order stat refers sr1
CASE k without a date it is of the day when it was made
RECEIVE ServiceRequest sct:411611000119102 "MRI of whole spine" active stat authored 2025-06-16T08:00Z
EXPECT emergency E2 S5 order none
CASE l and does not hold for ever
RECEIVE ServiceRequest sr1 sct:411611000119102 "MRI of whole spine" active stat authored 2025-03-01
EXPECT emergency E2 order stat refers sr1
STORY S5-urgent already ordered, urgent
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
RECEIVE Condition c2 sct:161893008 "back pain worse on sneezing" recorded 2025-06-15
CASE a urgent, due at the limit
RECEIVE ServiceRequest sct:411611000119102 "MRI of whole spine" active urgent due 2025-06-23T09:00Z
EXPECT urgent U2 S5 order none
CASE b a day late
RECEIVE ServiceRequest sct:411611000119102 "MRI of whole spine" active urgent due 2025-06-24T09:00Z
EXPECT urgent U2 order urgent refers sr1
CASE c higher than needed
RECEIVE ServiceRequest sct:411611000119102 "MRI of whole spine" active stat due 2025-06-17T09:00Z
EXPECT urgent U2 S5 order none
CASE d routine
RECEIVE ServiceRequest sct:411611000119102 "MRI of whole spine" active routine due 2025-06-17T09:00Z
EXPECT urgent U2 order urgent refers sr1
CASE e overdue by the week
RECEIVE ServiceRequest sct:411611000119102 "MRI of whole spine" active urgent due 2025-06-09T09:00Z
EXPECT urgent U2 S5 order none
CASE f overdue by more
RECEIVE ServiceRequest sr1 sct:411611000119102 "MRI of whole spine" active urgent due 2025-06-09T08:59Z
EXPECT urgent U2 order urgent refers sr1
