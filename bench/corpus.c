/* Texts to measure with: generated Observations, and the Synthea patients of the outside suites. */
#include "bench/bench.h"

#include "fhir/json.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A small generator of its own: the same texts on every machine. */
static unsigned
draw(unsigned *state, unsigned below)
{
	*state = *state * 1664525u + 1013904223u;
	return (*state >> 8) % below;
}

static void
head(struct cw_buf *b, unsigned *s)
{
	unsigned id = draw(s, 100000000);

	cw_buf_printf(b,
	    "{\"resourceType\":\"Observation\",\"id\":\"%08x-4b1d-4c5f-9d7e-%012u\",\"meta\":{"
	    "\"versionId\":\"%u\",\"lastUpdated\":\"2025-06-%02uT%02u:%02u:27.480+02:00\","
	    "\"profile\":["
	    "\"http://hl7.org/fhir/us/core/StructureDefinition/"
	    "us-core-observation-lab\"]},\"text\":{"
	    "\"status\":\"generated\",\"div\":\"<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\"><p>"
	    "<b>Measurement %u</b> of the laboratory, taken in the morning</p><p>Received with the "
	    "second batch; see the report.</p></div>\"},",
	    id, draw(s, 1000000), 1 + draw(s, 9), 1 + draw(s, 28), draw(s, 24), draw(s, 60), id);
	cw_buf_printf(b,
	    "\"identifier\":[{\"use\":\"official\",\"system\":\"urn:oid:1.2.276.0.76.4.%u\","
	    "\"value\":"
	    "\"LAB-%u\"}],\"status\":\"final\",\"category\":[{\"coding\":[{\"system\":"
	    "\"http://terminology.hl7.org/CodeSystem/"
	    "observation-category\",\"code\":\"laboratory\","
	    "\"display\":\"Laboratory\"}],\"text\":\"Laboratory\"}],",
	    draw(s, 1000), id);
}

static void
body(struct cw_buf *b, unsigned *s)
{
	unsigned code = 1000 + draw(s, 90000), patient = draw(s, 100000);

	cw_buf_printf(b,
	    "\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"%u-%u\",\"display\":"
	    "\"Analyte %u [Mass/volume] in Serum or Plasma\"},{\"system\":"
	    "\"http://hospital.example/codes/lab\",\"code\":\"L%u\",\"display\":\"Analyte %u\"}],"
	    "\"text\":\"Analyte %u\"},\"subject\":{\"reference\":\"Patient/%u\",\"display\":"
	    "\"Test, Patient %u\"},\"encounter\":{\"reference\":\"Encounter/%u\"},",
	    code, draw(s, 10), code, code, code, code, patient, patient, draw(s, 1000000));
	cw_buf_printf(b,
	    "\"effectiveDateTime\":\"2025-06-%02uT07:%02u:00+02:00\",\"issued\":"
	    "\"2025-06-%02uT09:%02u:27.480+02:00\",\"performer\":[{\"reference\":\"Organization/"
	    "%u\","
	    "\"display\":\"Central laboratory\"}],\"valueQuantity\":{\"value\":%u.%02u,\"unit\":"
	    "\"mg/dL\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"mg/dL\"},",
	    1 + draw(s, 28), draw(s, 60), 1 + draw(s, 28), draw(s, 60), draw(s, 500), draw(s, 300),
	    draw(s, 100));
	cw_buf_puts(b,
	    "\"interpretation\":[{\"coding\":[{\"system\":"
	    "\"http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation\",\"code\":\"N\","
	    "\"display\":\"Normal\"}]}],\"referenceRange\":[{\"low\":{\"value\":3.5,\"unit\":\"mg/"
	    "dL\","
	    "\"system\":\"http://unitsofmeasure.org\",\"code\":\"mg/dL\"},\"high\":{\"value\":150,"
	    "\"unit\":\"mg/dL\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"mg/"
	    "dL\"},\"text\":"
	    "\"3.5 - 150 mg/dL\"}],\"method\":{\"coding\":[{\"system\":\"http://hospital.example/"
	    "codes/method\",\"code\":\"M4\",\"display\":\"Photometry\"}]},\"specimen\":{"
	    "\"reference\":\"Specimen/5534\",\"display\":\"Serum\"},\"device\":{\"reference\":"
	    "\"Device/17\"},\"note\":[{\"text\":\"Slightly lipaemic; measured again after "
	    "dilution, with the same result.\"}]}");
}

void
bench_observations(struct bench_texts *t, size_t n, unsigned seed)
{
	struct cw_buf b;

	cw_buf_init(&b, 0);
	for (size_t i = 0; i < n; i++) {
		cw_buf_clear(&b);
		head(&b, &seed);
		body(&b, &seed);
		bench_texts_add(t, (struct cw_str){ b.s, b.n });
	}
	cw_buf_fini(&b);
}

/* The resources of one Bundle, minified. */
static void
add_bundle(struct bench_texts *t, struct cw_str text)
{
	struct cw_arena *mem = cw_arena_new(0);
	const struct fhir_node *bundle, *e;
	struct cw_buf b;

	cw_buf_init(&b, 0);
	if (fhir_json_read(&bundle, text, mem, NULL, NULL) == 0)
		for (e = fhir_node_get(bundle, "entry"); e != NULL; e = fhir_node_again(e)) {
			cw_buf_clear(&b);
			fhir_json_write(&b, fhir_node_get(e, "resource"), false);
			bench_texts_add(t, (struct cw_str){ b.s, b.n });
		}
	cw_buf_fini(&b);
	cw_arena_free(mem);
}

/* The names of the folder are the suite's own; others are passed over, so no shell sees them. */
static bool
is_plain(const char *name)
{
	size_t n = strlen(name);

	return n > 9 && strcmp(name + n - 9, ".json.bz2") == 0 &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") ==
		   n;
}

static bool
add_file(struct bench_texts *t, const char *folder, const char *name)
{
	char command[1024], piece[65536];
	struct cw_buf b;
	size_t n;
	FILE *in;

	snprintf(command, sizeof(command), "bunzip2 -c '%s/%s'", folder, name);
	in = popen(command, "r");
	if (in == NULL)
		return false;
	cw_buf_init(&b, 0);
	while ((n = fread(piece, 1, sizeof(piece), in)) > 0)
		cw_buf_add(&b, piece, n);
	if (pclose(in) == 0 && b.n > 0)
		add_bundle(t, (struct cw_str){ b.s, b.n });
	n = b.n;
	cw_buf_fini(&b);
	return n > 0;
}

bool
bench_synthea(struct bench_texts *t, size_t files)
{
	const char *suites = getenv("CORDWATCH_SUITES");
	struct dirent **names;
	char folder[512];
	int n;

	snprintf(folder, sizeof(folder), "%s/synthea", suites == NULL ? BENCH_SUITES : suites);
	if (strchr(folder, '\'') != NULL)
		return false;
	n = scandir(folder, &names, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		if (files > 0 && is_plain(names[i]->d_name) &&
		    add_file(t, folder, names[i]->d_name))
			files--;
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	return t->n > 0;
}
