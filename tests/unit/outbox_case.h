/* outbox_case: an outbox in the fake world, with an engine that only writes down what it is told.
 */
#ifndef TESTS_UNIT_OUTBOX_CASE_H
#define TESTS_UNIT_OUTBOX_CASE_H

#include "daemon/outbox.h"
#include "tests/fake/server.h"

#define START INT64_C(1780000000000)
#define BASE "http://target.example/fhir"
#define OTHER "http://source.example/fhir"
#define ID "0b1c2d3e-0000-8000-8000-00000000000"
#define KEY "key-of-the-alert-"

/* What the outbox said of its errands, in order. */
struct told {
	int64_t errand, at, next;
	enum delivery delivery;
	bool doubtful;
	int status;
	char text[300], version[32];
};
extern struct told told[2000];
extern size_t n_told;
extern char printed[2000];
extern bool drained;
extern struct queue *queue;
extern struct outbox *box;
extern struct server *server; /* at BASE, with Patient/p1 who is urn:mrn|4 7 */
extern struct conf_target target;

/* Fixture. */
void begin(void);
void end(void);
/* Another process in the same world. */
void open_outbox(void);
void close_outbox(void);
/* Errand n, of the alert n unless changed. */
struct report *errand(int n, enum store_errand what);
/* Let it be brought for that long; the last outcome. */
enum delivery bring(struct report *r, int64_t ms);
/* The ServiceRequest of errand n as the server has it. */
const char *stored(int n);
void fault(struct server_fault f);
/* For outbox_drain. */
void set_drained(void *arg);

#endif
