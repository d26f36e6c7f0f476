#include "daemon/cli_desk.h"

#include "daemon/package_dir.h"
#include "fhir/json.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { COLUMNS = 12 };

/* Where a package puts it; without it: as `cordwatch run` without a configuration. */
static const char *
default_conf(void)
{
	static const char path[] = SYSCONFDIR "/cordwatch/cordwatch.conf";

	return access(path, R_OK) == 0 ? path : NULL;
}

const char *
cli_desk_conf(const struct cli_args *args)
{
	const char *given = cli_value(args, "config");

	return given == NULL ? default_conf() : given;
}

int
cli_desk_open(struct cli_desk *desk, const struct cli_args *args)
{
	const char *format = cli_value(args, "format"), *conf = cli_value(args, "config");
	const char *socket = cli_value(args, "socket");
	struct cw_err err = { 0 };

	*desk = (struct cli_desk){ .arena = cw_arena_new(0) };
	if (format != NULL && strcmp(format, "text") != 0 && strcmp(format, "json") != 0)
		return cli_usage(args, "--format is text or json, not '%s'", format);
	if (conf != NULL && socket != NULL)
		return cli_usage(args, "--config and --socket exclude each other");
	desk->json = format != NULL && strcmp(format, "json") == 0;
	if (ask_open(&desk->ask, cli_desk_conf(args), socket, &err) >= 0)
		return EX_OK;
	return err.path[0] != '\0' ? package_dir_fault(&err) : cli_fault(NULL, &err);
}

void
cli_desk_close(struct cli_desk *desk)
{
	ask_close(desk->ask);
	cw_arena_free(desk->arena);
}

const struct fhir_node *
cli_desk_ask(struct cli_desk *desk, const char *question, const char *arguments, int *status)
{
	const struct fhir_node *answer = NULL;
	struct cw_err err = { 0 };

	if (ask_for(desk->ask, &answer, question, arguments, desk->arena, &err) >= 0) {
		*status = EX_OK;
		return answer;
	}
	*status = cli_fault(NULL, &err);
	return NULL;
}

void
cli_desk_json(const struct fhir_node *node)
{
	struct cw_buf text;

	cw_buf_init(&text, 0);
	fhir_json_write(&text, node, false);
	printf("%.*s\n", (int)text.n, text.s);
	cw_buf_fini(&text);
}

bool
cli_desk_is(const struct cli_args *args, const char *word, size_t operands)
{
	return strcmp(args->operands[0], word) == 0 && args->n_operands == operands;
}

/* ---- lists ---- */

static size_t
width_of(const struct fhir_node *item, const struct cli_column *column)
{
	size_t widest = strlen(column->heading);

	for (; item != NULL; item = item->next) {
		size_t n = fhir_node_text(item, column->key).n;

		widest = n > widest ? n : widest;
	}
	return widest;
}

static void
print_row(const struct fhir_node *item, const struct cli_column *column, const size_t *width,
    size_t columns)
{
	struct cw_buf line;

	cw_buf_init(&line, 0);
	for (size_t i = 0; i < columns; i++) {
		struct cw_str s =
		    item == NULL ? cw_str(column[i].heading) : fhir_node_text(item, column[i].key);

		cw_buf_printf(&line, "%s%.*s", i == 0 ? "" : "  ", CW_ARG(s));
		for (size_t n = s.n; i + 1 < columns && n < width[i]; n++)
			cw_buf_putc(&line, ' ');
	}
	while (line.n > 0 && line.s[line.n - 1] == ' ')
		line.n--;
	if (item == NULL)
		fputs(cli_tone(stdout, CLI_BOLD), stdout);
	cli_print(stdout, "%.*s\n", (int)line.n, line.s);
	if (item == NULL)
		fputs(cli_tone(stdout, CLI_PLAIN), stdout);
	cw_buf_fini(&line);
}

void
cli_desk_table(const struct cli_desk *desk, const struct fhir_node *item,
    const struct cli_column *column, size_t columns, const char *none)
{
	size_t width[COLUMNS] = { 0 };

	if (desk->json) {
		struct cw_buf text;

		cw_buf_init(&text, 0);
		for (const struct fhir_node *i = item; i != NULL; i = i->next) {
			cw_buf_puts(&text, i == item ? "" : ",\n");
			fhir_json_write(&text, i, false);
		}
		printf("[%.*s]\n", (int)text.n, text.n == 0 ? "" : text.s);
		cw_buf_fini(&text);
		return;
	}
	if (item == NULL) {
		puts(none);
		return;
	}
	for (size_t i = 0; i < columns; i++)
		width[i] = width_of(item, &column[i]);
	print_row(NULL, column, width, columns);
	for (; item != NULL; item = item->next)
		print_row(item, column, width, columns);
}

/* Items of all pages, as one run of siblings. */
struct items {
	struct fhir_node *first, **end;
};

static void
take_items(struct items *all, const struct fhir_node *item, struct cw_arena *arena)
{
	for (; item != NULL; item = fhir_node_again(item)) {
		struct fhir_node *copy = cw_alloc(arena, sizeof(*copy));

		/* An empty array is a node of its own. */
		if (item->kind != FHIR_OBJECT)
			continue;
		*copy = *item;
		copy->name = CW_STR("");
		copy->next = NULL;
		*all->end = copy;
		all->end = (struct fhir_node **)(uintptr_t)&copy->next;
	}
}

int
cli_desk_list(struct cli_desk *desk, const char *question, const char *arguments,
    const struct cli_column *column, size_t columns)
{
	struct items all = { NULL, &all.first };
	const char *more = arguments;
	int status = EX_OK;

	for (;;) {
		const struct fhir_node *page = cli_desk_ask(desk, question, more, &status);
		struct cw_str next = fhir_node_text(page, "next");

		if (page == NULL)
			return status;
		take_items(&all, fhir_node_get(page, question), desk->arena);
		if (next.s == NULL)
			break;
		more = cw_fmt(desk->arena, "%s%sbefore=%.*s", arguments,
		    arguments[0] == '\0' ? "" : "&", CW_ARG(next))
			   .s;
	}
	cli_desk_table(desk, all.first, column, columns, "none");
	return status;
}
