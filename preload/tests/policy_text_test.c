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

static void test_row(const char *file, int line, char *row,
		     int (*render)(const char *, size_t, char **))
{
	char *input = row;
	char *outcome = strchr(row, '\t');
	char *remark = outcome ? strchr(outcome + 1, '\t') : NULL;
	char *actual;
	long length;

	if (!check(remark != NULL, "%s:%d: not three columns", file, line))
		return;
	*outcome++ = '\0';
	*remark++ = '\0';
	length = decode(input);
	if (!check(length >= 0, "%s:%d: bad escape", file, line))
		return;
	render(input, length, &actual);
	check(strcmp(actual, outcome) == 0, "%s:%d: got '%s', expected '%s'",
	      file, line, actual, outcome);
	free(actual);
	for (long cut = 0; cut <= length; cut++)
		LLVMFuzzerTestOneInput((const uint8_t *)input, cut);
}

static void test_vectors(const char *directory, const char *name,
			 int (*render)(const char *, size_t, char **))
{
	char path[4096];
	char *row = NULL;
	size_t size = 0;
	ssize_t length;
	int line = 0;
	int rows = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "r");
	if (!check(file != NULL, "%s: cannot open", path))
		return;
	while ((length = getline(&row, &size, file)) > 0) {
		line++;
		if (row[length - 1] == '\n')
			row[length - 1] = '\0';
		if (row[0] == '#')
			continue;
		rows++;
		test_row(name, line, row, render);
	}
	check(rows >= 20, "%s: only %d rows", path, rows);
	free(row);
	fclose(file);
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
	if (argc != 3)
		return EXIT_FAILURE;
	test_vectors(argv[1], "list.tsv", render_list);
	test_vectors(argv[1], "action.tsv", render_action);
	test_vectors(argv[1], "unknown.tsv", render_unknown);
	test_corpus(argv[2]);
	return check_summary();
}
