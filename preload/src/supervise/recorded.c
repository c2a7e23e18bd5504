// SPDX-License-Identifier: Apache-2.0
/* Requests of Java about a recording in the kernel (see supervise/supervisor.h). */
#include "supervise/recorded.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "exec/counters.h"
#include "process/proc.h"
#include "supervise/answer.h"

/* This much certainly fits into one message. */
#define ANSWER_SIZE 61440

/* The most members that Java shows or sends signals to. */
#define MAX_MEMBERS 4096

static int answer(const struct supervisor *self, const char *text,
		  size_t length)
{
	send(self->java.control, text, length, MSG_NOSIGNAL);
	return 0;
}

static int trace(struct supervisor *self, const struct request *request,
		 struct failure *why)
{
	bool refusals = strcmp(request->words, "refusals") == 0;
	struct filtering filtering;
	int status = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	int err = status < 0 ? -1 : read_filtering(status, &filtering);

	if (status >= 0)
		close(status);
	if (*request->words && !refusals)
		return refuse_request(why, "unknown request");
	if (self->recording)
		end_recording(self->recording);
	self->recording = NULL;
	if (err || filtering.filters < 0)
		return set_failure(why, STATUS_OWN_FAILURE,
				   "bpf: /proc/self/status does not tell how "
				   "many filters there are");
	self->recording = begin_recording(kernel_release(), why);
	if (!self->recording)
		return -1;
	recording_orders(self->recording)->base = (int)filtering.filters;
	if ((refusals || filtering.filters > 0) &&
	    watch_refusals(self->recording, why))
		return -1;
	return answer_ok(&self->java);
}

/* All other requests are about the recording that it has begun. */
static bool is_traced(const struct supervisor *self, struct failure *why)
{
	if (!self->recording)
		refuse_request(why, "unknown request");
	return self->recording;
}

static int untrace(struct supervisor *self, struct failure *why)
{
	if (!is_traced(self, why))
		return -1;
	end_recording(self->recording);
	self->recording = NULL;
	return answer_ok(&self->java);
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

	if (!is_traced(self, why))
		return -1;
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

static int answer_tally(struct supervisor *self, struct failure *why)
{
	static char text[ANSWER_SIZE];
	size_t length = (size_t)sprintf(text, "tally");
	const struct tally *tally;
	uint64_t calls, misses;

	if (!is_traced(self, why))
		return -1;
	tally = recording_tally(self->recording);
	if (sum_up_recording(self->recording, &calls, &misses, why))
		return -1;
#define TELL(name, value)                                                \
	length += (size_t)snprintf(text + length, sizeof(text) - length, \
				   " " #name "=%lld", (long long)(value));
	EACH_COUNTER(TELL)
#undef TELL
	return answer(self, text, length);
}

static int answer_members(struct supervisor *self, struct failure *why)
{
	static pid_t pids[MAX_MEMBERS];
	static char text[ANSWER_SIZE];
	size_t length = (size_t)sprintf(text, "members");
	int count, i;

	if (!is_traced(self, why))
		return -1;
	count = list_recorded(self->recording, pids, MAX_MEMBERS, why);
	if (count < 0)
		return -1;
	for (i = 0; i < count; i++)
		length += (size_t)snprintf(text + length, sizeof(text) - length,
					   " %d", pids[i]);
	return answer(self, text, length);
}

static int answer_failed(struct supervisor *self, struct failure *why)
{
	const struct tally *tally;
	char text[64 * MAX_FAILED_ENDS];
	size_t length = (size_t)sprintf(text, "failed");
	unsigned int i;

	if (!is_traced(self, why))
		return -1;
	tally = recording_tally(self->recording);
	for (i = 0; i < tally->failed && i < MAX_FAILED_ENDS; i++) {
		const struct failed_end *end = &tally->failed_ends[i];

		length += (size_t)snprintf(text + length, sizeof(text) - length,
					   " %u %u %u", end->process,
					   end->status, end->outlived_target);
	}
	return answer(self, text, length);
}

static int answer_calls(struct supervisor *self, long program,
			struct failure *why)
{
	static char text[ANSWER_SIZE];
	size_t head = strlen("calls\n"), length;

	if (!is_traced(self, why))
		return -1;
	memcpy(text, "calls\n", head);
	length = write_program(self->recording, (unsigned int)program,
			       text + head, sizeof(text) - head);
	return answer(self, text, head + length);
}

static int answer_others(struct supervisor *self, struct failure *why)
{
	static char text[ANSWER_SIZE];
	static uint32_t position;
	size_t head = strlen("calls\n"), length;

	if (!is_traced(self, why))
		return -1;
	length = write_others(self->recording, &position, text + head,
			      sizeof(text) - head);
	memcpy(text, position ? "again\n" : "calls\n", head);
	return answer(self, text, head + length);
}

static int answer_path(struct supervisor *self, long number,
		       struct failure *why)
{
	char text[8 + 2 * PATH_TEXT] = "path ";
	size_t head = strlen(text);

	if (!is_traced(self, why))
		return -1;
	return answer(self, text,
		      head + write_path(self->recording, (unsigned int)number,
					text + head, sizeof(text) - head));
}

static int finish(struct supervisor *self, struct failure *why)
{
	if (!is_traced(self, why))
		return -1;
	close_recording(self->recording);
	return answer_ok(&self->java);
}

const struct request_handler recording_requests[] = {
	{ "trace", .handle = trace },
	{ "untrace", .plain = untrace },
	{ "attach", .handle = attach },
	{ "close", .plain = finish },
	{ "tally", .plain = answer_tally },
	{ "members", .plain = answer_members },
	{ "failed", .plain = answer_failed },
	{ "program", .numbered = answer_calls },
	{ "others", .plain = answer_others },
	{ "path", .numbered = answer_path },
	{ NULL },
};
