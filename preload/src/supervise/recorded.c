// SPDX-License-Identifier: Apache-2.0
/* Requests of Java about a recording in the kernel (see supervise/supervisor.h). */
#include "supervise/state.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "process/proc.h"

/* As much as certainly fits into one message. */
#define ANSWER_SIZE 61440

/* The most members that Java shows or sends signals to. */
#define MAX_MEMBERS 4096

static int answer(const struct supervisor *self, const char *text,
		  size_t length)
{
	send(self->java.control, text, length, MSG_NOSIGNAL);
	return 0;
}

static int answer_ok(const struct supervisor *self)
{
	return answer(self, "ok", 2);
}

static int trace(struct supervisor *self, bool refusals, struct failure *why)
{
	struct filtering filtering;
	int status = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	int err = status < 0 ? -1 : read_filtering(status, &filtering);

	if (status >= 0)
		close(status);
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
	return answer_ok(self);
}

static int untrace(struct supervisor *self)
{
	end_recording(self->recording);
	self->recording = NULL;
	return answer_ok(self);
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
	orders->target = (unsigned int)self->target.pid;
	if ((only_refused && watch_refusals(self->recording, why)) ||
	    record_process(self->recording, self->target.pid, NOT_CALLED, why))
		return -1;
	tell_java(&self->java, "process %d", self->target.pid);
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

static int attach(struct supervisor *self, const char *what,
		  struct failure *why)
{
	int pid, err;

	/* From here on, Java gets the signals of the user. */
	self->has_run = true;
	if (sscanf(what, "process %d", &pid) == 1)
		err = record_tree(self->recording, pid, why);
	else
		err = record_cgroup(self->recording, what + strlen("cgroup "),
				    why);
	return err ? err : answer_ok(self);
}

static int answer_tally(const struct supervisor *self, struct failure *why)
{
	const struct tally *tally = recording_tally(self->recording);
	uint64_t calls, misses;

	if (sum_up_recording(self->recording, &calls, &misses, why))
		return -1;
	tell_java(&self->java,
		  "tally alive=%d marked=%u processes=%u distinct=%u "
		  "entered=%u programs=%u lost_tasks=%u lost_calls=%llu "
		  "lost_others=%llu orphans=%u deep=%u unnamed=%u unwatched=%u "
		  "filters=%u calls=%llu misses=%llu",
		  tally->alive, tally->marked, tally->processes, tally->calls,
		  tally->entered, tally->programs, tally->lost_tasks,
		  (unsigned long long)tally->lost_calls,
		  (unsigned long long)tally->lost_others, tally->orphans,
		  tally->deep, tally->unnamed, tally->unwatched, tally->filters,
		  (unsigned long long)calls, (unsigned long long)misses);
	return 0;
}

static int answer_members(const struct supervisor *self, struct failure *why)
{
	static pid_t pids[MAX_MEMBERS];
	static char text[ANSWER_SIZE];
	size_t length = (size_t)sprintf(text, "members");
	int count = list_recorded(self->recording, pids, MAX_MEMBERS, why);
	int i;

	if (count < 0)
		return -1;
	for (i = 0; i < count; i++)
		length += (size_t)snprintf(text + length, sizeof(text) - length,
					   " %d", pids[i]);
	return answer(self, text, length);
}

static int answer_failed(const struct supervisor *self)
{
	const struct tally *tally = recording_tally(self->recording);
	char text[64 * MAX_FAILED_ENDS];
	size_t length = (size_t)sprintf(text, "failed");
	unsigned int i;

	for (i = 0; i < tally->failed && i < MAX_FAILED_ENDS; i++) {
		const struct failed_end *end = &tally->failed_ends[i];

		length += (size_t)snprintf(text + length, sizeof(text) - length,
					   " %u %u %u", end->process,
					   end->status, end->outlived_target);
	}
	return answer(self, text, length);
}

static int answer_calls(struct supervisor *self, unsigned int program)
{
	static char text[ANSWER_SIZE];
	size_t head = strlen("calls\n"), length;

	memcpy(text, "calls\n", head);
	length = write_program(self->recording, program, text + head,
			       sizeof(text) - head);
	return answer(self, text, head + length);
}

static int answer_others(struct supervisor *self)
{
	static char text[ANSWER_SIZE];
	static uint32_t position;
	size_t head = strlen("calls\n"), length;

	length = write_others(self->recording, &position, text + head,
			      sizeof(text) - head);
	memcpy(text, position ? "again\n" : "calls\n", head);
	return answer(self, text, head + length);
}

static int answer_path(const struct supervisor *self, unsigned int number)
{
	char text[8 + 2 * PATH_TEXT] = "path ";
	size_t head = strlen(text);

	return answer(self, text,
		      head + write_path(self->recording, number, text + head,
					sizeof(text) - head));
}

int handle_recording(struct supervisor *self, const char *request,
		     struct failure *why)
{
	unsigned int number;

	if (strcmp(request, "trace") == 0 ||
	    strcmp(request, "trace refusals") == 0)
		return trace(self, request[strlen("trace")] != 0, why);
	if (!self->recording)
		return 1;
	if (strcmp(request, "untrace") == 0)
		return untrace(self);
	if (strncmp(request, "attach ", strlen("attach ")) == 0)
		return attach(self, request + strlen("attach "), why);
	if (strcmp(request, "close") == 0) {
		close_recording(self->recording);
		return answer_ok(self);
	}
	if (strcmp(request, "tally") == 0)
		return answer_tally(self, why);
	if (strcmp(request, "members") == 0)
		return answer_members(self, why);
	if (strcmp(request, "failed") == 0)
		return answer_failed(self);
	if (sscanf(request, "program %u", &number) == 1)
		return answer_calls(self, number);
	if (strcmp(request, "others") == 0)
		return answer_others(self);
	if (sscanf(request, "path %u", &number) == 1)
		return answer_path(self, number);
	return 1;
}
