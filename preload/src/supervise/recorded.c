// SPDX-License-Identifier: Apache-2.0
/* Requests of Java about a recording in the kernel (see supervise/supervisor.h). */
#include "supervise/recorded.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "exec/counters.h"
#include "process/proc.h"
#include "supervise/answer.h"

/* This much certainly fits into one message. */
static char answer_text[61440];

/* The most members that Java shows or sends signals to. */
#define MAX_MEMBERS 4096

/* Sends the answer, of which so much is written. */
static int answer(const struct supervisor *self, size_t length)
{
	send(self->java.control, answer_text, length, MSG_NOSIGNAL);
	return 0;
}

__attribute__((format(printf, 2, 3))) static void
add_words(size_t *length, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	*length +=
		(size_t)vsnprintf(answer_text + *length,
				  sizeof(answer_text) - *length, format, args);
	va_end(args);
}

static void drop_recording(struct supervisor *self)
{
	if (self->recording)
		end_recording(self->recording);
	self->recording = self->older;
	self->older = NULL;
}

/*
 * Of the containers of this machine. The recording before goes on until Java has
 * read it, so nothing is missed between the two.
 */
static int trace_node(struct supervisor *self, struct failure *why)
{
	struct recording *recording =
		load_recording(kernel_release(), EACH_CGROUP, false, why);

	if (!recording || begin_recording(recording, why))
		return -1;
	if (watch_refusals(recording, why)) {
		end_recording(recording);
		return -1;
	}
	self->older = self->recording;
	self->recording = recording;
	return answer_ok(&self->java);
}

static int swap(struct supervisor *self, const struct request *request,
		struct failure *why)
{
	struct recording *older = self->older;

	if (!older)
		return refuse_request(why, "unknown request");
	self->older = self->recording;
	self->recording = older;
	return answer_ok(&self->java);
}

static int trace(struct supervisor *self, const struct request *request,
		 struct failure *why)
{
	char whose[10] = "", more[7] = "";
	bool files, refusals;
	enum members members;
	long filters;
	struct recording *recording;

	sscanf(request->words, "%9s %6s", whose, more);
	if (strcmp(whose, "node") == 0)
		return self->older ? refuse_request(why, "unknown request")
				   : trace_node(self, why);
	files = strcmp(more, "files") == 0;
	refusals = strcmp(whose, "refusals") == 0;
	members = strcmp(whose, "found") == 0 ? FOUND : STARTED;
	if (members == STARTED && !refusals && strcmp(whose, "started") != 0)
		return refuse_request(why, "unknown request");
	drop_recording(self);
	if (read_status_of(0, "Seccomp_filters", &filters))
		return set_failure(why, STATUS_OWN_FAILURE,
				   "bpf: /proc/self/status does not tell how "
				   "many filters there are");
	recording = self->loaded;
	self->loaded = NULL;
	if (recording &&
	    (files || (members == FOUND && !finds_members(recording)))) {
		end_recording(recording);
		recording = NULL;
	}
	if (!recording)
		recording =
			load_recording(kernel_release(), members, files, why);
	if (!recording || begin_recording(recording, why))
		return -1;
	self->recording = recording;
	recording_orders(self->recording)->base = (int)filters;
	if ((refusals || filters > 0) && watch_refusals(self->recording, why))
		return -1;
	return answer_ok(&self->java);
}

static int untrace(struct supervisor *self, const struct request *request,
		   struct failure *why)
{
	int status = answer_ok(&self->java);

	drop_recording(self); /* after the answer: it takes 3 ms */
	return status;
}

int record_target(struct supervisor *self, bool only_refused, int entry_mark,
		  struct failure *why)
{
	struct orders *orders;

	if (!self->recording)
		return set_failure(why, STATUS_OWN_FAILURE,
				   "bpf: nothing is traced");
	orders = recording_orders(self->recording);
	orders->only_refused = only_refused;
	orders->entry_mark = entry_mark;
	orders->target = (unsigned int)self->run.target.pid;
	if ((only_refused && watch_refusals(self->recording, why)) ||
	    record_process(self->recording, self->run.target.pid, NOT_CALLED,
			   why))
		return -1;
	tell_java(&self->java, "process %d", self->run.target.pid);
	return 0;
}

void take_recording_event(struct supervisor *self)
{
	const struct tally *tally = recording_tally(self->recording);
	struct failure why;

	clear_recording_event(self->recording);
	/* Beside audit records, only the arguments count. */
	if (self->run.sessions.count > 0)
		return;
	/* If this fails, the tally shows it. */
	if (tally->filters)
		watch_refusals(self->recording, &why);
	if (__atomic_load_n(&tally->alive, __ATOMIC_SEQ_CST) == 0)
		tell_java(&self->java, "empty");
}

static int attach(struct supervisor *self, const struct request *request,
		  struct failure *why)
{
	const char *cgroup = "cgroup ";
	int pid, err;

	if (!finds_members(self->recording))
		return refuse_request(why, "unknown request");
	/* From here on, Java gets the signals of the user. */
	self->run.has_run = true;
	if (sscanf(request->words, "process %d", &pid) == 1)
		err = record_tree(self->recording, pid, why);
	else if (strncmp(request->words, cgroup, strlen(cgroup)) == 0)
		err = record_cgroup(self->recording,
				    request->words + strlen(cgroup), why);
	else
		err = refuse_request(why, "unknown request");
	return err ? err : answer_ok(&self->java);
}

/* Has the calls counted of whoever loads a filter with two values as its mark. */
static int count_marked(struct supervisor *self, const struct request *request,
			struct failure *why)
{
	struct orders *orders = recording_orders(self->recording);

	if (!finds_members(self->recording) ||
	    sscanf(request->words, "%u %u", &orders->mark[1],
		   &orders->mark[0]) != 2)
		return refuse_request(why, "unknown request");
	return answer_ok(&self->java);
}

/* Has the calls counted of somebody who waits for that. */
static int join(struct supervisor *self, const struct request *request,
		struct failure *why)
{
	pid_t peer = (pid_t)request->number;
	long filters;
	int err = record_next_program(self->recording, peer, why);

	/* What its filter refuses must be counted too. */
	if (!err &&
	    (read_status_of(peer, "Seccomp_filters", &filters) || filters > 0))
		err = watch_refusals(self->recording, why);
	release_joining(&self->reception, peer, err == 0);
	/* A member may ask for it too, and so must not be able to end the recording. */
	if (err && err != HAS_ENDED)
		tell_java(&self->java, "unrecorded");
	return answer_ok(&self->java);
}

static int answer_tally(struct supervisor *self, const struct request *request,
			struct failure *why)
{
	const struct tally *tally = recording_tally(self->recording);
	bool capabilities = recorded_capabilities(self->recording);
	bool operations = recorded_operations(self->recording);
	uint64_t calls, misses;
	size_t length = 0;

	if (sum_up_recording(self->recording, &calls, &misses, why))
		return -1;
	add_words(&length, "tally");
#define TELL(name, value) \
	add_words(&length, " " #name "=%lld", (long long)(value));
	EACH_COUNTER(TELL)
#undef TELL
	return answer(self, length);
}

static int answer_members(struct supervisor *self,
			  const struct request *request, struct failure *why)
{
	static pid_t pids[MAX_MEMBERS];
	int count = list_recorded(self->recording, pids, MAX_MEMBERS, why), i;
	size_t length = 0;

	if (count < 0)
		return -1;
	add_words(&length, "members");
	for (i = 0; i < count; i++)
		add_words(&length, " %d", pids[i]);
	return answer(self, length);
}

static int answer_failed(struct supervisor *self, const struct request *request,
			 struct failure *why)
{
	const struct tally *tally = recording_tally(self->recording);
	const struct failed_end *end = tally->failed_ends;
	size_t length = 0;

	add_words(&length, "failed");
	for (unsigned int i = 0; i < tally->failed && i < MAX_FAILED_ENDS;
	     i++, end++)
		add_words(&length, " %u %u %u %u", end->process, end->program,
			  end->status, end->outlived_target);
	return answer(self, length);
}

static int answer_calls(struct supervisor *self, const struct request *request,
			struct failure *why)
{
	size_t length = 0;

	add_words(&length, "calls\n");
	length += write_program(self->recording, (unsigned int)request->number,
				answer_text + length,
				sizeof(answer_text) - length);
	return answer(self, length);
}

/* As many lines as fit. */
static int answer_part(struct supervisor *self, const struct request *request,
		       struct failure *why)
{
	static struct part {
		const char *word;
		size_t (*write)(struct recording *, uint32_t *, char *, size_t);
		uint32_t position;
	} parts[] = {
		{ "others", write_others, 0 },
		{ "values", write_values, 0 },
		{ "uses", write_uses, 0 },
	};
	const size_t head = strlen("calls\n");
	struct part *part = parts;
	size_t length;

	while (strcmp(request->word, part->word) != 0)
		part++;
	length = part->write(self->recording, &part->position,
			     answer_text + head, sizeof(answer_text) - head);
	memcpy(answer_text, part->position ? "again\n" : "calls\n", head);
	return answer(self, head + length);
}

/* Each line is about one call. Returns its length, or 0 if it is not one. */
static int read_watched(const char *line, uint32_t *place,
			struct watched_call *call)
{
	int length = 0, n;

	if (sscanf(line, "%u %u %u%n", place, &call->slot, &call->count,
		   &length) != 3 ||
	    call->slot > MAX_WATCHED || call->count > ARGUMENTS)
		return 0;
	/* The mask of clone3 is not that of an argument. */
	for (int i = 0; i < (call->count ? (int)call->count : 1); i++) {
		unsigned long long mask;

		if (sscanf(line + length, " %u %llu%n", &call->arguments[i],
			   &mask, &n) != 2 ||
		    call->arguments[i] >> WATCHED_WORD > 2)
			return 0;
		call->masks[i] = mask;
		length += n;
	}
	return line[length] == '\n' ? length + 1 : 0;
}

static int watch_arguments(struct supervisor *self,
			   const struct request *request, struct failure *why)
{
	const char *line = request->words;

	while (*line) {
		struct watched_call call = { 0 };
		uint32_t place;
		int length = read_watched(line, &place, &call);

		if (!length)
			return refuse_request(why, "unknown request");
		if (watch_call(self->recording, place, &call, why))
			return -1;
		line += length;
	}
	return answer_ok(&self->java);
}

static int answer_path(struct supervisor *self, const struct request *request,
		       struct failure *why)
{
	size_t length = 0;

	add_words(&length, "path ");
	length +=
		write_path(self->recording, (unsigned int)request->number,
			   answer_text + length, sizeof(answer_text) - length);
	return answer(self, length);
}

static int finish(struct supervisor *self, const struct request *request,
		  struct failure *why)
{
	close_recording(self->recording);
	return answer_ok(&self->java);
}

const struct request_handler recording_requests[] = {
	{ "trace", TAKES_WORDS, AS_A_RULE, trace },
	{ "untrace", TAKES_NOTHING, WHILE_TRACED, untrace },
	{ "swap", TAKES_NOTHING, WHILE_TRACED, swap },
	{ "attach", TAKES_WORDS, WHILE_TRACED, attach },
	{ "marked", TAKES_WORDS, WHILE_TRACED, count_marked },
	{ "join", TAKES_NUMBER, WHILE_TRACED, join },
	{ "close", TAKES_NOTHING, WHILE_TRACED, finish },
	{ "tally", TAKES_NOTHING, WHILE_TRACED, answer_tally },
	{ "members", TAKES_NOTHING, WHILE_TRACED, answer_members },
	{ "failed", TAKES_NOTHING, WHILE_TRACED, answer_failed },
	{ "program", TAKES_NUMBER, WHILE_TRACED, answer_calls },
	{ "others", TAKES_NOTHING, WHILE_TRACED, answer_part },
	{ "arguments", TAKES_WORDS, WHILE_TRACED, watch_arguments },
	{ "values", TAKES_NOTHING, WHILE_TRACED, answer_part },
	{ "uses", TAKES_NOTHING, WHILE_TRACED, answer_part },
	{ "path", TAKES_NUMBER, WHILE_TRACED, answer_path },
	{ NULL },
};
