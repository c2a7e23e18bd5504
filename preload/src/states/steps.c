// SPDX-License-Identifier: Apache-2.0
/* Changes the process that becomes the program, as a state of a series wants it. */
#include "states/steps.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "exec/environment.h"
#include "exec/privilege.h"

static int take_open(const char *value, struct execution *execution)
{
	char *path;
	long fd = strtol(value, &path, 10);
	int opened = open(path + 1, O_RDWR | O_CREAT | O_NOCTTY, 0600);

	if (opened < 0 || dup2(opened, (int)fd) < 0)
		return -errno;
	if (opened != fd)
		close(opened);
	return 0;
}

static int take_broken(const char *value, struct execution *execution)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) || dup2(ends[1], atoi(value)) < 0)
		return -errno;
	close(ends[0]);
	return 0;
}

static int take_close(const char *value, struct execution *execution)
{
	close(atoi(value));
	return 0;
}

static int take_detach(const char *value, struct execution *execution)
{
	setsid();
	return isatty(STDIN_FILENO) ? take_open("0 /dev/null", execution) : 0;
}

static int take_bare(const char *value, struct execution *execution)
{
	static char *empty[] = { NULL };

	execution->envp = empty;
	return 0;
}

static int take_set(const char *value, struct execution *execution)
{
	execution->envp = environment_with(execution->envp, value);
	return execution->envp ? 0 : -ENOMEM;
}

static int take_limit(const char *value, struct execution *execution)
{
	struct limit *limit = execution->limits;
	long most;

	while (limit->value)
		limit++;
	if (sscanf(value, "%d %ld", &limit->resource, &most) != 2)
		return -EINVAL;
	limit->value = (rlim_t)most;
	return 0;
}

static int take_processor(const char *value, struct execution *execution)
{
	cpu_set_t allowed, one;
	int processor = 0;

	if (sched_getaffinity(0, sizeof(allowed), &allowed))
		return -errno;
	while (!CPU_ISSET(processor, &allowed))
		processor++;
	CPU_ZERO(&one);
	CPU_SET(processor, &one);
	return sched_setaffinity(0, sizeof(one), &one) ? -errno : 0;
}

static int take_user(const char *value, struct execution *execution)
{
	uid_t user = (uid_t)atol(value);

	if (setgroups(0, NULL) || setresgid(user, user, user) ||
	    setresuid(user, user, user))
		return -errno;
	/* Otherwise the new user may not trace it. */
	return prctl(PR_SET_DUMPABLE, 1) ? -errno : 0;
}

static int take_offline(const char *value, struct execution *execution)
{
	struct ifreq loopback = { .ifr_name = "lo",
				  .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd, err = 0;

	if (unshare(CLONE_NEWNET))
		return -errno;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &loopback))
		err = -errno;
	if (fd >= 0)
		close(fd);
	return err;
}

static int take_uptime(const char *value, struct execution *execution)
{
	int file, namespace = -1, err = 0;

	if (unshare(CLONE_NEWTIME))
		return -errno;
	file = open("/proc/self/timens_offsets", O_WRONLY | O_CLOEXEC);
	if (file < 0 ||
	    dprintf(file, "monotonic %s 0\nboottime %s 0\n", value, value) < 0)
		err = -errno;
	if (!err) {
		namespace = open("/proc/self/ns/time_for_children",
				 O_RDONLY | O_CLOEXEC);
		if (namespace < 0 || setns(namespace, CLONE_NEWTIME))
			err = -errno;
	}
	if (file >= 0)
		close(file);
	if (namespace >= 0)
		close(namespace);
	return err;
}

/* The moments are the same for all processes that it starts. */
static int take_clock(const char *value, struct execution *execution)
{
	struct timespec now;
	struct failure why;
	long back, right;
	char *moments;

	clock_gettime(CLOCK_REALTIME, &now);
	now.tv_nsec /= 1000;
	if (sscanf(value, "%ld %ld", &back, &right) != 2)
		return -EINVAL;
	if (asprintf(&moments, "SANDBOX_CLOCK=%ld %ld",
		     now.tv_sec * 1000000 + now.tv_nsec + back,
		     now.tv_sec * 1000000 + now.tv_nsec + right) < 0)
		return -ENOMEM;
	execution->envp = environment_loading(execution->envp,
					      "libsandbox-clock.so", &why);
	return execution->envp ? take_set(moments, execution) : -ELIBACC;
}

static int take_lack(const char *value, struct execution *execution)
{
	return hold_to(~strtoull(value, NULL, 16));
}

static const struct {
	const char *word;
	int (*take)(const char *value, struct execution *execution);
} all[] = {
	{ "open", take_open },		 { "broken", take_broken },
	{ "close", take_close },	 { "detach", take_detach },
	{ "bare", take_bare },		 { "set", take_set },
	{ "limit", take_limit },	 { "user", take_user },
	{ "processor", take_processor }, { "offline", take_offline },
	{ "uptime", take_uptime },	 { "clock", take_clock },
	{ "lack", take_lack },
};

static int take_step(const char *step, struct execution *execution)
{
	size_t length = strcspn(step, " "), i;
	const char *value = step + length + (step[length] != 0);

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (strlen(all[i].word) == length &&
		    strncmp(all[i].word, step, length) == 0)
			return all[i].take(value, execution);
	return 0;
}

int take_steps(const char *steps, const char *end, struct execution *execution)
{
	int err = 0;

	for (; !err && steps < end; steps += strlen(steps) + 1)
		err = take_step(steps, execution);
	return err;
}
