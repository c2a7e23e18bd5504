/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Usage: policy_text_test VECTORS_DIR CORPUS_DIR
 * Tests the shared vectors, each also cut at every byte, and the fuzzer's
 * corpus.
 */
#include <dirent.h>
#include <stdint.h>
#include <string.h>

#include "check.h"
#include "render.h"
#include "vectors.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef int (*renderer)(const char *text, size_t length, char **outcome);

static void test_row(const char *place, char *input, long length,
		     const char *outcome, void *render)
{
	char *actual;

	(*(renderer *)render)(input, length, &actual);
	check(strcmp(actual, outcome) == 0, "%s: got '%s', expected '%s'",
	      place, actual, outcome);
	free(actual);
	for (long cut = 0; cut <= length; cut++)
		LLVMFuzzerTestOneInput((const uint8_t *)input, cut);
}

static void test_corpus(const char *directory)
{
	static uint8_t data[1 << 20];
	DIR *stream = opendir(directory);
	const struct dirent *entry;
	char path[4096];
	int files = 0;
	size_t size;
	FILE *file;

	if (!check(stream != NULL, "%s: cannot open", directory))
		return;
	while ((entry = readdir(stream))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name);
		file = fopen(path, "r");
		if (!check(file != NULL, "%s: cannot open", path))
			continue;
		size = fread(data, 1, sizeof(data), file);
		fclose(file);
		LLVMFuzzerTestOneInput(data, size);
		files++;
	}
	closedir(stream);
	check(files >= 10, "%s: only %d files", directory, files);
}

int main(int argc, char **argv)
{
	renderer list = render_list, action = render_action;
	renderer unknown = render_unknown;

	if (argc != 3)
		return EXIT_FAILURE;
	test_vectors(argv[1], "list.tsv", 20, test_row, &list);
	test_vectors(argv[1], "action.tsv", 20, test_row, &action);
	test_vectors(argv[1], "unknown.tsv", 20, test_row, &unknown);
	test_corpus(argv[2]);
	return check_summary();
}
