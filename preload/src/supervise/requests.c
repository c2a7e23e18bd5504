// SPDX-License-Identifier: Apache-2.0
/* Answers Java's requests; supervise/supervisor.h lists the messages. */
#include "supervise/requests.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exec/privilege.h"
#include "exec/rings.h"
#include "process/canary.h"
#include "process/image.h"
#include "supervise/answer.h"
#include "supervise/members.h"
#include "supervise/nap.h"
#include "supervise/recorded.h"
#include "supervise/signals.h"
#include "supervise/start.h"

/* A request is a line of words, followed by a filter or a list. */
#define REQUEST_SIZE 65536

static int handle_signaled(struct supervisor *self,
			   const struct request *request, struct failure *why)
{
	note_signal_of_java(&self->signals, (int)request->number);
	return 0;
}

static int handle_inspect(struct supervisor *self,
			  const struct request *request, struct failure *why)
{
	enum filter_start from;
	char word[8];
	int count;

	if (sscanf(request->words, "%d %7s", &count, word) != 2 ||
	    !parse_from(word, &from) || from == FILTER_FROM_HERE)
		return refuse_request(why, "unknown request");
	if (inspect_target(self, count, from, why))
		return -1;
	tell_java(&self->java, "target %s",
		  program_machine(&self->run.program));
	return 0;
}

static int send_canary(struct supervisor *self, const struct request *request,
		       struct failure *why)
{
	struct canary canary;
	int err = prepare_canary(&canary, (int)request->number);
	bool recorded = true;

	if (!err && self->recording)
		recorded = record_process(self->recording, canary.pid,
					  IS_CANARY, why) == 0;
	if (!err)
		err = release_canary(&canary, recorded);
	if (!recorded)
		return -1;
	return err ? refuse_for(why, "canary", err) : answer_ok(&self->java);
}

static int release(struct supervisor *self, const struct request *request,
		   struct failure *why)
{
	if (self->run.state != PREPARED)
		return refuse_request(why, "nothing to run");
	if (release_target(&self->run.target, why)) {
		self->run.state = NO_TARGET;
		end_surroundings(&self->surroundings);
		return -1;
	}
	begin_strike(&self->surroundings, self->run.target.pid,
		     &self->run.sessions);
	self->run.state = RUNNING;
	self->run.has_run = true;
	tell_java(&self->java, "running");
	begin_nap(self);
	return 0;
}

static int handle_nap(struct supervisor *self, const struct request *request,
		      struct failure *why)
{
	self->nap.wanted = true;
	return answer_ok(&self->java);
}

static int handle_output(struct supervisor *self, const struct request *request,
			 struct failure *why)
{
	bool to_stderr = strcmp(request->words, "stderr") == 0;
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

static int handle_say(struct supervisor *self, const struct request *request,
		      struct failure *why)
{
	const char *end = request->text + request->length;
	int err = add_text(self->filter, request->words,
			   (size_t)(end - request->words));

	return err ? refuse_for(why, "text", err) : answer_ok(&self->java);
}

static int handle_seen(struct supervisor *self, const struct request *request,
		       struct failure *why)
{
	const char *end = request->text + request->length;

	compare_policy(self->kept, request->words,
		       (size_t)(end - request->words));
	return answer_ok(&self->java);
}

static int handle_keep(struct supervisor *self, const struct request *request,
		       struct failure *why)
{
	snprintf(self->kept->library, PATH_MAX, "%s", request->words);
	return answer_ok(&self->java);
}

static int handle_filter(struct supervisor *self, const struct request *request,
			 struct failure *why)
{
	struct compiled_filter *filter = self->filter;
	enum filter_start start;
	char from[8];
	int count, log;

	if (sscanf(request->words, "%d %7s %d", &count, from, &log) != 3 ||
	    !parse_from(from, &start) || start == FILTER_FROM_PRELOAD)
		return refuse_request(why, "unknown request");
	if (!receive_code(request->text, request->length, filter))
		return refuse_request(why, "not a filter");
	if (inspect_target(self, count, FILTER_FROM_EXEC, why))
		return -1;
	if (start != FILTER_FROM_HERE &&
	    check_traceable(&self->run.program, why))
		return -1;
	filter->start = start;
	filter->log = log != 0;
	self->count = count;
	return answer_ok(&self->java);
}

/* The request is a line, which may name a unit and how it comes, and the path. */
static int handle_listen(struct supervisor *self, const struct request *request,
			 struct failure *why)
{
	char *path = strchr(request->text, '\n');
	char unit[sizeof(self->reception.unit)] = "", how[8] = "";
	struct keeping *keeping = &self->reception.keeping;
	const char *mistake;

	if (!path)
		return refuse_request(why, "unknown request");
	*path++ = 0;
	if (request->words < path)
		sscanf(request->words, "%255s %7s %63s", unit, how,
		       keeping->cgroups);
	self->reception.counts = strcmp(how, "counted") == 0;
	keeping->java = self->java.pid;
	mistake = open_reception(&self->reception, path,
				 *unit && *keeping->cgroups == 0 ? unit : NULL);
	if (mistake)
		return set_failure(why, STATUS_OWN_FAILURE, "%s: %s", path,
				   mistake);
	/* From now on there may be evidence. */
	self->run.has_run = true;
	return answer_ok(&self->java);
}

static int handle_session(struct supervisor *self,
			  const struct request *request, struct failure *why)
{
	return check_session(why) ? -1 : answer_ok(&self->java);
}

static int handle_follow(struct supervisor *self, const struct request *request,
			 struct failure *why)
{
	return add_session(&self->run.sessions, (uint32_t)request->number)
		       ? answer_ok(&self->java)
		       : refuse_request(why, "too many sessions");
}

static int handle_look(struct supervisor *self, const struct request *request,
		       struct failure *why)
{
	answer_ok(&self->java);
	if (self->run.member < 0)
		look_for_members(&self->run, &self->java);
	return 0;
}

static int handle_end(struct supervisor *self, const struct request *request,
		      struct failure *why)
{
	/* end_sessions() tells Java of a failure. */
	if (end_sessions(&self->run, &self->java, (int)request->number) == 0)
		answer_ok(&self->java);
	return 0;
}

static int handle_done(struct supervisor *self, const struct request *request,
		       struct failure *why)
{
	self->status = (int)request->number;
	return 0;
}

static int handle_dismiss(struct supervisor *self,
			  const struct request *request, struct failure *why)
{
	dismiss_guest(&self->reception, (int)request->number);
	return answer_ok(&self->java);
}

static int handle_unjoined(struct supervisor *self,
			   const struct request *request, struct failure *why)
{
	release_joining(&self->reception, (int)request->number, false);
	return answer_ok(&self->java);
}

static int handle_answer(struct supervisor *self, const struct request *request,
			 struct failure *why)
{
	answer_guest(&self->reception, (int)request->number);
	return answer_ok(&self->java);
}

static int handle_hold(struct supervisor *self, const struct request *request,
		       struct failure *why)
{
	int err = hold_to(strtoull(request->words, NULL, 16));

	return err ? refuse_for(why, "cannot give up capabilities", err)
		   : answer_ok(&self->java);
}

/* An operation that this kernel lacks is refused anyway; each has the first one. */
static int handle_ring(struct supervisor *self, const struct request *request,
		       struct failure *why)
{
	struct compiled_filter filter = { .length = 0 };
	struct ring_limit limit;
	int err;

	if (sscanf(request->words, "%u %u %u", &limit.operation,
		   &limit.argument_bytes, &limit.denies_rest) != 3 ||
	    !receive_code(request->text, request->length, &filter))
		return refuse_request(why, "unknown request");
	err = limit_ring(&limit, filter.code, filter.length);
	if (err == -ENOSYS || err == -EBADF ||
	    (err == -EINVAL && !limit.operation))
		return refuse_request(
			why, "this kernel cannot limit the operations of "
			     "io_uring (Linux 7.0 can)");
	return err && err != -EINVAL
		       ? refuse_for(why, "cannot limit io_uring", err)
		       : answer_ok(&self->java);
}

static const struct request_handler general_requests[] = {
	{ "signaled", TAKES_NUMBER, ALWAYS, handle_signaled },
	{ "inspect", TAKES_WORDS, AS_A_RULE, handle_inspect },
	{ "canary", TAKES_NUMBER, AS_A_RULE, send_canary },
	{ "session", TAKES_NOTHING, AS_A_RULE, handle_session },
	{ "nap", TAKES_NOTHING, AS_A_RULE, handle_nap },
	{ "go", TAKES_NOTHING, AS_A_RULE, release },
	{ "follow", TAKES_NUMBER, AS_A_RULE, handle_follow },
	{ "look", TAKES_NOTHING, AS_A_RULE, handle_look },
	{ "output", TAKES_WORDS, AS_A_RULE, handle_output },
	{ "end", TAKES_NUMBER, AS_A_RULE, handle_end },
	{ "done", TAKES_NUMBER, AS_A_RULE, handle_done },
	{ "say", TAKES_WORDS, AS_A_RULE, handle_say },
	{ "seen", TAKES_WORDS, AS_A_RULE, handle_seen },
	{ "hold", TAKES_WORDS, AS_A_RULE, handle_hold },
	{ "ring", TAKES_WORDS, AS_A_RULE, handle_ring },
	{ "keep", TAKES_WORDS, AS_A_RULE, handle_keep },
	{ "filter", TAKES_WORDS, AS_A_RULE, handle_filter },
	{ "listen", TAKES_WORDS, AS_A_RULE, handle_listen },
	{ "dismiss", TAKES_NUMBER, AS_A_RULE, handle_dismiss },
	{ "answer", TAKES_NUMBER, AS_A_RULE, handle_answer },
	{ "unjoined", TAKES_NUMBER, AS_A_RULE, handle_unjoined },
	{ NULL },
};

static const struct request_handler *find_handler(const char *text,
						  size_t length)
{
	static const struct request_handler *const tables[] = {
		general_requests, start_requests, recording_requests
	};
	const struct request_handler *handler;

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (handler = tables[i]; handler->word; handler++)
			if (strlen(handler->word) == length &&
			    strncmp(handler->word, text, length) == 0)
				return handler;
	return NULL;
}

/* Whether the request has the words that its handler takes. */
static bool is_right(const struct request_handler *handler,
		     struct request *request)
{
	char *end = request->words;

	if (handler->takes == TAKES_WORDS)
		return true;
	if (handler->takes == TAKES_NOTHING)
		return !*request->words;
	request->number = strtol(request->words, &end, 10);
	return end > request->words && !*end;
}

static int handle_request(struct supervisor *self, char *text, ssize_t length,
			  struct failure *why)
{
	size_t word = strcspn(text, " \n");
	const struct request_handler *handler = find_handler(text, word);
	struct request request = { .text = text,
				   .length = length,
				   .words = text + word + (text[word] != 0) };

	if (self->java.interrupted && !self->run.has_run &&
	    !(handler && handler->when == ALWAYS))
		return refuse_request(why, "interrupted");
	if (!handler || !is_right(handler, &request) ||
	    (handler->when == WHILE_TRACED && !self->recording))
		return refuse_request(why, "unknown request");
	request.word = handler->word;
	return handler->handle(self, &request, why);
}

bool read_request(struct supervisor *self)
{
	static char text[REQUEST_SIZE + 1];
	ssize_t n = read_message(&self->java, text, sizeof(text));
	struct failure why;

	if (n > 0 && handle_request(self, text, n, &why))
		tell_failure(&self->java, &why);
	return n >= 0;
}
