// SPDX-License-Identifier: Apache-2.0
#include "supervise/members.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "supervise/answer.h"

#define ENDING_LOOKS  20
#define ENDING_MILLIS 50 /* per look */

static void tell_proc_failure(const struct java *java, int err)
{
	struct failure why;

	refuse_for(&why, "/proc", err);
	tell_failure(java, &why);
}

/* Waits up to a second for what is just ending, such as the tracer. */
void look_for_members(struct target_run *run, const struct java *java)
{
	struct pollfd ended = { .events = POLLIN };
	int patience = ENDING_LOOKS;
	pid_t pid;

	for (;;) {
		run->member = open_session_member(&run->sessions, &pid);
		ended.fd = run->member;
		if (run->member < 0 || --patience == 0 ||
		    poll(&ended, 1, ENDING_MILLIS) == 0)
			break;
		close(run->member);
	}
	if (run->member >= 0)
		tell_java(java, "left %d", pid);
	else if (run->member == -ESRCH)
		tell_java(java, "empty");
	else
		tell_proc_failure(java, run->member);
}

int end_sessions(const struct target_run *run, const struct java *java,
		 int signal)
{
	int err = signal_sessions(&run->sessions, signal);

	if (err)
		tell_proc_failure(java, err);
	return err;
}
