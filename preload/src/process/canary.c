// SPDX-License-Identifier: Apache-2.0
/* Makes a child call something that the recorder must see. */
#include "process/canary.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process/child.h"

/* Logs only this number: the end of this process must leave no record. */
static int log_call(int number)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned int)number, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_LOG),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { .len = sizeof(code) / sizeof(code[0]),
				      .filter = code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return errno;
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program))
		return errno;
	return 0;
}

__attribute__((noreturn)) static void run_canary(int number, int gate)
{
	char go;
	int err;

	if (read(gate, &go, 1) != 1)
		_exit(ECANCELED);
	err = log_call(number);
	if (!err)
		syscall(number);
	_exit(err);
}

int prepare_canary(struct canary *canary, int number)
{
	int gate[2];

	if (pipe2(gate, O_CLOEXEC))
		return -errno;
	canary->pid = fork();
	if (canary->pid == 0) {
		close(gate[1]);
		run_canary(number, gate[0]);
	}
	close(gate[0]);
	canary->gate = gate[1];
	if (canary->pid > 0)
		return 0;
	close(gate[1]);
	return -EAGAIN;
}

int release_canary(const struct canary *canary, bool calls)
{
	int status;

	calls = calls && open_gate(canary->gate);
	close(canary->gate);
	if (await_child(canary->pid, &status, 0) < 0)
		return -errno;
	if (!calls)
		return -ECANCELED;
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -ECHILD;
}

int make_canary(int number)
{
	struct canary canary;
	int err = prepare_canary(&canary, number);

	return err ? err : release_canary(&canary, true);
}
