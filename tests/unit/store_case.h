/* store_case: a store in a folder of its own, open before each test. */
#ifndef TESTS_UNIT_STORE_CASE_H
#define TESTS_UNIT_STORE_CASE_H

#include "daemon/store_internal.h"

#include <check.h>

extern struct store *s;
extern struct cw_arena *arena;
extern struct cw_err err;

#define OK(call) ck_assert_msg((call) == 0, "%s: %s", #call, err.text)
#define GIVES(call, code)                                                                          \
	do {                                                                                       \
		int gave_ = (call);                                                                \
		ck_assert_msg(gave_ == (code), "%s: %d, %s", #call, gave_, err.text);              \
		err = (struct cw_err){ 0 };                                                        \
	} while (0)
#define IS(str, text) ck_assert_msg(cw_str_is(str, text), "'%.*s' is not '%s'", CW_ARG(str), text)

/* Into a new folder, with its store open in "db"; out of it again, and away with it. */
void store_enter(void);
void store_leave(void);
/* Close it and open it again. */
void store_reopen(void);
/* The number of a patient of realm 1. */
int64_t store_case_patient(const char *key);
/* A resource with something else in each member. */
struct store_resource store_case_resource(int64_t of, const char *key, enum store_form form);
/* An alert that was entered; its key and request are these letters. */
struct store_alert store_case_alert(int64_t of, const char *key);
/* Run the tests of a suite; the exit status. */
int store_case_run(Suite *suite);

#endif
