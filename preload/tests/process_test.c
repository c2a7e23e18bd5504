/* SPDX-License-Identifier: Apache-2.0 */
/* What src/process does for others. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "answered.h"
#include "check.h"
#include "process/child.h"
#include "process/descriptors.h"
#include "process/image.h"
#include "process/limits.h"

/* The end of a child is noticed even if a filter answers wait4(2). */

#define STATUS 7

/* Returns whether a child is reaped with @expected, and not before its end. */
static bool reaps(int expected)
{
	int gate[2], status = 0, result, tries = 2000;
	pid_t pid;
	char go;

	if (pipe(gate))
		return false;
	pid = fork();
	if (pid == 0) {
		close(gate[1]);
		_exit(read(gate[0], &go, 1) == 1 ? STATUS : EXIT_FAILURE);
	}
	if (reap_child(pid, &status) != 0)
		return false;
	if (write(gate[1], "", 1) != 1)
		return false;
	while ((result = reap_child(pid, &status)) == 0 && --tries > 0)
		usleep(1000);
	return result == expected &&
	       (result < 0 ||
		(WIFEXITED(status) && WEXITSTATUS(status) == STATUS));
}

static bool reaps_under_filter(unsigned int err, int expected)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		_exit(answer_call(SYS_wait4, SECCOMP_RET_ERRNO | err) &&
				      reaps(expected)
			      ? EXIT_SUCCESS
			      : EXIT_FAILURE);
	}
	return waitpid(pid, &status, 0) == pid && status == 0;
}

static void test_children(void)
{
	check(reaps(1), "a child");
	check(reaps_under_filter(EPERM, -EPERM), "a child, wait4 fails");
	check(reaps_under_filter(0, -EPROTO), "a child, wait4 gives 0");
}

/* Processes that only try what is allowed end with whoever made them. */

#define TRIES 40

/* Only detects processes that stay. */
#define PATIENCE_MILLIS 10000

/* Returns its process group. */
static pid_t kill_while_it_tries(unsigned int after_us)
{
	pid_t pid = fork();

	if (pid == 0) {
		setpgid(0, 0);
		for (;;)
			forbidding_threads();
	}
	usleep(after_us);
	kill(pid, SIGKILL);
	return pid;
}

static bool all_end(void)
{
	int millis = 0;
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) >= 0)
		if (pid == 0) {
			if (millis++ == PATIENCE_MILLIS)
				return false;
			usleep(1000);
		}
	return errno == ECHILD;
}

static void test_tries(void)
{
	check(!prctl(PR_SET_CHILD_SUBREAPER, 1), "no subreaper");
	for (unsigned int i = 0; i < TRIES; i++) {
		pid_t group = kill_while_it_tries(1000 + i * 50);

		if (!check(all_end(), "try %u: a process stays", i)) {
			kill(-group, SIGKILL);
			break;
		}
	}
}

/* The interpreter that a script names is opened only if it is a regular file. */

static char folder[] = "/tmp/process_test.XXXXXX";

static void write_script(const char *path, const char *interpreter)
{
	FILE *script = fopen(path, "w");

	if (!check(script != NULL, "%s: errno %d", path, errno))
		return;
	fprintf(script, "#!%s\n", interpreter);
	fclose(script);
}

/* Opening a pipe is noticed as opening a device would be. */
static void test_pipe(const char *pipe, const char *script)
{
	int opened = inotify_init1(IN_NONBLOCK);
	struct inotify_event event;
	struct image image;
	struct failure why;
	char linker[PATH_MAX];

	check(mkfifo(pipe, 0700) == 0, "mkfifo: errno %d", errno);
	check(inotify_add_watch(opened, pipe, IN_OPEN) >= 0, "watch: errno %d",
	      errno);
	write_script(script, pipe);
	check(find_image(script, &image, &why) == 0, "not left to the kernel");
	check(strcmp(image.path, pipe) == 0, "path %s", image.path);
	check(!image.readable && image.length == 0, "read");
	check(read_image_linker(&image, linker) == -EACCES, "linker");
	check(read(opened, &event, sizeof(event)) < 0 && errno == EAGAIN,
	      "the pipe was opened");
	close(opened);
	unlink(pipe);
}

static void test_regular(const char *script)
{
	struct image image;
	struct failure why;

	write_script(script, "/proc/self/exe");
	check(find_image(script, &image, &why) == 0, "find_image");
	check(image.readable && image_is_elf(&image), "not read");
	unlink(script);
}

static void test_images(void)
{
	char pipe[64], script[64];

	/* Opening a pipe can take for ever. */
	alarm(10);
	if (!check(mkdtemp(folder) != NULL, "mkdtemp: errno %d", errno))
		return;
	snprintf(pipe, sizeof(pipe), "%s/pipe", folder);
	snprintf(script, sizeof(script), "%s/script", folder);
	test_pipe(pipe, script);
	test_regular(script);
	rmdir(folder);
	alarm(0);
}

/* Descriptors are closed with close_range(2), and under a filter without it. */

#ifndef SYS_close_range /* glibc 2.32 */
#define SYS_close_range 436
#endif
#define FIRST 100
#define LAST  900 /* more than one getdents64(2) returns */

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

static void test_close(const char *how)
{
	int fd, null = open("/dev/null", O_RDONLY);

	for (fd = FIRST; fd <= LAST; fd++)
		check(dup2(null, fd) == fd, "%s: dup2: %d", how, fd);
	check(close_descriptors(FIRST + 1, LAST - 1) == 0, "%s: errno %d", how,
	      errno);
	check(is_open(FIRST) && is_open(LAST), "%s: neighbours", how);
	for (fd = FIRST + 1; fd < LAST; fd++)
		check(!is_open(fd), "%s: %d is open", how, fd);
	check(close_descriptors((unsigned int)null, ~0U) == 0,
	      "%s: all: errno %d", how, errno);
	for (fd = null; fd <= LAST; fd++)
		check(!is_open(fd), "%s: all: %d is open", how, fd);
	check(is_open(1) && is_open(2), "%s: output is closed", how);
}

static void test_descriptors(void)
{
	test_close("as it is");
	if (check(answer_call(SYS_close_range, SECCOMP_RET_ERRNO | ENOSYS),
		  "no filter: errno %d", errno))
		test_close("without close_range");
}

int main(void)
{
	test_children();
	test_tries();
	test_images();
	/* From here on, a filter refuses a call. */
	test_descriptors();
	return check_summary();
}
