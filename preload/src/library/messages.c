/* SPDX-License-Identifier: Apache-2.0 */
/* Writes lines to stderr without side effects on the program. */
#include "library/messages.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define VALUE_LIMIT  60	  /* bytes shown of a value */
#define PATIENCE_MS  1000 /* for a stderr that blocks */
#define MAX_REFUSALS 100  /* EAGAIN in a row although poll succeeded */
#define BUFFER_SIZE  4096 /* PIPE_BUF: after poll it does not block */

static char buffer[BUFFER_SIZE];
static size_t used;
static bool gave_up;

/*
 * The signals that writing to stderr can raise: for a pipe without reader, a
 * terminal of another job, or a file at its size limit. The program, which has
 * not begun, must not get them.
 */
static const int write_signals[] = { SIGPIPE, SIGTTOU, SIGXFSZ };

#define SIGNAL_COUNT (sizeof(write_signals) / sizeof(*write_signals))

static void write_bounded(const char *text, size_t length)
{
	struct pollfd stderr_poll = { .fd = STDERR_FILENO, .events = POLLOUT };
	unsigned int refusals = 0;
	ssize_t written;
	int ready;

	while (length > 0 && !gave_up) {
		do
			ready = poll(&stderr_poll, 1, PATIENCE_MS);
		while (ready < 0 && errno == EINTR);
		if (ready <= 0 || stderr_poll.revents & (POLLERR | POLLNVAL)) {
			gave_up = true;
			return;
		}
		written = write(STDERR_FILENO, text, length);
		if (written < 0 && errno == EAGAIN && refusals++ < MAX_REFUSALS)
			continue;
		/* The kernel never returns 0 here, but a filter can. */
		if (written == 0 || (written < 0 && errno != EINTR))
			gave_up = true;
		if (written > 0) {
			refusals = 0;
			text += written;
			length -= written;
		}
	}
}

void message_flush(void)
{
	static const struct timespec at_once = { 0, 0 };
	sigset_t ours, before, pending_before, pending_after;

	if (used == 0)
		return;
	sigemptyset(&ours);
	for (size_t i = 0; i < SIGNAL_COUNT; i++)
		sigaddset(&ours, write_signals[i]);
	sigemptyset(&pending_before);
	sigpending(&pending_before);
	/* This thread only; pthread_sigmask(3) would need libpthread. */
	sigprocmask(SIG_BLOCK, &ours, &before);

	write_bounded(buffer, used);
	used = 0;

	/* Remove the signals that the write raised, and only those. */
	sigemptyset(&pending_after);
	sigpending(&pending_after);
	for (size_t i = 0; i < SIGNAL_COUNT; i++) {
		sigset_t one;

		if (sigismember(&pending_after, write_signals[i]) != 1 ||
		    sigismember(&pending_before, write_signals[i]) == 1)
			continue;
		sigemptyset(&one);
		sigaddset(&one, write_signals[i]);
		while (sigtimedwait(&one, NULL, &at_once) < 0 && errno == EINTR)
			;
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
}

static void add_bytes(const char *bytes, size_t length)
{
	size_t part;

	while (length > 0) {
		if (used == sizeof(buffer))
			message_flush();
		part = sizeof(buffer) - used;
		if (part > length)
			part = length;
		memcpy(buffer + used, bytes, part);
		used += part;
		bytes += part;
		length -= part;
	}
}

static void add_text(const char *text)
{
	add_bytes(text, strlen(text));
}

const char *message_value(const char *value, size_t length)
{
	static const char hex[] = "0123456789abcdef";
	static char text[4 * VALUE_LIMIT + sizeof("...")];
	size_t shown = length < VALUE_LIMIT ? length : VALUE_LIMIT;
	char *at = text;

	if (length == 0)
		return "\"\"";
	for (size_t i = 0; i < shown; i++) {
		unsigned char c = value[i];

		if (c >= ' ' && c <= '~' && c != '\\') {
			*at++ = c;
			continue;
		}
		*at++ = '\\';
		*at++ = 'x';
		*at++ = hex[c >> 4];
		*at++ = hex[c & 15];
	}
	strcpy(at, shown < length ? "..." : "");
	return text;
}

void message_failure(const struct failure *failure)
{
	add_text("libsandbox: ");
	add_text(failure->text);
	add_text("\n");
	message_flush();
}

_Noreturn void message_failure_exit(const struct failure *failure)
{
	message_failure(failure);
	_exit(failure->status);
}

void message_adding(const char *name, size_t length)
{
	static const char before[] = "adding ";
	static const char after[] = " to the process seccomp filter\n";

	add_bytes(before, sizeof(before) - 1);
	add_bytes(name, length);
	add_bytes(after, sizeof(after) - 1);
}
