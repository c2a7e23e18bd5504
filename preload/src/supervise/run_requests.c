// SPDX-License-Identifier: Apache-2.0
/* Requests that prepare the program; supervise/supervisor.h lists them. */
#include "supervise/run_requests.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "supervise/answer.h"
#include "supervise/start.h"

bool parse_from(const char *word, enum filter_start *from)
{
	return parse_filter_start(word, from) && *from != FILTER_FROM_HERE;
}

static void parse_output(const char *word, struct run_request *request)
{
	request->stdout_to_stderr = strcmp(word, "stderr") == 0;
	request->keep_output = strcmp(word, "keep") == 0;
}

/* A line, then a list, a filter or nothing. */
static int run_or_count(struct supervisor *self, const struct request *request,
			bool counts, struct failure *why)
{
	const char *payload = strchr(request->words, '\n');
	char where[8], from[8], action[8];
	struct run_request run_request = { .action = action };
	struct filter_image image = { 0 };

	if (!payload ||
	    sscanf(request->words, "%d %7s %7s %7s %d", &run_request.count,
		   where, from, action, &run_request.entry_mark) != 5 ||
	    !parse_from(from, &run_request.from))
		return refuse_request(why, "unknown request");
	parse_output(where, &run_request);
	run_request.list = counts ? "" : payload + 1;
	self->filter->length = 0;
	if ((counts || run_request.from != FILTER_FROM_PRELOAD) &&
	    payload + 1 < request->text + request->length &&
	    !receive_code(request->text, request->length, self->filter))
		return refuse_request(why, "not a filter");
	image.code = self->filter->code;
	image.length = self->filter->length;
	if (counts)
		return count_target(self, &run_request, &image, why);
	return run_target(self, &run_request, image.length ? &image : NULL,
			  why);
}

static int handle_run(struct supervisor *self, const struct request *request,
		      struct failure *why)
{
	return run_or_count(self, request, false, why);
}

static int handle_count(struct supervisor *self, const struct request *request,
			struct failure *why)
{
	return run_or_count(self, request, true, why);
}

static int handle_guard(struct supervisor *self, const struct request *request,
			struct failure *why)
{
	struct run_request run_request = { .action = "log", .list = "" };
	char where[8], from[8];

	if (sscanf(request->words, "%d %7s %7s %d", &run_request.count, where,
		   from, &run_request.entry_mark) != 4 ||
	    !parse_from(from, &run_request.from))
		return refuse_request(why, "unknown request");
	if (!receive_code(request->text, request->length, self->filter))
		return refuse_request(why, "not a filter");
	parse_output(where, &run_request);
	return guard_target(self, &run_request, why);
}

static int handle_watch(struct supervisor *self, const struct request *request,
			struct failure *why)
{
	struct run_request run_request = { .action = "log", .list = "" };
	char where[8], from[8], action[8], variable[64];
	/* A blank in the format would also match the end of the line. */
	int words = sscanf(request->words, "%d %7s %7s %7s%*1[ ]%63[^ \n]",
			   &run_request.count, where, from, action, variable);

	if (words < 4 || !parse_from(from, &run_request.from))
		return refuse_request(why, "unknown request");
	if (words == 5)
		run_request.variable = variable;
	if (!receive_code(request->text, request->length, self->filter))
		return refuse_request(why, "not a filter");
	parse_output(where, &run_request);
	self->refuses = strcmp(action, "kill") == 0;
	return watch_target(self, &run_request, why);
}

/*
 * The program's words with the @count texts at @more between them, after the
 * first @at. Allocated; NULL when memory is short.
 */
static char **insert_words(char **words, int word_count, int at,
			   const char *more, int count)
{
	char **result =
		calloc((size_t)(word_count + count) + 1, sizeof(*result));
	int i;

	if (!result)
		return NULL;
	memcpy(result, words, (size_t)at * sizeof(*words));
	for (i = 0; i < count; i++, more += strlen(more) + 1)
		result[at + i] = (char *)more;
	memcpy(result + at + count, words + at,
	       (size_t)(word_count - at) * sizeof(*words));
	return result;
}

static int count_texts(const char *text, const char *end)
{
	int count = 0;

	for (; text < end; text += strlen(text) + 1)
		count++;
	return count;
}

/* The request is a line. Then come a variable for the environment of the program
 * (or an empty text), and words to insert. */
static int handle_start(struct supervisor *self, const struct request *request,
			struct failure *why)
{
	const char *payload = strchr(request->words, '\n'), *more;
	struct run_request run_request = { .action = "log", .list = "" };
	char where[8];
	int at, result;

	if (!payload ||
	    sscanf(request->words, "%d %7s %d", &run_request.count, where,
		   &at) != 3 ||
	    !target_arguments(self, run_request.count) || at < 1 ||
	    at > run_request.count)
		return refuse_request(why, "unknown request");
	parse_output(where, &run_request);
	run_request.variable = payload + 1;
	more = run_request.variable + strlen(run_request.variable) + 1;
	run_request.argv = insert_words(
		target_arguments(self, run_request.count), run_request.count,
		at, more, count_texts(more, request->text + request->length));
	if (!run_request.argv)
		return refuse_for(why, "cannot start", -ENOMEM);
	result = start_target(self, &run_request, why);
	free(run_request.argv);
	return result;
}

const struct request_handler run_requests[] = {
	{ "run", .handle = handle_run },
	{ "count", .handle = handle_count },
	{ "guard", .handle = handle_guard },
	{ "watch", .handle = handle_watch },
	{ "start", .handle = handle_start },
	{ NULL },
};
