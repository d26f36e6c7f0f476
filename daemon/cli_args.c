#include "daemon/cli.h"

#include <stdlib.h>
#include <string.h>

static const struct cli_option *
find(const struct cli_command *command, struct cw_str name)
{
	for (size_t i = 0; i < command->n_options; i++) {
		if (cw_str_is(name, command->options[i].name))
			return &command->options[i];
	}
	return NULL;
}

/* One option at argv[0]; *used says how many words it took. */
static int
take_option(struct cli_args *out, int argc, char *const *argv, int *used, struct cw_err *err)
{
	const char *word = argv[0], *equals = strchr(word, '=');
	size_t n = equals == NULL ? strlen(word) : (size_t)(equals - word);
	const struct cli_option *o;
	const char *value = "";

	*used = 1;
	if (word[1] != '-')
		return cw_fail(err, CW_EUSAGE,
		    "unknown option %s (put -- before an operand that starts with a dash)", word);
	o = find(out->command, (struct cw_str){ word + 2, n - 2 });
	if (o == NULL)
		return cw_fail(err, CW_EUSAGE, "unknown option %.*s", (int)n, word);
	if (o->value == NULL && equals != NULL)
		return cw_fail(err, CW_EUSAGE, "option --%s takes no value", o->name);
	if (!o->repeat && cli_has(out, o->name))
		return cw_fail(err, CW_EUSAGE, "option --%s given twice", o->name);
	if (o->value != NULL && equals != NULL) {
		value = equals + 1;
	} else if (o->value != NULL) {
		if (argc < 2)
			return cw_fail(err, CW_EUSAGE, "option --%s needs %s", o->name, o->value);
		value = argv[1];
		*used = 2;
	}
	out->given[out->n_given++] = (struct cli_given){ o, value };
	return CW_OK;
}

static int
count_operands(const struct cli_args *args, struct cw_err *err)
{
	const struct cli_command *c = args->command;

	if (args->n_operands < c->least)
		return cw_fail(err, CW_EUSAGE, "too few operands: expected %s", c->operands);
	if (args->n_operands > c->most)
		return cw_fail(err, CW_EUSAGE, "unexpected operand '%s'", args->operands[c->most]);
	return CW_OK;
}

int
cli_parse(struct cli_args *out, const struct cli_command *command, int argc, char *const *argv,
    struct cw_err *err)
{
	bool options = true;
	int rc, used;

	*out = (struct cli_args){ .command = command };
	out->given = cw_calloc((size_t)argc, sizeof(*out->given));
	out->operands = cw_calloc((size_t)argc, sizeof(*out->operands));
	for (int i = 0; i < argc; i += used) {
		used = 1;
		if (options && strcmp(argv[i], "--") == 0) {
			options = false;
		} else if (options && argv[i][0] == '-' && argv[i][1] != '\0') {
			rc = take_option(out, argc - i, argv + i, &used, err);
			if (rc < 0)
				return rc;
		} else {
			out->operands[out->n_operands++] = argv[i];
		}
	}
	return count_operands(out, err);
}

void
cli_args_fini(struct cli_args *args)
{
	free(args->given);
	free(args->operands);
	*args = (struct cli_args){ 0 };
}

const char *
cli_nth(const struct cli_args *args, const char *name, size_t i)
{
	for (size_t k = 0; k < args->n_given; k++) {
		if (strcmp(args->given[k].option->name, name) == 0 && i-- == 0)
			return args->given[k].value;
	}
	return NULL;
}

const char *
cli_value(const struct cli_args *args, const char *name)
{
	return cli_nth(args, name, 0);
}

bool
cli_has(const struct cli_args *args, const char *name)
{
	return cli_nth(args, name, 0) != NULL;
}
