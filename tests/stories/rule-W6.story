STORY W6 symmetric neuropathy after chemotherapy
AT 2025-06-16T09:00Z
RECEIVE Condition c1 sct:254837009 "breast cancer" active
RECEIVE Observation sct:840319006 "paresthesia of bilateral hands" 2025-06-12
CASE a chemotherapy 365 days ago
RECEIVE MedicationAdministration rxn:32592 "oxaliplatin" 2024-06-16
EXPECT watch W6 S7 order none lowered E4
CASE b chemotherapy 366 days ago
RECEIVE MedicationAdministration rxn:32592 "oxaliplatin" 2024-06-15
EXPECT emergency E4
CASE c negated: not given
RECEIVE MedicationAdministration rxn:32592 "oxaliplatin" not-done 2025-03-01
EXPECT emergency E4
CASE d retracted: a look before, and one after
RECEIVE MedicationAdministration ma1 rxn:32592 "oxaliplatin" 2025-03-01
EXPECT watch W6 S7
WITHDRAW ma1
EXPECT emergency E4
CASE e unknown never lowers
RECEIVE MedicationAdministration rxn:32592 "oxaliplatin" modifier 2025-03-01
EXPECT emergency E4 unknown W6
