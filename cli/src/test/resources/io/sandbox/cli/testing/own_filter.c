// SPDX-License-Identifier: Apache-2.0
/*
 * Loads a filter of its own, by the means that its argument names, under which
 * getppid fails with EPERM; shows that; then makes a directory "x".
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { 4, code };
	long err;

	if (argc == 2 && strcmp(argv[1], "prctl") == 0)
		err = prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
	else
		err = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0,
			      &program);
	if (err)
		return 1;
	err = syscall(SYS_getppid);
	printf("getppid: %d\n", err < 0 ? errno : 0);
	fflush(stdout);
	mkdir("x", 0700);
	return 0;
}
