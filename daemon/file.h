/* file: bytes from files, folders and standard input, always within a stated size. */
#ifndef DAEMON_FILE_H
#define DAEMON_FILE_H

#include "fhir/base.h"

enum file_kind { FILE_JSON, FILE_NDJSON, FILE_XML, FILE_OTHER };

/* What the end of the name says (letters of either case): .json, .ndjson or .jsonl, .xml. */
enum file_kind file_kind(const char *path);

/* Append all of a file, or of standard input when path is "-", to out, whose maximum is the limit.
 * CW_ENOTFOUND no such file, CW_ELIMIT longer than the limit, CW_EIO any other refusal (a folder
 * too); on failure what was appended is to be ignored. */
CW_CHECK int file_read(struct cw_buf *out, const char *path, struct cw_err *err);

/* Lines one after another, however long the file: memory stays at the longest line. */
struct file_lines;
enum { FILE_END = 1 };

/* Start on a file, or on standard input when path is "-"; no line may be longer than max bytes.
 * Failures as file_read. *out is yours to close. */
CW_CHECK int file_lines_open(
    struct file_lines **out, const char *path, size_t max, struct cw_err *err);
/* The next line without its line end (LF or CRLF), borrowed until the next call; FILE_END after the
 * last. CW_ELIMIT for a line that is too long: it is passed over, and the next call goes on. */
CW_CHECK int file_lines_next(struct file_lines *f, struct cw_str *line, struct cw_err *err);
/* The number of the line last given, from 1. */
size_t file_lines_number(const struct file_lines *f);
/* Close; NULL is allowed. */
void file_lines_close(struct file_lines *f);

/* Paths in the order in which they are to be read. */
struct file_list {
	char **path;
	size_t n;
};

/* Add path: a file whatever its name, "-", or a folder, which stands for all .json, .ndjson and
 * .xml files below it in byte order of their paths. Names that start with a dot are passed over,
 * and so are symbolic links to folders (no cycles). What cannot be reached below a folder, a link
 * to nowhere, say, is in the list all the same: reading it tells. CW_ENOTFOUND, CW_EIO. Start from
 * a zeroed list. */
CW_CHECK int file_list_add(struct file_list *list, const char *path, struct cw_err *err);
/* Free the paths. */
void file_list_fini(struct file_list *list);

#endif
