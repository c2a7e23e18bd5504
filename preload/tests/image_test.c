/* SPDX-License-Identifier: Apache-2.0 */
/* The interpreter that a script names is opened only if it is a regular file. */
#include "process/image.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

static char folder[] = "/tmp/image_test.XXXXXX";

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

int main(void)
{
	char pipe[64], script[64];

	/* Opening a pipe can take for ever. */
	alarm(10);
	if (!check(mkdtemp(folder) != NULL, "mkdtemp: errno %d", errno))
		return check_summary();
	snprintf(pipe, sizeof(pipe), "%s/pipe", folder);
	snprintf(script, sizeof(script), "%s/script", folder);
	test_pipe(pipe, script);
	test_regular(script);
	rmdir(folder);
	return check_summary();
}
