# A package about something else entirely, on the same program:
# CORDWATCH_PACKAGE=tests/data/plan/valid/sepsis cordwatch test tests/data/plan/valid/sepsis.story
STORY SEPSIS three rules of another package
PATIENT female 1976
AT 2025-06-16T09:00Z

CASE a several signs with an infection
RECEIVE Condition urn:example:CodeSystem:ward|W-PNEU "pneumonia" active recorded 2025-06-16
RECEIVE Observation urn:example:CodeSystem:ward|W-TEMP value 38.9 Cel 2025-06-16T07:00Z
RECEIVE Observation urn:example:CodeSystem:ward|W-HR value 112 /min 2025-06-16T08:00Z
EXPECT urgent R2 code W-SET due 2025-06-16T15:00Z evidence c1 o1 o2

CASE b the ordered set is not ordered again
RECEIVE Condition urn:example:CodeSystem:ward|W-PNEU "pneumonia" active recorded 2025-06-16
RECEIVE Observation urn:example:CodeSystem:ward|W-LAC value 4.1 mmol/L 2025-06-16T08:00Z
RECEIVE ServiceRequest urn:example:CodeSystem:ward|W-SET active stat authored 2025-06-16T08:30Z
EXPECT emergency R1 controls C3 order none

CASE c a lactate at the limit
RECEIVE Condition urn:example:CodeSystem:ward|W-PNEU "pneumonia" active recorded 2025-06-16
RECEIVE Observation urn:example:CodeSystem:ward|W-LAC value 4 mmol/L 2025-06-15T09:00Z
EXPECT emergency R1 due 2025-06-16T10:00Z note "Repeat the lactate"

CASE d fever alone, then withdrawn
RECEIVE Observation urn:example:CodeSystem:ward|W-TEMP value 38.9 Cel 2025-06-16T07:00Z
EXPECT watch R3
WITHDRAW o1
EXPECT none controls C1

CASE e what the base package is about means nothing here
RECEIVE Condition sct:254837009 "breast cancer" active
RECEIVE Condition sct:26544005 "weakness" recorded 2025-06-16
EXPECT none no-line
