/* dataset: the files of a command line as one data set, split by patient (cordwatch(1), evaluate).
 *
 * A .json file is one text, an .ndjson file one text a line; other names and standard input are
 * looked at first.  Lines are read one at a time, so a stream of any length takes the memory of its
 * longest line and of what is kept. */
#ifndef DAEMON_DATASET_H
#define DAEMON_DATASET_H

#include "daemon/file.h"
#include "mappings/record.h"

struct dataset {
	struct map_record *record;
	int64_t wall;		     /* now, UTC ms */
	int64_t newest;		     /* latest time in the data not after wall, or MAP_NO_TIME */
	size_t malformed;	     /* faults told so far: exit 65 if there is one */
	int refused;		     /* exit status of a file that could not be read; 0: none */
	bool want_newest;	     /* look for it: costs a second look at every byte */
	bool progress;		     /* a line on stderr while much is read */
	uint64_t done, total, shown; /* bytes, for that line */
};

/* Start an empty data set over terms, which must outlive it; wall is now, UTC ms. */
void dataset_init(struct dataset *d, const struct map_terminology *terms, int64_t wall);
/* Free what it holds. */
void dataset_fini(struct dataset *d);

/* Read all files of the list. What is malformed or cannot be read is told on stderr, noted above,
 * and passed over. */
void dataset_read(struct dataset *d, const struct file_list *files);
/* One line on stderr for something found in the data: malformed, unread or parked. What is cleanly
 * skipped is not told. The callback of the record; arg is the struct dataset. */
void dataset_note(void *arg, const struct map_note *note);
/* Wipe the progress line, before anything else is printed. */
void dataset_quiet(struct dataset *d);

#endif
