/* The main() of a fuzz target where there is no libFuzzer: gives it each file named, so that every
 * input that once broke something is a test of every build. Empty in a build with libFuzzer, which
 * brings its own main(). */
#ifndef CW_LIBFUZZER

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An exact allocation, so that a sanitizer sees the first byte read past the end. */
static void
replay(const char *path)
{
	FILE *in = fopen(path, "rb");
	uint8_t *data = NULL;
	long size = -1;

	if (in != NULL && fseek(in, 0, SEEK_END) == 0)
		size = ftell(in);
	if (size >= 0)
		data = malloc(size == 0 ? 1 : (size_t)size);
	if (data == NULL || fseek(in, 0, SEEK_SET) != 0 ||
	    fread(data, 1, (size_t)size, in) != (size_t)size) {
		fprintf(stderr, "%s: cannot be read\n", path);
		exit(EXIT_FAILURE);
	}
	fclose(in);
	LLVMFuzzerTestOneInput(data, (size_t)size);
	free(data);
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		replay(argv[i]);
	return EXIT_SUCCESS;
}

#else
typedef int cw_not_empty;
#endif
