/* JSON text to findings as the daemon does it: the sift, and for what passes the tree, the shape
 * check and the reader. */
#ifndef BENCH_READER_H
#define BENCH_READER_H

#include "bench/bench.h"
#include "mappings/finding.h"
#include "mappings/sift.h"

struct bench_reader {
	const struct bench_texts *texts;
	const struct map_terminology *terms;
	struct cw_arena *mem, *keep;
	struct map_findings found;
	size_t passed, findings; /* of the last round */
};

void bench_reader_init(
    struct bench_reader *r, const struct bench_texts *texts, const struct map_terminology *terms);
void bench_reader_fini(struct bench_reader *r);

/* Read all texts once: a bench_fn on a struct bench_reader. */
void bench_read(void *reader);

/* Add the texts of from to to, every twentieth text being one whose code the package maps. */
void bench_mix(struct bench_texts *to, const struct bench_texts *from);

/* Number i of 18 digits or fewer with the form and check digit of a SNOMED CT concept, of the
 * namespace 0000000 that nobody has: no code at all. */
void bench_identifier(char *out, size_t size, size_t i);

#endif
