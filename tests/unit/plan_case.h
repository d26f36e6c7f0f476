/* plan_case: a package folder in memory, altered as a case file says, and loaded. */
#ifndef TESTS_PLAN_CASE_H
#define TESTS_PLAN_CASE_H

#include "mappings/plan.h"

enum { CASE_FILES = 40, CASE_REMARKS = 8 };

struct plan_case {
	struct case_file {
		char name[100];
		char *text;
	} file[CASE_FILES];
	size_t files;
	/* what the case file expects */
	char code[20];		 /* "ETYPE"; "" for none: it loads */
	char says[300], at[200]; /* parts of the text and of the path of the error */
	char remark[CASE_REMARKS][200];
	size_t remarks;
	/* loaded */
	struct map_package *package;
	struct map_terminology *terms;
	struct map_plan *plan;
	struct cw_err err;
	int rc;
};

/* Read a folder (below top_srcdir) into a case; the caller calls case_end. */
void case_begin(struct plan_case *c, const char *folder);
/* Alter it: the lines of a case file are
 *   file NAME        what the next lines alter
 *   from TEXT, to TEXT   the first TEXT in it becomes the other (from without to: taken out)
 *   copy NAME        the file, once more under that name
 *   whole TEXT       the file's text
 *   drop             the file is not there
 *   code CODE, says TEXT, at TEXT, remark TEXT   expected
 *   # anything */
void case_alter(struct plan_case *c, const char *file);
/* Replace text in one file; the test fails if it is not there. */
void case_edit(struct plan_case *c, const char *name, const char *from, const char *to);
/* Load package, terminology and plan: c->rc, c->err. */
void case_load(struct plan_case *c);
void case_end(struct plan_case *c);
/* "ETYPE" and so on. */
const char *case_code(int code);
/* The whole of a file below top_srcdir, yours to free. */
char *case_read(const char *path);

#endif
