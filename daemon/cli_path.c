#include "daemon/cli.h"
#include "daemon/file.h"
#include "fhir/json.h"
#include "fhir/path.h"
#include "fhir/quantity.h"
#include "fhir/types.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MOST_INPUT = 512 << 20, MOST_MEMORY = 1 << 30 };

/* One run of the command. */
struct job {
	struct cw_arena *mem;
	const struct fhir_model *model;
	struct fhir_path_scope *scope;
	struct fhir_path *path;
	struct fhir_path_session *session;
	struct cw_buf input;
	struct fhir_item item; /* what the input holds */
	bool any;	       /* is there an input? */
	bool ndjson;
	const char *expression;
};

/* The items of a JSON value: those of an array, else the value itself. */
static size_t
items_of(const struct job *job, const struct fhir_node *node, struct fhir_item **out)
{
	const struct fhir_node *first = node->kind == FHIR_ARRAY ? node->child : node;
	size_t n = 0;

	for (const struct fhir_node *c = first; c != NULL; c = c->next)
		n++;
	*out = cw_alloc(job->mem, n * sizeof(**out));
	if (*out == NULL)
		return 0;
	n = 0;
	for (const struct fhir_node *c = first; c != NULL; c = c->next) {
		if (c->kind != FHIR_NULL)
			(*out)[n++] = fhir_item_resource(job->model, c);
	}
	return n;
}

/* The line of the expression that holds column `at` (1-based, bytes), and a caret under it. */
static void
point_at(const char *expression, size_t at)
{
	size_t from = at > strlen(expression) ? strlen(expression) : at - 1, to;

	to = from + strcspn(expression + from, "\n");
	at = from;
	while (from > 0 && expression[from - 1] != '\n')
		from--;
	cli_print(stderr, "  %.*s\n", (int)(to - from), expression + from);
	fputs("  ", stderr);
	for (size_t i = from; i < at; i++) {
		if (((unsigned char)expression[i] & 0xc0) != 0x80)
			fputc(' ', stderr);
	}
	fputs("^\n", stderr);
}

static void
say_expression(const struct job *job, const struct cw_err *err)
{
	cli_print(stderr, "cordwatch path: %s\n", err->text);
	if (err->column > 0)
		point_at(job->expression, err->column);
}

/* Declares %NAME for each --var, so that the expression may use it. */
static int
declare(struct job *job, const struct cli_args *args)
{
	const struct fhir_path_type any = { .kind = FHIR_ITEM_ANY, .many = true };
	const char *var, *equals;

	for (size_t i = 0; (var = cli_nth(args, "var", i)) != NULL; i++) {
		struct cw_err err = { 0 };
		size_t slot;

		equals = strchr(var, '=');
		if (equals == NULL || equals == var)
			return cli_usage(args, "--var needs NAME=JSON, not '%s'", var);
		if (fhir_path_scope_declare(job->scope,
			(struct cw_str){ var, (size_t)(equals - var) }, &any, &slot, &err) < 0)
			return cli_usage(args, "--var %s: %s", var, err.text);
	}
	return EX_OK;
}

static int
bind(struct job *job, const struct cli_args *args)
{
	const char *var;

	for (size_t i = 0; (var = cli_nth(args, "var", i)) != NULL; i++) {
		const char *json = strchr(var, '=') + 1;
		const struct fhir_node *node;
		struct cw_err err = { 0 };
		struct fhir_item *items;
		size_t n;

		if (fhir_json_read(&node, cw_str(json), job->mem, NULL, &err) < 0)
			return cli_usage(args, "--var %s: %s", var, err.text);
		n = items_of(job, node, &items);
		fhir_path_set(job->session,
		    (size_t)fhir_path_scope_find(
			job->scope, (struct cw_str){ var, (size_t)(json - 1 - var) }),
		    items, n, 0);
	}
	return EX_OK;
}

static int
read_input(struct job *job, const char *file)
{
	const struct fhir_node *root;
	struct cw_err err = { 0 };

	if (file == NULL)
		return EX_OK;
	cw_buf_init(&job->input, MOST_INPUT);
	if (file_read(&job->input, file, &err) < 0 ||
	    fhir_json_read(
		&root, (struct cw_str){ job->input.s, job->input.n }, job->mem, NULL, &err) < 0)
		return cli_fault(file, &err);
	if (root->kind != FHIR_OBJECT) {
		cw_fail_at(&err, CW_ETYPE, 1, 0, NULL, "not a JSON object");
		return cli_fault(file, &err);
	}
	job->item = fhir_item_resource(job->model, root);
	job->any = true;
	return EX_OK;
}

static void
on_unsure(void *user, const struct fhir_path *path, size_t at, const char *op,
    const struct fhir_item *left, const struct fhir_item *right)
{
	struct job *job = user;
	struct cw_str l = fhir_item_text(job->mem, job->model, left);
	struct cw_str r = fhir_item_text(job->mem, job->model, right);

	if (path != job->path)
		return;
	cli_print(
	    stderr, "cordwatch path: note: %.*s %s %.*s has no answer\n", CW_ARG(l), op, CW_ARG(r));
	point_at(job->expression, at);
}

static void
print_quantity(struct fhir_json_out *o, const struct fhir_quantity *q)
{
	char text[FHIR_DECIMAL_TEXT];

	fhir_json_out_object(o);
	fhir_json_out_key(o, "value");
	fhir_json_out_raw(o, fhir_decimal_format(&q->value, text));
	fhir_json_out_member(o, "unit", q->unit);
	fhir_json_out_object_end(o);
}

static void
print_json(struct job *job, const struct fhir_item *item, struct cw_buf *line)
{
	struct cw_str type = fhir_item_type_name(job->mem, job->model, item);
	struct fhir_json_out o;

	fhir_json_out_init(&o, line, false);
	fhir_json_out_object(&o);
	fhir_json_out_member(&o, "type", type);
	fhir_json_out_key(&o, "value");
	switch ((enum fhir_item_kind)item->kind) {
	case FHIR_ITEM_NODE:
		fhir_json_out_node(&o, item->node);
		break;
	case FHIR_ITEM_BOOLEAN:
	case FHIR_ITEM_INTEGER:
	case FHIR_ITEM_LONG:
	case FHIR_ITEM_DECIMAL:
		fhir_json_out_raw(&o, fhir_item_text(job->mem, job->model, item));
		break;
	case FHIR_ITEM_QUANTITY:
		print_quantity(&o, item->quantity);
		break;
	case FHIR_ITEM_STRING:
	case FHIR_ITEM_DATE:
	case FHIR_ITEM_DATETIME:
	case FHIR_ITEM_TIME:
	case FHIR_ITEM_RECORD:
	case FHIR_ITEM_TYPE:
	case FHIR_ITEM_ANY:
		fhir_json_out_string(&o, fhir_item_text(job->mem, job->model, item));
		break;
	}
	fhir_json_out_object_end(&o);
}

static void
print_text(struct job *job, const struct fhir_item *item, struct cw_buf *line)
{
	struct cw_str text = fhir_item_text(job->mem, job->model, item);

	if (text.s != NULL)
		cw_buf_str(line, text);
	else if (item->kind == FHIR_ITEM_NODE)
		fhir_json_write(line, item->node, false);
}

static void
print(struct job *job, const struct fhir_coll *items)
{
	bool terminal = isatty(STDOUT_FILENO) != 0;
	struct cw_buf line;

	cw_buf_init(&line, 0);
	for (uint32_t i = 0; i < items->n; i++) {
		if (job->ndjson)
			print_json(job, &items->item[i], &line);
		else
			print_text(job, &items->item[i], &line);
		cw_buf_putc(&line, '\n');
		if (terminal)
			cli_print(stdout, "%.*s", (int)line.n, line.s);
		else
			fwrite(line.s, 1, line.n, stdout);
		cw_buf_clear(&line);
	}
	cw_buf_fini(&line);
}

static int
compile(struct job *job)
{
	const struct fhir_path_options options = { .model = job->model,
		.scope = job->scope,
		.context = { .kind = FHIR_ITEM_ANY },
		.lenient_choice = true };
	struct cw_err err = { 0 };

	if (fhir_path_compile(&job->path, cw_str(job->expression), &options, &err) < 0) {
		say_expression(job, &err);
		return EX_USAGE;
	}
	return EX_OK;
}

static void
on_trace(void *user, struct cw_str name, const struct fhir_item *items, size_t n)
{
	struct job *job = user;
	struct cw_buf line;

	cw_buf_init(&line, 0);
	for (size_t i = 0; i < n; i++) {
		cw_buf_clear(&line);
		print_text(job, &items[i], &line);
		cli_print(stderr, "trace %.*s: %s\n", CW_ARG(name), line.s == NULL ? "" : line.s);
	}
	cw_buf_fini(&line);
}

static int
begin(struct job *job)
{
	struct cw_err err = { 0 };
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	job->session = fhir_path_session_new(&(struct fhir_path_env){ .arena = job->mem,
	    .scope = job->scope,
	    .model = job->model,
	    .now_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000,
	    .context = job->any ? &job->item : NULL,
	    .unsure = on_unsure,
	    .trace = on_trace,
	    .user = job });
	if (job->session != NULL)
		return EX_OK;
	cw_fail(&err, CW_ELIMIT, "the input fills all of the memory allowed");
	return cli_fault(NULL, &err);
}

static int
evaluate(struct job *job)
{
	struct fhir_coll items;
	struct cw_err err = { 0 };

	if (fhir_path_eval(job->path, job->session, &job->item, job->any, &items, &err) < 0) {
		say_expression(job, &err);
		return EX_DATAERR;
	}
	print(job, &items);
	return EX_OK;
}

static int
run_job(struct job *job, const struct cli_args *args)
{
	int status = declare(job, args);

	if (status == EX_OK)
		status = compile(job);
	if (status == EX_OK)
		status = read_input(job, args->n_operands > 1 ? args->operands[1] : NULL);
	if (status != EX_OK)
		return status;
	status = begin(job);
	if (status == EX_OK)
		status = bind(job, args);
	return status == EX_OK ? evaluate(job) : status;
}

static int
run(const struct cli_args *args)
{
	const char *format = cli_value(args, "format");
	struct job job = { .model = fhir_model_r4(), .expression = args->operands[0] };
	int status;

	if (format != NULL && strcmp(format, "text") != 0 && strcmp(format, "ndjson") != 0)
		return cli_usage(args, "unknown format '%s'", format);
	job.ndjson = format != NULL && strcmp(format, "ndjson") == 0;
	job.mem = cw_arena_new(MOST_MEMORY);
	job.scope = fhir_path_scope_new();
	status = run_job(&job, args);
	fhir_path_free(job.path);
	fhir_path_scope_free(job.scope);
	cw_arena_free(job.mem);
	cw_buf_fini(&job.input);
	return status;
}

static const struct cli_option options[] = {
	{ "format", "text|ndjson", "text (the default) or one JSON object per item", false },
	{ "var", "NAME=JSON", "bind %NAME to a JSON value", true },
};

const struct cli_command cli_path = {
	.name = "path",
	.operands = "[--] EXPRESSION [FILE]",
	.help = "evaluate a FHIRPath expression and print the items",
	.more = "FILE holds one JSON object, a FHIR resource or any other (- is standard input);\n"
		"without FILE the input is empty. A bad expression is shown with its place and\n"
		"gives 64; one that cannot be evaluated on this input gives 65.",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.least = 1,
	.most = 2,
	.run = run,
};
