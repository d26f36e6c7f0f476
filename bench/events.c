#include "bench/events.h"

#include <stdio.h>

#define CODING(system, code, display)                                                              \
	"{\"coding\":[{\"system\":\"" system "\",\"code\":\"" code "\",\"display\":\"" display     \
	"\"},{\"system\":\"http://hospital.example/codes\",\"code\":\"H-" code                     \
	"\",\"display\":\"" display "\"}],\"text\":\"" display "\"}"
#define SCT "http://snomed.info/sct"
#define LNC "http://loinc.org"

/* Of the shipped package. */
static const char *const codes[] = {
	CODING(SCT, "279039007", "Low back pain"),
	CODING(SCT, "36163009", "Pain at night"),
	CODING(SCT, "161893008", "Pain worse on sneezing"),
	CODING(SCT, "44077006", "Numbness"),
	CODING(SCT, "91019004", "Tingling"),
	CODING(SCT, "22325002", "Abnormal gait"),
	CODING(LNC, "38208-5", "Pain severity - Reported"),
	CODING(LNC, "29265-6", "Calcium corrected for albumin"),
};
static const char *const values[] = { "", "", "", "", "", "",
	",\"valueQuantity\":{\"value\":6,\"unit\":\"{score}\",\"system\":"
	"\"http://unitsofmeasure.org\",\"code\":\"{score}\"}",
	",\"valueQuantity\":{\"value\":2.31,\"unit\":\"mmol/L\",\"system\":"
	"\"http://unitsofmeasure.org\",\"code\":\"mmol/L\"}" };

/* The same on every machine. */
static unsigned
draw(unsigned *state, unsigned below)
{
	*state = *state * 1664525u + 1013904223u;
	return (*state >> 8) % below;
}

static void
begin(struct cw_buf *b, const char *type, size_t id, size_t patient)
{
	cw_buf_printf(b,
	    "{\"resourceType\":\"%s\",\"id\":\"4b1d-4c5f-%zu\",\"meta\":{\"versionId\":\"1\","
	    "\"lastUpdated\":\"2026-11-20T08:00:27.480+01:00\",\"profile\":["
	    "\"http://hl7.org/fhir/us/core/StructureDefinition/us-core-observation\"]},\"text\":{"
	    "\"status\":\"generated\",\"div\":\"<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\"><p>"
	    "<b>Entry %zu</b> of the ward, made in the morning</p><p>Seen with the second round; "
	    "see the report.</p></div>\"},\"identifier\":[{\"use\":\"official\",\"system\":"
	    "\"urn:oid:1.2.276.0.76.4.17\",\"value\":\"E-%zu\"}],\"subject\":{\"reference\":"
	    "\"Patient/p%zu\",\"identifier\":{\"system\":\"urn:example:mrn\",\"value\":\"%zu\"},"
	    "\"display\":\"Test, Patient %zu\"},\"encounter\":{\"reference\":\"Encounter/%zu\"}",
	    type, id, id, id, patient, patient, patient, id % 99991);
}

static void
observation(struct cw_buf *b, size_t id, size_t patient, const char *code, const char *value)
{
	begin(b, "Observation", id, patient);
	cw_buf_printf(b,
	    ",\"status\":\"final\",\"category\":[{\"coding\":[{\"system\":"
	    "\"http://terminology.hl7.org/CodeSystem/observation-category\",\"code\":\"exam\","
	    "\"display\":\"Exam\"}],\"text\":\"Exam\"}],\"code\":%s,\"effectiveDateTime\":"
	    "\"2026-11-20T07:%02zu:00+01:00\",\"issued\":\"2026-11-20T08:00:27.480+01:00\","
	    "\"performer\":[{\"reference\":\"Organization/17\",\"display\":\"Ward 4\"}],\"note\":[{"
	    "\"text\":\"Noted on the round; asked again at noon, with the same result.\"}]%s}",
	    code, id % 60, value);
}

static void
condition(struct cw_buf *b, size_t id, size_t patient)
{
	begin(b, "Condition", id, patient);
	cw_buf_puts(b, ",\"clinicalStatus\":{\"coding\":[{\"system\":"
		       "\"http://terminology.hl7.org/CodeSystem/condition-clinical\",\"code\":"
		       "\"active\"}]},\"code\":" CODING(SCT, "254837009",
			   "Malignant neoplasm of breast") ",\"onsetDateTime\":\"2025-03-04\"}");
}

static void
event(struct cw_buf *b, unsigned *seed, size_t id, size_t patient)
{
	unsigned kind = draw(seed, sizeof(codes) / sizeof(codes[0]));

	observation(b, id, patient, codes[kind], values[kind]);
}

static void
alarm_bundle(struct cw_buf *b, size_t id, size_t patient)
{
	cw_buf_printf(b,
	    "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[{\"resource\":{"
	    "\"resourceType\":\"Patient\",\"id\":\"p%zu\",\"identifier\":[{\"system\":"
	    "\"urn:example:mrn\",\"value\":\"%zu\"}]}},{\"resource\":",
	    patient, patient);
	condition(b, id, patient);
	cw_buf_puts(b, "},{\"resource\":");
	observation(b, id, patient, CODING(SCT, "26544005", "Muscle weakness"), "");
	cw_buf_puts(b, "}]}");
}

void
bench_events(struct bench_texts *t, size_t n, size_t patients, size_t first)
{
	unsigned seed = (unsigned)first + 1;
	struct cw_buf b;

	cw_buf_init(&b, 0);
	for (size_t i = 0; i < n; i++) {
		cw_buf_clear(&b);
		event(&b, &seed, first + i, draw(&seed, (unsigned)patients));
		bench_texts_add(t, (struct cw_str){ b.s, b.n });
	}
	cw_buf_fini(&b);
}

void
bench_alarms(struct bench_texts *t, size_t n, size_t first)
{
	unsigned seed = (unsigned)first + 1;
	struct cw_buf b;

	cw_buf_init(&b, 0);
	for (size_t i = 0; i < n; i++) {
		cw_buf_clear(&b);
		if (i % 20 == 0)
			alarm_bundle(&b, first + i, first + i);
		else
			event(&b, &seed, first + i, first + i);
		bench_texts_add(t, (struct cw_str){ b.s, b.n });
	}
	cw_buf_fini(&b);
}
