STORY V08 E5, the switch for one-sided radicular pain
WHY NICE 24 h against Dutch one week.
PATIENT male 1961
AT 2025-06-16T09:00Z
RECEIVE Condition cm:Z85.46 "history of prostate cancer"
RECEIVE Condition sct:23056005 "sciatica" side right recorded 2025-06-15
CASE a emergency, as NICE has it
SET unilateral_radicular=emergency
EXPECT emergency E5 order stat due 2025-06-17T09:00Z
CASE b urgent, as in the Netherlands
SET unilateral_radicular=urgent
EXPECT urgent E5 order urgent due 2025-06-23T09:00Z
