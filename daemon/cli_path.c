#include "daemon/cli.h"

static const struct cli_option options[] = {
	{ "format", "text|ndjson", "text (the default) or one JSON object per item", false },
	{ "var", "NAME=JSON", "bind %NAME to a JSON value", true },
};

static int
run(const struct cli_args *args)
{
	return cli_usage(args, "this build cannot evaluate FHIRPath");
}

const struct cli_command cli_path = {
	.name = "path",
	.operands = "[--] EXPRESSION [FILE]",
	.help = "evaluate a FHIRPath expression and print the items",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.least = 1,
	.most = 2,
	.run = run,
};
