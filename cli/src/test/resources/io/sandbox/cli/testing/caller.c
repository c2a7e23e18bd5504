// SPDX-License-Identifier: Apache-2.0
/* caller FD:FLAG... -- WORDS: becomes WORDS, started from a state that nothing has by default. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* Names that no shell can have, one without a value, one twice, and what would change a JVM. */
static char *odd_environment[] = {
	"Z=last letter first",
	"PATH=/usr/bin:/bin",
	"A=2",
	"my.prop=x y",
	"BASH_FUNC_f%%=() {  echo hi\n}",
	"EMPTY=",
	"=odd",
	"noequals",
	"TWICE=1",
	"TWICE=2",
	"LANG=C",
	"HOME=/root",
	"JAVA_TOOL_OPTIONS=-Dtalks=yes",
	"_JAVA_OPTIONS=-Dtalks=yes",
	"JDK_JAVA_OPTIONS=-Dtalks=yes",
	"IFS=:",
	"PS4=$(id)",
	"B\xc3\xbc=\xff",
	NULL,
};

static void limit(int resource, rlim_t soft, rlim_t hard)
{
	struct rlimit value = { soft, hard };

	if (setrlimit(resource, &value))
		perror("setrlimit");
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		perror(path);
	close(fd);
}

int main(int argc, char **argv)
{
	sigset_t blocked;
	cpu_set_t cpus;
	int i, cpu = 0;

	if (dup2(open("/dev/zero", O_RDONLY), 7) < 0 ||
	    dup2(open("/dev/null", O_WRONLY | O_APPEND), 250) < 0)
		return 99;
	for (i = 3; i < 300; i++)
		if (i != 7 && i != 250)
			close(i);
	umask(027);
	if (setpriority(PRIO_PROCESS, 0, 5))
		perror("nice");
	limit(RLIMIT_NOFILE, 280, 290);
	limit(RLIMIT_CORE, 0, 4096);
	limit(RLIMIT_STACK, 4 << 20, 64 << 20);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
	sigaddset(&blocked, SIGWINCH);
	sigaddset(&blocked, SIGRTMIN + 3);
	sigprocmask(SIG_SETMASK, &blocked, NULL);
	kill(getpid(), SIGUSR1);
	kill(getpid(), SIGRTMIN + 3);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_IGN);
	signal(SIGTTOU, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	personality(ADDR_NO_RANDOMIZE);
	prctl(PR_SET_TIMERSLACK, 77777UL, 0, 0, 0);
	write_file("/proc/self/oom_score_adj", "321");
	write_file("/proc/self/coredump_filter", "0x11");
	if (sched_getaffinity(0, sizeof(cpus), &cpus) == 0) {
		while (!CPU_ISSET(cpu, &cpus))
			cpu++;
		CPU_ZERO(&cpus);
		CPU_SET(cpu, &cpus);
		sched_setaffinity(0, sizeof(cpus), &cpus);
	}
	for (i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		close(atoi(argv[i]));
	execve(argv[i + 1], argv + i + 1, odd_environment);
	perror(argv[i + 1]);
	return 99;
}
