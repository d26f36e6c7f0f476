#include "bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

double
bench_cpu(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void
bench_use(const void *p)
{
	__asm__ volatile("" : : "g"(p) : "memory");
}

static double
time_of(bench_fn *fn, void *ctx, size_t rounds)
{
	double from = bench_cpu();

	for (size_t i = 0; i < rounds; i++)
		fn(ctx);
	return (bench_cpu() - from) / (double)rounds;
}

size_t
bench_rounds(bench_fn *fn, void *ctx, double seconds)
{
	size_t rounds = 1;
	double one = time_of(fn, ctx, 1);

	while (one * (double)rounds < seconds / 10) {
		rounds *= 4;
		one = time_of(fn, ctx, rounds);
	}
	rounds = (size_t)(seconds / one);
	return rounds == 0 ? 1 : rounds;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

enum { MOST_PAIRS = 99 };

struct bench_ratio
bench_ratio_of(double *baseline, double *subject, size_t n)
{
	double ratio[MOST_PAIRS];

	for (size_t i = 0; i < n; i++)
		ratio[i] = baseline[i] / subject[i];
	qsort(baseline, n, sizeof(*baseline), by_value);
	qsort(subject, n, sizeof(*subject), by_value);
	qsort(ratio, n, sizeof(*ratio), by_value);
	return (struct bench_ratio){ .median = ratio[n / 2],
		.low = ratio[n / 4],
		.high = ratio[n - 1 - n / 4],
		.baseline = baseline[n / 2],
		.subject = subject[n / 2] };
}

struct bench_ratio
bench_compare(
    bench_fn *baseline, void *baseline_ctx, bench_fn *subject, void *subject_ctx, int pairs)
{
	double a[MOST_PAIRS], b[MOST_PAIRS];
	size_t na = bench_rounds(baseline, baseline_ctx, 0.05);
	size_t nb = bench_rounds(subject, subject_ctx, 0.05);
	size_t n = pairs < 7 ? 7 : pairs > MOST_PAIRS ? MOST_PAIRS : (size_t)pairs;

	for (size_t i = 0; i < n; i++) {
		a[i] = time_of(baseline, baseline_ctx, na);
		b[i] = time_of(subject, subject_ctx, nb);
	}
	return bench_ratio_of(a, b, n);
}

bool
bench_line(const char *name, const char *what, struct bench_ratio r, double bar, bool at_most)
{
	bool met = at_most ? r.median <= bar : r.median >= bar;
	bool noisy = r.high - r.low > r.median / 3 && r.low < bar && r.high > bar;

	printf("%s %s %.2f %.2f %s\n", name, what, r.median, bar,
	    noisy ? "busy"
	    : met ? "ok"
		  : "short");
	fflush(stdout);
	return met || noisy;
}

void
bench_texts_add(struct bench_texts *t, struct cw_str text)
{
	char *copy = cw_malloc(text.n + 1);

	memcpy(copy, text.s, text.n);
	copy[text.n] = '\0';
	if ((t->n & (t->n - 1)) == 0)
		t->v = cw_realloc(t->v, (t->n == 0 ? 1 : t->n * 2) * sizeof(*t->v));
	t->v[t->n++] = (struct cw_str){ copy, text.n };
	t->bytes += text.n;
}

void
bench_texts_free(struct bench_texts *t)
{
	for (size_t i = 0; i < t->n; i++)
		free((char *)(uintptr_t)t->v[i].s);
	free(t->v);
	*t = (struct bench_texts){ NULL, 0, 0 };
}
