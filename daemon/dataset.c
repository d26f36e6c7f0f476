#include "daemon/dataset.h"
#include "daemon/cli.h"
#include "fhir/json.h"
#include "fhir/newest.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const size_t LARGEST_FILE = (size_t)2 << 30, LONGEST_LINE = (size_t)512 << 20;
enum {
	MEGABYTE = 1000000,
	MUCH = 50 * MEGABYTE, /* from here on progress is shown */
	STEP = 4 * MEGABYTE
};

void
dataset_init(struct dataset *d, const struct map_terminology *terms, int64_t wall)
{
	*d = (struct dataset){ .wall = wall, .newest = MAP_NO_TIME, .want_newest = true };
	d->record = map_record_new(terms, dataset_note, d);
	d->progress = isatty(STDERR_FILENO) != 0;
}

void
dataset_fini(struct dataset *d)
{
	map_record_free(d->record);
	*d = (struct dataset){ 0 };
}

/* ---- what is told ---- */

void
dataset_quiet(struct dataset *d)
{
	if (d->shown > 0)
		fputs("\r\033[K", stderr);
	d->shown = 0;
}

static void
show_progress(struct dataset *d, size_t bytes)
{
	d->done += bytes;
	if (!d->progress || d->total < MUCH || d->done - d->shown < STEP)
		return;
	d->shown = d->done;
	fprintf(stderr, "\rreading %" PRIu64 " of %" PRIu64 " MB\033[K", d->done / MEGABYTE,
	    d->total / MEGABYTE);
}

static const char *
prefix(enum map_issue_kind kind)
{
	switch (kind) {
	case MAP_ISSUE_SKIPPED:
	case MAP_ISSUE_MALFORMED:
		return "";
	case MAP_ISSUE_PARKED:
		return "not yet evaluated: ";
	case MAP_ISSUE_UNREAD:
		return "unread: ";
	}
	return "";
}

void
dataset_note(void *arg, const struct map_note *note)
{
	struct dataset *d = arg;
	struct cw_err fault = { .code = CW_EVALUE, .line = note->line, .column = note->column };
	char file[4096];

	if (note->kind == MAP_ISSUE_SKIPPED)
		return;
	if (note->kind == MAP_ISSUE_MALFORMED)
		d->malformed++;
	dataset_quiet(d);
	snprintf(file, sizeof(file), "%.*s", CW_ARG(note->file));
	snprintf(fault.path, sizeof(fault.path), "%.*s", CW_ARG(note->path));
	snprintf(fault.text, sizeof(fault.text), "%s%.*s", prefix(note->kind), CW_ARG(note->text));
	(void)cli_fault(file, &fault);
}

static void
tell(struct dataset *d, const char *path, const struct cw_err *fault)
{
	int status;

	dataset_quiet(d);
	status = cli_fault(path, fault);
	if (status == EX_DATAERR)
		d->malformed++;
	else
		d->refused = status;
}

/* ---- texts ---- */

static void
add(struct dataset *d, const char *path, struct cw_str text, size_t line)
{
	struct map_origin from = {
		.file = cw_str(path), .line = line, .feed = CW_STR("file"), .received = MAP_NO_TIME
	};

	if (d->want_newest)
		fhir_newest(text, d->wall, &d->newest);
	map_record_add(d->record, text, &from);
}

static bool
is_blank(struct cw_str s)
{
	size_t i = 0;

	while (i < s.n && (s.s[i] == ' ' || s.s[i] == '\t' || s.s[i] == '\r' || s.s[i] == '\n'))
		i++;
	return i == s.n;
}

static void
read_json(struct dataset *d, const char *path)
{
	struct cw_err fault = { 0 };
	struct cw_buf b;

	cw_buf_init(&b, LARGEST_FILE);
	if (file_read(&b, path, &fault) < 0) {
		tell(d, path, &fault);
	} else {
		add(d, path, (struct cw_str){ b.s == NULL ? "" : b.s, b.n }, 1);
		show_progress(d, b.n);
	}
	cw_buf_fini(&b);
}

/* The next line that is not blank, or FILE_END. What is wrong with a line is told and passed. */
static int
next_line(struct dataset *d, struct file_lines *in, const char *path, struct cw_str *line)
{
	int rc;

	do {
		struct cw_err fault = { 0 };

		rc = file_lines_next(in, line, &fault);
		if (rc < 0)
			tell(d, path, &fault);
		if (rc < 0 && rc != CW_ELIMIT)
			return FILE_END;
		if (rc == CW_OK)
			show_progress(d, line->n + 1);
	} while (rc < 0 || (rc == CW_OK && is_blank(*line)));
	return rc;
}

static void
read_lines(struct dataset *d, struct file_lines *in, const char *path)
{
	struct cw_str line;

	while (next_line(d, in, path, &line) == CW_OK)
		add(d, path, line, file_lines_number(in));
}

/* ---- input whose name does not tell what it is ---- */

/* A line that is a JSON object by itself: the input is NDJSON, or one object in one line. */
static bool
is_whole(struct cw_str line)
{
	struct cw_arena *mem = cw_arena_new(0);
	bool whole = line.n > 0 && memchr(line.s, '{', line.n) != NULL &&
		     fhir_json_valid(line, mem, NULL, NULL) == CW_OK;

	cw_arena_free(mem);
	return whole;
}

/* All that is left, as one text. */
static void
read_rest(struct dataset *d, struct file_lines *in, const char *path, struct cw_buf *text)
{
	struct cw_err fault = { 0 };
	struct cw_str line;
	int rc;

	while ((rc = file_lines_next(in, &line, &fault)) == CW_OK) {
		cw_buf_str(text, line);
		cw_buf_putc(text, '\n');
		show_progress(d, line.n + 1);
	}
	if (rc == FILE_END && text->over)
		rc = cw_fail(&fault, CW_ELIMIT, "longer than the limit of %zu bytes", text->max);
	if (rc < 0)
		tell(d, path, &fault);
	else
		add(d, path, (struct cw_str){ text->s == NULL ? "" : text->s, text->n }, 1);
}

static bool
is_xml(struct cw_str line)
{
	size_t i = line.n >= 3 && memcmp(line.s, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	while (i < line.n && (line.s[i] == ' ' || line.s[i] == '\t'))
		i++;
	return i < line.n && line.s[i] == '<';
}

static void
refuse_xml(struct dataset *d, const char *path)
{
	struct cw_err fault = { 0 };

	(void)cw_fail(&fault, CW_EUNSUPPORTED, "XML is not read yet; convert it to JSON");
	tell(d, path, &fault);
}

/* The first lines of an input, blank ones too, until it is known what it is. */
struct head {
	struct cw_buf text;
	size_t number[2], from[2], upto[2]; /* of the lines that are not blank */
	int n;
	bool whole, xml;
};

/* One text, or one a line? Two lines tell: of an indented object neither is whole. */
static void
read_head(struct head *h, struct file_lines *in)
{
	struct cw_str line;

	while (h->n < 2 && !h->whole && !h->xml && file_lines_next(in, &line, NULL) == CW_OK) {
		bool blank = is_blank(line);

		if (!blank) {
			h->xml = h->n == 0 && is_xml(line);
			h->whole = is_whole(line);
			h->number[h->n] = file_lines_number(in);
			h->from[h->n] = h->text.n;
		}
		cw_buf_str(&h->text, line);
		if (!blank)
			h->upto[h->n++] = h->text.n;
		cw_buf_putc(&h->text, '\n');
	}
}

static void
read_unknown(struct dataset *d, struct file_lines *in, const char *path)
{
	struct head h = { .n = 0 };

	cw_buf_init(&h.text, LARGEST_FILE);
	read_head(&h, in);
	if (h.xml) {
		refuse_xml(d, path);
	} else if (h.whole) {
		for (int i = 0; i < h.n; i++) {
			struct cw_str line = { h.text.s + h.from[i], h.upto[i] - h.from[i] };

			add(d, path, line, h.number[i]);
		}
		read_lines(d, in, path);
	} else {
		read_rest(d, in, path, &h.text);
	}
	cw_buf_fini(&h.text);
}

static void
read_stream(struct dataset *d, const char *path, bool known)
{
	struct cw_err fault = { 0 };
	struct file_lines *in;

	if (file_lines_open(&in, path, LONGEST_LINE, &fault) < 0) {
		tell(d, path, &fault);
		return;
	}
	if (known)
		read_lines(d, in, path);
	else
		read_unknown(d, in, path);
	file_lines_close(in);
}

void
dataset_read(struct dataset *d, const struct file_list *files)
{
	struct stat st;

	for (size_t i = 0; i < files->n; i++) {
		if (stat(files->path[i], &st) == 0)
			d->total += (uint64_t)st.st_size;
	}
	for (size_t i = 0; i < files->n; i++) {
		const char *path = files->path[i];

		switch (file_kind(path)) {
		case FILE_JSON:
			read_json(d, path);
			break;
		case FILE_NDJSON:
			read_stream(d, path, true);
			break;
		case FILE_XML:
			refuse_xml(d, path);
			break;
		case FILE_OTHER:
			read_stream(d, path, false);
			break;
		}
	}
	dataset_quiet(d);
}
