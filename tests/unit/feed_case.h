/* feed_case: a feed in the fake world, with an engine that only writes down what it is given. */
#ifndef TESTS_UNIT_FEED_CASE_H
#define TESTS_UNIT_FEED_CASE_H

#include "daemon/feed.h"
#include "tests/fake/server.h"

#define START INT64_C(1780000000000)
#define BASE "http://ehr.example/fhir"
#define PUBLIC "https://watch.example"

extern struct queue *queue;
extern struct feed *feed;
extern struct server *server; /* at BASE */
extern struct conf_feed conf;

/* What was committed: jobs of pages, those of the initial load, ends of loads, and how many jobs
 * there were at the last of these. */
extern size_t jobs, backfills, loadeds, loaded_at;
/* The queue takes nothing. */
extern bool full;
/* Texts that were remembered. */
extern size_t n_marks;

/* The text under a key, or "". */
const char *marked(const char *key);
/* Fixture; the feed is not opened. */
void begin(void);
void end(void);
/* A process that remembers what was committed. */
void open_feed(void);
void close_feed(void);
/* Somebody writes that many resources, 10 ms apart: "Condition/c0" and so on. */
void write_many(const char *type, int from, int to);
/* How often was it taken in? */
size_t times(const char *reference);
/* The same of each of them: the most, 0 when one is missing. */
size_t times_each(const char *type, int from, int to);
void fault(struct server_fault f);
struct feed_status status(void);

#endif
