// SPDX-License-Identifier: Apache-2.0
/* A process waits at its end of a pipe until we let it go on. */
#include "process/gate.h"

#include <errno.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

bool open_gate(int gate)
{
	static const struct timespec no_time;
	sigset_t pipe_signal, before, pending;
	bool open;

	sigpending(&pending);
	sigemptyset(&pipe_signal);
	sigaddset(&pipe_signal, SIGPIPE);
	/* A blocked signal becomes pending even if it is ignored. */
	sigprocmask(SIG_BLOCK, &pipe_signal, &before);
	open = write(gate, "", 1) == 1;
	if (!open && errno == EPIPE && !sigismember(&pending, SIGPIPE))
		sigtimedwait(&pipe_signal, NULL, &no_time);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return open;
}
