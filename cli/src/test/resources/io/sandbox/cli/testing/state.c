// SPDX-License-Identifier: Apache-2.0
/* state FILE [WORDS]: writes into FILE, a line for each, the state that this program was started in. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static FILE *out;

static void text(const char *key, const char *value)
{
	fprintf(out, "%s=", key);
	for (; *value; value++)
		if ((unsigned char)*value < ' ' || *value == '\\' ||
		    (unsigned char)*value > '~')
			fprintf(out, "\\%02x", (unsigned char)*value);
		else
			fputc(*value, out);
	fputc('\n', out);
}

static void number(const char *key, long value)
{
	fprintf(out, "%s=%ld\n", key, value);
}

static void link_target(const char *key, const char *path)
{
	char target[4096];
	ssize_t n = readlink(path, target, sizeof(target) - 1);

	target[n < 0 ? 0 : n] = 0;
	text(key, n < 0 ? strerror(errno) : target);
}

/* Each line of a file of /proc. */
static void file(const char *path)
{
	char line[4096];
	FILE *in = fopen(path, "r");

	if (!in) {
		text(path, strerror(errno));
		return;
	}
	while (fgets(line, sizeof(line), in)) {
		line[strcspn(line, "\n")] = 0;
		text(path, line);
	}
	fclose(in);
}

static void descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *entry;
	char path[300], key[300];
	struct stat st;
	int fd;

	while (dir && (entry = readdir(dir))) {
		fd = atoi(entry->d_name);
		if (entry->d_name[0] == '.' || fd == dirfd(dir))
			continue;
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		snprintf(key, sizeof(key), "fd %d flags %x %x", fd,
			 fcntl(fd, F_GETFD), fcntl(fd, F_GETFL));
		link_target(key, path);
		if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
			snprintf(key, sizeof(key), "fd %d offset", fd);
			number(key, lseek(fd, 0, SEEK_CUR));
		}
	}
	if (dir)
		closedir(dir);
}

static void signals(void)
{
	struct sigaction action;
	char key[32];
	int i;

	for (i = 1; i < NSIG; i++) {
		if (i == SIGKILL || i == SIGSTOP || sigaction(i, NULL, &action))
			continue;
		snprintf(key, sizeof(key), "signal %d", i);
		text(key, action.sa_handler == SIG_IGN	 ? "ignored"
			  : action.sa_handler == SIG_DFL ? "default"
							 : "handled");
	}
}

static void limits(void)
{
	struct rlimit value;
	char key[32];
	int i;

	for (i = 0; i < RLIM_NLIMITS; i++) {
		if (getrlimit(i, &value))
			continue;
		snprintf(key, sizeof(key), "limit %d", i);
		fprintf(out, "%s=%llx %llx\n", key,
			(unsigned long long)value.rlim_cur,
			(unsigned long long)value.rlim_max);
	}
}

int main(int argc, char **argv)
{
	char cwd[4096], comm[17] = "", *memory;
	struct itimerval timer;
	size_t size;
	int i, fd, death = 0;

	out = open_memstream(&memory, &size);
	if (!out || argc < 2)
		return 2;
	descriptors();
	for (i = 0; i < argc; i++)
		text("argument", argv[i]);
	for (i = 0; environ[i]; i++)
		text("environment", environ[i]);
	text("working folder", getcwd(cwd, sizeof(cwd)) ? cwd : "none");
	number("umask", umask(0));
	number("nice", getpriority(PRIO_PROCESS, 0));
	number("io priority", syscall(SYS_ioprio_get, 1, 0));
	number("scheduler", sched_getscheduler(0));
	limits();
	signals();
	number("process group", getpgrp());
	number("session", getsid(0));
	prctl(PR_GET_NAME, comm);
	text("name", comm);
	link_target("executable", "/proc/self/exe");
	text("AT_EXECFN", (const char *)getauxval(AT_EXECFN));
	number("AT_SECURE", (long)getauxval(AT_SECURE));
	number("dumpable", prctl(PR_GET_DUMPABLE, 0, 0, 0, 0));
	number("no_new_privs", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	number("securebits", prctl(PR_GET_SECUREBITS, 0, 0, 0, 0));
	number("keepcaps", prctl(PR_GET_KEEPCAPS, 0, 0, 0, 0));
	number("timer slack", prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0));
	prctl(PR_GET_PDEATHSIG, &death, 0, 0, 0);
	number("signal when the parent dies", death);
	death = 0;
	prctl(PR_GET_CHILD_SUBREAPER, &death, 0, 0, 0);
	number("child subreaper", death);
	number("personality", personality(0xffffffff));
	getitimer(ITIMER_REAL, &timer);
	number("alarm", timer.it_value.tv_sec);
	number("has children", waitpid(-1, NULL, WNOHANG) != -1);
	number("no children", errno == ECHILD);
	fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
	text("controlling terminal", fd < 0 ? strerror(errno) : "yes");
	if (fd >= 0)
		number("foreground", tcgetpgrp(fd) == getpgrp());
	close(fd);
	file("/proc/self/status");
	file("/proc/self/oom_score_adj");
	file("/proc/self/coredump_filter");
	file("/proc/self/cgroup");
	file("/proc/self/timens_offsets");
	link_target("root", "/proc/self/root");
	link_target("mnt", "/proc/self/ns/mnt");
	link_target("net", "/proc/self/ns/net");
	link_target("pid", "/proc/self/ns/pid_for_children");
	link_target("user", "/proc/self/ns/user");
	fclose(out);
	fd = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC, 0600);
	return write(fd, memory, size) == (ssize_t)size ? 0 : 1;
}
