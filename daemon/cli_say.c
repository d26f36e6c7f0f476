#include "daemon/cli.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void print(FILE *to, const char *fmt, va_list ap) CW_PRINTF(2, 0);

static void
print(FILE *to, const char *fmt, va_list ap)
{
	struct cw_buf plain;
	va_list again;
	char *text;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n <= 0)
		return;
	text = cw_malloc((size_t)n + 1);
	vsnprintf(text, (size_t)n + 1, fmt, ap);
	cw_buf_init(&plain, 0);
	cw_buf_plain(&plain, (struct cw_str){ text, (size_t)n });
	if (text[n - 1] == '\n')
		plain.s[plain.n - 1] = '\n';
	fwrite(plain.s, 1, plain.n, to);
	cw_buf_fini(&plain);
	free(text);
}

void
cli_print(FILE *to, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print(to, fmt, ap);
	va_end(ap);
}

int
cli_usage(const struct cli_args *args, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "cordwatch %s: ", args->command->name);
	va_start(ap, fmt);
	print(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\nSee cordwatch %s --help\n", args->command->name);
	return EX_USAGE;
}

static int
exit_status(int code)
{
	switch ((enum cw_code)code) {
	case CW_OK:
		return EX_OK;
	case CW_ENOTFOUND:
		return EX_NOINPUT;
	case CW_EUSAGE:
		return EX_USAGE;
	case CW_EIO:
		return EX_IOERR;
	case CW_ESYNTAX:
	case CW_EVALUE:
	case CW_ETYPE:
	case CW_ELIMIT:
	case CW_EUNSUPPORTED:
		return EX_DATAERR;
	}
	return EX_SOFTWARE;
}

int
cli_fault(const char *file, const struct cw_err *err)
{
	struct cw_buf line;

	cw_buf_init(&line, 0);
	if (file != NULL)
		cw_buf_puts(&line, strcmp(file, "-") == 0 ? "(standard input)" : file);
	if (file != NULL && err->line > 0)
		cw_buf_printf(&line, ":%zu", err->line);
	if (file != NULL && err->line > 0 && err->column > 0)
		cw_buf_printf(&line, ":%zu", err->column);
	if (file != NULL)
		cw_buf_puts(&line, ": ");
	if (err->path[0] != '\0')
		cw_buf_printf(&line, "%s: ", err->path);
	cw_buf_puts(&line, err->text);
	cli_print(stderr, "%s\n", line.s);
	cw_buf_fini(&line);
	return exit_status(err->code);
}

const char *
cli_tone(FILE *to, enum cli_tone tone)
{
	const char *term = getenv("TERM"), *off = getenv("NO_COLOR");

	if (!isatty(fileno(to)) || term == NULL || strcmp(term, "dumb") == 0 ||
	    (off != NULL && off[0] != '\0'))
		return "";
	switch (tone) {
	case CLI_PLAIN:
		return "\033[0m";
	case CLI_BOLD:
		return "\033[1m";
	case CLI_RED:
		return "\033[1;31m";
	case CLI_YELLOW:
		return "\033[33m";
	case CLI_GREEN:
		return "\033[32m";
	case CLI_DIM:
		return "\033[2m";
	}
	return "";
}
