#include "bench/patients.h"

#include "fhir/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Codes of the shipped package. */
#define SCT "http://snomed.info/sct"
#define LNC "http://loinc.org"
#define CANCER SCT, "363346000"
#define BONE SCT, "94222008"
#define SPINE SCT, "94602001"
#define SKIN SCT, "254701007"
#define BACK SCT, "279039007"
#define THORAX SCT, "267981009"
#define NIGHT SCT, "36163009"
#define SNEEZE SCT, "161893008"
#define TENDER SCT, "275316003"
#define CLAUDICATION SCT, "240219003"
#define SCORE LNC, "38208-5"
#define CALCIUM LNC, "29265-6"
#define WEAK SCT, "26544005"
#define GAIT SCT, "22325002"
#define BLADDER SCT, "267064002"
#define NUMB SCT, "44077006"
#define TINGLE SCT, "91019004"
#define ROOT SCT, "11679003"
#define REFLEX SCT, "86854008"
#define SADDLE SCT, "449813001"
#define FALL SCT, "1912002"
#define POLYNEUROPATHY SCT, "7339009"
#define STROKE SCT, "230690007"
#define CHEST SCT, "29857009"
#define TERMINAL SCT, "182964004"
#define PACEMAKER SCT, "307280005"
#define INJURY SCT, "262521009"
#define KYPHOSIS SCT, "414564002"
#define SCAN SCT, "411611000119102"

/* type: C Condition, R Condition that is resolved, N Observation that says absent, O Observation,
 * P Procedure, D DiagnosticReport, S order; times times, every days days back from ago. */
struct row {
	char type;
	const char *system, *code;
	int ago, times, every;
	int value; /* of an Observation; -1: none */
};

static const struct row emergency[] = {
	{ 'C', CANCER, 700, 2, 30, -1 },
	{ 'C', SPINE, 150, 1, 0, -1 },
	{ 'C', BACK, 1, 5, 20, -1 },
	{ 'O', SCORE, 1, 6, 2, 8 },
	{ 'O', NIGHT, 3, 2, 4, -1 },
	{ 'O', WEAK, 1, 2, 3, -1 },
	{ 'O', NUMB, 2, 2, 1, -1 },
	{ 'O', GAIT, 2, 1, 0, -1 },
	{ 'O', BLADDER, 1, 1, 0, -1 },
	{ 'O', REFLEX, 1, 1, 0, -1 },
	{ 'O', SADDLE, 1, 1, 0, -1 },
	{ 'O', FALL, 4, 2, 10, -1 },
	{ 'O', CALCIUM, 6, 2, 20, 3 },
	{ 'C', POLYNEUROPATHY, 100, 1, 0, -1 },
	{ 'C', KYPHOSIS, 40, 1, 0, -1 },
};
static const struct row urgent[] = {
	{ 'C', CANCER, 700, 1, 0, -1 },
	{ 'C', BONE, 90, 1, 0, -1 },
	{ 'C', BACK, 2, 5, 12, -1 },
	{ 'C', THORAX, 3, 3, 15, -1 },
	{ 'O', SCORE, 1, 10, 2, 8 },
	{ 'O', NIGHT, 2, 2, 4, -1 },
	{ 'O', SNEEZE, 2, 1, 0, -1 },
	{ 'O', TENDER, 2, 1, 0, -1 },
	{ 'O', CLAUDICATION, 2, 1, 0, -1 },
	{ 'O', CALCIUM, 6, 2, 20, 3 },
	{ 'C', PACEMAKER, 900, 1, 0, -1 },
	{ 'D', SCAN, 300, 1, 0, -1 },
	{ 'C', THORAX, 200, 1, 0, -1 },
};
/* Lowered and answered by several controls, each of which has to be left out once. */
static const struct row watch[] = {
	{ 'C', SKIN, 700, 1, 0, -1 },
	{ 'C', STROKE, 12, 1, 0, -1 },
	{ 'C', TERMINAL, 5, 1, 0, -1 },
	{ 'P', INJURY, 3, 1, 0, -1 },
	{ 'D', SCAN, 4, 2, 3, -1 },
	{ 'O', WEAK, 10, 3, 40, -1 },
	{ 'O', NUMB, 9, 3, 40, -1 },
	{ 'O', TINGLE, 9, 2, 40, -1 },
	{ 'O', GAIT, 9, 2, 40, -1 },
	{ 'O', ROOT, 9, 2, 50, -1 },
	{ 'C', BACK, 8, 4, 20, -1 },
	{ 'O', NIGHT, 8, 2, 4, -1 },
	{ 'O', SCORE, 8, 4, 2, 8 },
	{ 'C', CHEST, 8, 1, 0, -1 },
	{ 'N', BLADDER, 8, 1, 0, -1 },
};
/* Old, resolved or denied: every control that takes away catches something. */
static const struct row none[] = {
	{ 'C', CANCER, 4000, 1, 0, -1 },
	{ 'R', WEAK, 500, 4, 60, -1 },
	{ 'O', NUMB, 500, 4, 60, -1 },
	{ 'O', GAIT, 900, 3, 60, -1 },
	{ 'O', TINGLE, 800, 3, 60, -1 },
	{ 'C', CHEST, 20, 3, 60, -1 },
	{ 'N', BLADDER, 8, 3, 20, -1 },
	{ 'N', SADDLE, 8, 2, 20, -1 },
	{ 'R', BACK, 300, 4, 60, -1 },
	{ 'C', BACK, 400, 3, 60, -1 },
};
/* A scan and an order after everything: nothing is sent, and several controls say so. */
static const struct row answered[] = {
	{ 'C', CANCER, 700, 1, 0, -1 },
	{ 'C', SPINE, 150, 1, 0, -1 },
	{ 'D', SCAN, 2, 2, 1, -1 },
	{ 'S', SCAN, 1, 2, 1, -1 },
	{ 'P', INJURY, 20, 1, 0, -1 },
	{ 'C', TERMINAL, 5, 1, 0, -1 },
	{ 'C', BACK, 4, 4, 20, -1 },
	{ 'O', SCORE, 4, 6, 2, 8 },
	{ 'O', NIGHT, 4, 2, 4, -1 },
	{ 'O', WEAK, 18, 2, 20, -1 },
	{ 'O', NUMB, 18, 2, 20, -1 },
	{ 'O', GAIT, 18, 2, 20, -1 },
	{ 'O', FALL, 18, 2, 10, -1 },
	{ 'R', ROOT, 60, 1, 0, -1 },
	{ 'N', BLADDER, 8, 1, 0, -1 },
};

#define ROWS(a) #a, (a), sizeof(a) / sizeof((a)[0])
static const struct {
	const char *name;
	const struct row *row;
	size_t n;
} patient[BENCH_PATIENTS] = { { ROWS(emergency) }, { ROWS(urgent) }, { ROWS(watch) },
	{ ROWS(none) }, { ROWS(answered) } };

const char *
bench_patient_name(size_t i)
{
	return patient[i].name;
}

static void
coding(struct cw_buf *b, const char *key, const char *system, const char *code)
{
	cw_buf_printf(
	    b, ",\"%s\":{\"coding\":[{\"system\":\"%s\",\"code\":\"%s\"}]}", key, system, code);
}

static void
condition(struct cw_buf *b, const struct row *r, const char *day)
{
	static const char *const status = "http://terminology.hl7.org/CodeSystem/"
					  "condition-clinical";

	coding(b, "clinicalStatus", status, r->type == 'R' ? "resolved" : "active");
	cw_buf_printf(b, ",\"recordedDate\":\"%s\"", day);
}

static void
observation(struct cw_buf *b, const struct row *r, const char *day)
{
	cw_buf_printf(b, ",\"status\":\"final\",\"effectiveDateTime\":\"%sT08:00:00Z\"", day);
	if (r->type == 'N')
		cw_buf_puts(b, ",\"valueBoolean\":false");
	else if (cw_str_is(cw_str(r->code), "29265-6"))
		cw_buf_printf(b,
		    ",\"valueQuantity\":{\"value\":%d,\"unit\":\"mmol/L\",\"system\":"
		    "\"http://unitsofmeasure.org\",\"code\":\"mmol/L\"}",
		    r->value);
	else if (r->value >= 0)
		cw_buf_printf(b,
		    ",\"valueQuantity\":{\"value\":%d,\"system\":\"http://unitsofmeasure.org\","
		    "\"code\":\"{score}\"}",
		    r->value);
}

static void
resource(struct cw_buf *b, const struct row *r, unsigned id, int64_t when)
{
	static const char types[] = "CRNOPDS";
	static const char *const names[] = { "Condition", "Condition", "Observation", "Observation",
		"Procedure", "DiagnosticReport", "ServiceRequest" };
	char day[FHIR_TIME_TEXT];
	size_t type = 0;

	fhir_time_format_utc(when, day);
	day[strlen("2025-06-16")] = '\0';
	while (types[type] != r->type)
		type++;
	cw_buf_printf(b,
	    ",{\"resource\":{\"resourceType\":\"%s\",\"id\":\"r%u\",\"subject\":{\"reference\":"
	    "\"Patient/p\"}",
	    names[type], id);
	coding(b, "code", r->system, r->code);
	if (r->type == 'C' || r->type == 'R')
		condition(b, r, day);
	else if (r->type == 'N' || r->type == 'O')
		observation(b, r, day);
	else if (r->type == 'P')
		cw_buf_printf(b, ",\"status\":\"completed\",\"performedDateTime\":\"%s\"", day);
	else if (r->type == 'D')
		cw_buf_printf(b, ",\"status\":\"final\",\"effectiveDateTime\":\"%s\"", day);
	else
		cw_buf_printf(b,
		    ",\"status\":\"active\",\"intent\":\"order\",\"priority\":\"stat\","
		    "\"authoredOn\":\"%s\"",
		    day);
	cw_buf_puts(b, "}}");
}

static void
write_bundle(struct cw_buf *b, size_t i)
{
	unsigned id = 0;

	cw_buf_puts(b,
	    "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[{\"resource\":{"
	    "\"resourceType\":\"Patient\",\"id\":\"p\"}}");
	for (size_t k = 0; k < patient[i].n; k++) {
		const struct row *r = &patient[i].row[k];

		for (int t = 0; t < r->times; t++)
			resource(
			    b, r, id++, BENCH_NOW - (int64_t)(r->ago + t * r->every) * 86400000);
	}
	cw_buf_puts(b, "]}");
}

void
bench_patient(
    struct map_case *out, const struct map_terminology *terms, size_t i, struct cw_arena *arena)
{
	struct map_record *record = map_record_new(terms, NULL, NULL);
	struct map_origin origin = { .received = MAP_NO_TIME };
	struct cw_err err = { 0 };
	struct cw_buf b;

	cw_buf_init(&b, 0);
	write_bundle(&b, i);
	map_record_add(record, (struct cw_str){ b.s, b.n }, &origin);
	if (map_record_patients(record) != 1 ||
	    map_record_patient(out, record, 0, BENCH_NOW, arena, &err) < 0 || out->findings < 29 ||
	    out->findings > 33) {
		fprintf(stderr, "patient %s: %zu findings: %s\n", patient[i].name, out->findings,
		    err.text);
		exit(EXIT_FAILURE);
	}
	map_record_free(record);
	cw_buf_fini(&b);
}
