STORY S2 what "no" and "yes" mean
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
CASE no-1
RECEIVE Observation sct:22631008 "unsteady when walking" value sct:373067005 "no" 2025-06-15
EXPECT none S2
CASE no-2
RECEIVE Observation sct:22631008 "unsteady when walking" value sct:2667000 "absent" 2025-06-15
EXPECT none S2
CASE no-3
RECEIVE Observation sct:22631008 "unsteady when walking" value sct:260385009 "negative" 2025-06-15
EXPECT none S2
CASE no-4
RECEIVE Observation sct:22631008 "unsteady when walking" value sct:410516002 "known absent" 2025-06-15
EXPECT none S2
CASE no-5
RECEIVE Observation sct:22631008 "unsteady when walking" value sct:410594000 "definitely not present" 2025-06-15
EXPECT none S2
CASE no-6
RECEIVE Observation sct:22631008 "unsteady when walking" value loinc:LA32-8 "no" 2025-06-15
EXPECT none S2
CASE no-7
RECEIVE Observation sct:22631008 "unsteady when walking" value http://terminology.hl7.org/CodeSystem/v2-0136|N 2025-06-15
EXPECT none S2
CASE no-8
RECEIVE Observation sct:22631008 "unsteady when walking" value false 2025-06-15
EXPECT none S2
CASE no-9
RECEIVE Observation sct:22631008 "unsteady when walking" value "no" 2025-06-15
EXPECT none S2
CASE no-10
RECEIVE Observation sct:22631008 "unsteady when walking" value "None" 2025-06-15
EXPECT none S2
CASE no-11
RECEIVE Observation sct:22631008 "unsteady when walking" value " absent " 2025-06-15
EXPECT none S2
CASE no-12
RECEIVE Observation sct:22631008 "unsteady when walking" value "NEGATIVE" 2025-06-15
EXPECT none S2
CASE no-13
RECEIVE Observation sct:22631008 "unsteady when walking" value "denied" 2025-06-15
EXPECT none S2
CASE no-14
RECEIVE Observation sct:22631008 "unsteady when walking" value "denies" 2025-06-15
EXPECT none S2
CASE no-15 interpretation NEG
RECEIVE Observation sct:22631008 "unsteady when walking" interpretation NEG 2025-06-15
EXPECT none S2
CASE no-16 interpretation N
RECEIVE Observation sct:22631008 "unsteady when walking" interpretation N 2025-06-15
EXPECT none S2
CASE yes-1
RECEIVE Observation sct:22631008 "unsteady when walking" value sct:373066001 "yes" 2025-06-15
EXPECT emergency E2
CASE yes-2
RECEIVE Observation sct:22631008 "unsteady when walking" value sct:52101004 "present" 2025-06-15
EXPECT emergency E2
CASE yes-3
RECEIVE Observation sct:22631008 "unsteady when walking" value sct:10828004 "positive" 2025-06-15
EXPECT emergency E2
CASE yes-4
RECEIVE Observation sct:22631008 "unsteady when walking" value loinc:LA33-6 "yes" 2025-06-15
EXPECT emergency E2
CASE yes-5
RECEIVE Observation sct:22631008 "unsteady when walking" value http://terminology.hl7.org/CodeSystem/v2-0136|Y 2025-06-15
EXPECT emergency E2
CASE yes-6
RECEIVE Observation sct:22631008 "unsteady when walking" value true 2025-06-15
EXPECT emergency E2
CASE words text that is more than an answer proves nothing
RECEIVE Observation sct:22631008 "unsteady when walking" value "no change" 2025-06-15
EXPECT none unknown E2
CASE question the answer no to a question that a finding answers
RECEIVE Observation sct:366279009 "finding of bladder control" value sct:373067005 "no" 2025-06-15
EXPECT none S2
CASE data one question without data, another finding: only the first is dropped
RECEIVE Observation sct:22631008 "unsteady when walking" no-data asked-declined 2025-06-15
RECEIVE Observation sct:309537005 "numbness of lower limb" 2025-06-15
EXPECT emergency E4
