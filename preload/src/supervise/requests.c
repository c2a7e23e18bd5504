// SPDX-License-Identifier: Apache-2.0
/* Answers Java's requests; supervise/supervisor.h lists the messages. */
#include "supervise/state.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "process/canary.h"
#include "process/image.h"
#include "supervise/refusal.h"
#include "supervise/start.h"

/* A request is a line of words, followed by a filter or a list. */
#define REQUEST_SIZE 65536

#define ENDING_LOOKS  20
#define ENDING_MILLIS 50 /* per look */

static void tell_failure(const struct supervisor *self,
			 const struct failure *why)
{
	tell_java(&self->java, "refused %d %s", why->status, why->text);
}

static int answer_ok(const struct supervisor *self)
{
	tell_java(&self->java, "ok");
	return 0;
}

static int release(struct supervisor *self, struct failure *why)
{
	if (self->state != PREPARED)
		return refuse_request(why, "nothing to run");
	if (release_target(&self->target, why)) {
		self->state = NO_TARGET;
		return -1;
	}
	self->state = RUNNING;
	self->has_run = true;
	tell_java(&self->java, "running");
	return 0;
}

static int send_canary(struct supervisor *self, int number, struct failure *why)
{
	struct canary canary;
	int err = prepare_canary(&canary, number);
	bool recorded = true;

	if (!err && self->recording)
		recorded = record_process(self->recording, canary.pid,
					  IS_CANARY, why) == 0;
	if (!err)
		err = release_canary(&canary, recorded);
	if (!recorded)
		return -1;
	return err ? refuse_for(why, "canary", err) : answer_ok(self);
}

static void tell_proc_failure(const struct supervisor *self, int err)
{
	struct failure why;

	refuse_for(&why, "/proc", err);
	tell_failure(self, &why);
}

/*
 * Waits up to a second for processes that are just ending, such as the tracer,
 * before it reports one.
 */
void look_for_members(struct supervisor *self)
{
	struct pollfd ended = { .events = POLLIN };
	int patience = ENDING_LOOKS;
	pid_t pid;

	for (;;) {
		self->member = open_session_member(&self->sessions, &pid);
		ended.fd = self->member;
		if (self->member < 0 || --patience == 0 ||
		    poll(&ended, 1, ENDING_MILLIS) == 0)
			break;
		close(self->member);
	}
	if (self->member >= 0)
		tell_java(&self->java, "left %d", pid);
	else if (self->member == -ESRCH)
		tell_java(&self->java, "empty");
	else
		tell_proc_failure(self, self->member);
}

int end_sessions(struct supervisor *self, int signal)
{
	int err = signal_sessions(&self->sessions, signal);

	if (err)
		tell_proc_failure(self, err);
	return err;
}

/* Only a process that becomes the program can be filtered from "here". */
static bool parse_from(const char *word, enum filter_start *from)
{
	return parse_filter_start(word, from) && *from != FILTER_FROM_HERE;
}

static void parse_output(const char *word, struct run_request *request)
{
	request->stdout_to_stderr = strcmp(word, "stderr") == 0;
	request->keep_output = strcmp(word, "keep") == 0;
}

/*
 * @request: a line, "run ..." or "count ...", then a list, a filter or nothing,
 * then a zero byte
 */
static int handle_run(struct supervisor *self, const char *request,
		      ssize_t length, bool counts, struct failure *why)
{
	const char *payload = strchr(request, '\n');
	char where[8], from[8], action[8];
	struct run_request run_request = { .action = action };
	struct filter_image image = { 0 };

	if (!payload ||
	    sscanf(request, "%*s %d %7s %7s %7s %d", &run_request.count, where,
		   from, action, &run_request.entry_mark) != 5 ||
	    !parse_from(from, &run_request.from))
		return refuse_request(why, "unknown request");
	parse_output(where, &run_request);
	run_request.list = counts ? "" : payload + 1;
	self->filter->length = 0;
	if ((counts || run_request.from != FILTER_FROM_PRELOAD) &&
	    payload + 1 < request + length &&
	    !receive_code(request, length, self->filter))
		return refuse_request(why, "not a filter");
	image.code = self->filter->code;
	image.length = self->filter->length;
	if (counts)
		return count_target(self, &run_request, &image, why);
	return run_target(self, &run_request, image.length ? &image : NULL,
			  why);
}

static int handle_guard(struct supervisor *self, const char *request,
			ssize_t length, struct failure *why)
{
	struct run_request run_request = { .action = "log", .list = "" };
	char where[8], from[8];

	if (sscanf(request, "guard %d %7s %7s %d", &run_request.count, where,
		   from, &run_request.entry_mark) != 4 ||
	    !parse_from(from, &run_request.from))
		return refuse_request(why, "unknown request");
	if (!receive_code(request, length, self->filter))
		return refuse_request(why, "not a filter");
	parse_output(where, &run_request);
	return guard_target(self, &run_request, why);
}

static int answer_output(struct supervisor *self, bool to_stderr,
			 struct failure *why)
{
	static const char *const words[] = {
		[OUTPUT_SAME] = "same",
		[OUTPUT_DIFFERENT] = "different",
		[OUTPUT_FIRST] = "first",
	};
	int verdict = show_output(&self->output,
				  to_stderr ? STDERR_FILENO : STDOUT_FILENO);

	if (verdict < 0)
		return refuse_for(why, "the program's output", verdict);
	tell_java(&self->java, "output %s", words[verdict]);
	return 0;
}

static int handle_watch(struct supervisor *self, const char *request,
			ssize_t length, struct failure *why)
{
	struct run_request run_request = { .action = "log", .list = "" };
	char where[8], from[8], action[8], variable[64];
	/* A blank in the format would also match the end of the line. */
	int words = sscanf(request, "watch %d %7s %7s %7s%*1[ ]%63[^ \n]",
			   &run_request.count, where, from, action, variable);

	if (words < 4 || !parse_from(from, &run_request.from))
		return refuse_request(why, "unknown request");
	if (words == 5)
		run_request.variable = variable;
	if (!receive_code(request, length, self->filter))
		return refuse_request(why, "not a filter");
	parse_output(where, &run_request);
	self->refuses = strcmp(action, "kill") == 0;
	return watch_target(self, &run_request, why);
}

static int handle_say(struct supervisor *self, const char *request,
		      ssize_t length, struct failure *why)
{
	size_t head = strlen("say\n");
	int err = add_text(self->filter, request + head, (size_t)length - head);

	return err ? refuse_for(why, "text", err) : answer_ok(self);
}

static int handle_filter(struct supervisor *self, const char *request,
			 ssize_t length, struct failure *why)
{
	struct compiled_filter *filter = self->filter;
	enum filter_start start;
	char from[8];
	int count, log;

	if (sscanf(request, "filter %d %7s %d", &count, from, &log) != 3 ||
	    !parse_filter_start(from, &start) || start == FILTER_FROM_PRELOAD)
		return refuse_request(why, "unknown request");
	if (!receive_code(request, length, filter))
		return refuse_request(why, "not a filter");
	if (inspect_target(self, count, FILTER_FROM_EXEC, why))
		return -1;
	if (start != FILTER_FROM_HERE && check_traceable(&self->program, why))
		return -1;
	filter->start = start;
	filter->log = log != 0;
	self->count = count;
	return answer_ok(self);
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
static int handle_start(struct supervisor *self, const char *request,
			ssize_t length, struct failure *why)
{
	const char *payload = strchr(request, '\n'), *more;
	struct run_request run_request = { .action = "log", .list = "" };
	char where[8];
	int at, result;

	if (!payload ||
	    sscanf(request, "start %d %7s %d", &run_request.count, where,
		   &at) != 3 ||
	    !target_arguments(self, run_request.count) || at < 1 ||
	    at > run_request.count)
		return refuse_request(why, "unknown request");
	parse_output(where, &run_request);
	run_request.variable = payload + 1;
	more = run_request.variable + strlen(run_request.variable) + 1;
	run_request.argv = insert_words(
		target_arguments(self, run_request.count), run_request.count,
		at, more, count_texts(more, request + length));
	if (!run_request.argv)
		return refuse_for(why, "cannot start", -ENOMEM);
	result = start_target(self, &run_request, why);
	free(run_request.argv);
	return result;
}

/* The request is a line, which may name a unit, and then the path. */
static int handle_listen(struct supervisor *self, char *request,
			 struct failure *why)
{
	char *path = strchr(request, '\n'), *unit = strchr(request, ' ');
	const char *mistake;

	if (!path)
		return refuse_request(why, "unknown request");
	*path++ = 0;
	unit = unit && unit < path ? unit + 1 : NULL;
	mistake = open_reception(&self->reception, path, unit);
	if (mistake)
		return set_failure(why, STATUS_OWN_FAILURE, "%s: %s", path,
				   mistake);
	/* From now on there may be evidence. */
	self->has_run = true;
	return answer_ok(self);
}

static bool starts_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

static int handle_request(struct supervisor *self, char *request,
			  ssize_t length, struct failure *why)
{
	enum filter_start from;
	unsigned int session;
	char word[8];
	int number, err;

	if (sscanf(request, "signaled %d", &number) == 1) {
		note_signal_of_java(self, number);
		return 0;
	}
	if (self->java.interrupted && !self->has_run)
		return refuse_request(why, "interrupted");
	if (sscanf(request, "inspect %d %7s", &number, word) == 2 &&
	    parse_from(word, &from)) {
		if (inspect_target(self, number, from, why))
			return -1;
		tell_java(&self->java, "target %s",
			  program_machine(&self->program));
		return 0;
	}
	err = handle_recording(self, request, why);
	if (err <= 0)
		return err;
	if (sscanf(request, "canary %d", &number) == 1)
		return send_canary(self, number, why);
	if (strcmp(request, "session") == 0) {
		return check_session(why) ? -1 : answer_ok(self);
	}
	if (starts_with(request, "run ") || starts_with(request, "count "))
		return handle_run(self, request, length, request[0] == 'c',
				  why);
	if (starts_with(request, "guard "))
		return handle_guard(self, request, length, why);
	if (starts_with(request, "watch "))
		return handle_watch(self, request, length, why);
	if (starts_with(request, "say\n"))
		return handle_say(self, request, length, why);
	if (starts_with(request, "filter "))
		return handle_filter(self, request, length, why);
	if (starts_with(request, "start "))
		return handle_start(self, request, length, why);
	if (starts_with(request, "listen"))
		return handle_listen(self, request, why);
	if (sscanf(request, "dismiss %d", &number) == 1) {
		dismiss_guest(&self->reception, number);
		return answer_ok(self);
	}
	if (sscanf(request, "answer %d", &number) == 1) {
		answer_guest(&self->reception, number);
		return answer_ok(self);
	}
	if (strcmp(request, "go") == 0)
		return release(self, why);
	if (sscanf(request, "follow %u", &session) == 1)
		return add_session(&self->sessions, session)
			       ? answer_ok(self)
			       : refuse_request(why, "too many sessions");
	if (sscanf(request, "output %7s", word) == 1)
		return answer_output(self, strcmp(word, "stderr") == 0, why);
	if (strcmp(request, "look") == 0) {
		answer_ok(self);
		if (self->member < 0)
			look_for_members(self);
		return 0;
	}
	if (sscanf(request, "done %d", &number) == 1) {
		self->status = number;
		return 0;
	}
	if (sscanf(request, "end %d", &number) == 1) {
		/* end_sessions() has told Java of a failure. */
		return end_sessions(self, number) ? 0 : answer_ok(self);
	}
	return refuse_request(why, "unknown request");
}

bool read_request(struct supervisor *self)
{
	static char request[REQUEST_SIZE + 1];
	ssize_t n = read_message(&self->java, request, sizeof(request));
	struct failure why;

	if (n > 0 && handle_request(self, request, n, &why))
		tell_failure(self, &why);
	return n >= 0;
}
