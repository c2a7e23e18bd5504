// SPDX-License-Identifier: Apache-2.0
/*
 * Turns the process that the user started into the program, under a filter. If
 * Java compiled the filter, it ran in a child that has ended. So the program's
 * process has none of the settings that a JVM makes in its own.
 */
#include "exec/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "certain_load.h"
#include "exec/environment.h"
#include "inject/inject.h"
#include "process/child.h"
#include "process/clone.h"
#include "process/program.h"
#include "process/report.h"
#include "process/search.h"

extern char **environ;

bool receive_code(const char *message, ssize_t length,
		  struct compiled_filter *filter)
{
	const char *end = memchr(message, '\n', (size_t)length);

	return end &&
	       take_code(end + 1, (size_t)(message + length - end - 1), filter);
}

bool take_code(const char *code, size_t size, struct compiled_filter *filter)
{
	if (size == 0 || size % sizeof(*filter->code) ||
	    size > sizeof(filter->code))
		return false;
	memcpy(filter->code, code, size);
	filter->length = (unsigned short)(size / sizeof(*filter->code));
	return true;
}

int add_text(struct compiled_filter *filter, const char *text, size_t length)
{
	size_t before = filter->text ? strlen(filter->text) : 0;
	char *more = realloc(filter->text, before + length + 1);

	if (!more)
		return -errno;
	memcpy(more + before, text, length);
	more[before + length] = 0;
	filter->text = more;
	return 0;
}

/* Returns 0, -errno, or -EPROTO if a filter answered in the kernel's place. */
static int load_here(const struct compiled_filter *filter)
{
	struct sock_fprog program = {
		.len = filter->length,
		.filter = (struct sock_filter *)filter->code,
	};
	long err = 0;

	switch (load_for_certain(
		&program, filter->log ? SECCOMP_FILTER_FLAG_LOG : 0, 0, &err)) {
	case LOADED:
		return 0;
	case NOT_THE_KERNEL:
		return -EPROTO;
	default:
		return (int)-err;
	}
}

static const char *explain_load(int err)
{
	return err == -EPROTO ? "a filter that is in force already answers in "
				"the kernel's place"
			      : strerror(-err);
}

int become_program(const char *name, const struct execution *execution,
		   const struct compiled_filter *filter)
{
	struct filtered_start start = {
		.name = name,
		.execution = execution,
		.text = filter->text,
		.filter = { .code = filter->code,
			    .length = filter->length,
			    .flags =
				    filter->log ? SECCOMP_FILTER_FLAG_LOG : 0 },
		.start = filter->start,
	};
	struct failure why;
	int err;

	if (filter->start != FILTER_FROM_HERE) {
		execute_filtered(&start, &why);
		return print_failure(name, &why);
	}
	if (filter->text)
		print_text(filter->text);
	err = load_here(filter);
	if (err)
		return print_own_failure(name, "cannot load the filter",
					 explain_load(err));
	execute_program(execution);
	explain_execve(execution->program->path, -errno, &why);
	return print_failure(name, &why);
}

int become_program_alone(const char *name, const struct program *program,
			 char **argv, const struct compiled_filter *filter)
{
	struct execution execution = {
		.program = program,
		.argv = argv,
		.envp = environment_without_policy(environ),
	};

	if (!execution.envp)
		return print_own_failure(name, "cannot start",
					 strerror(ENOMEM));
	return become_program(name, &execution, filter);
}

static int read_code(const char *path, struct compiled_filter *filter)
{
	char more;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t size = 0;
	ssize_t n = 0;

	if (fd < 0)
		return -errno;
	while (size < sizeof(filter->code)) {
		n = read(fd, (char *)filter->code + size,
			 sizeof(filter->code) - size);
		if (n <= 0)
			break;
		size += (size_t)n;
	}
	if (n > 0 && size == sizeof(filter->code))
		n = read(fd, &more, 1) ? -1 : 0, errno = EFBIG;
	n = n < 0 ? -errno : 0;
	close(fd);
	filter->length = (unsigned short)(size / sizeof(*filter->code));
	if (!n && (size == 0 || size % sizeof(*filter->code)))
		n = -EINVAL;
	return (int)n;
}

const char *read_filter(const char *path, struct compiled_filter *filter)
{
	int err = read_code(path, filter);

	if (err == -EINVAL || err == -EFBIG)
		return "not a filter: 1 to 4096 instructions of 8 bytes";
	return err ? strerror(-err) : NULL;
}

struct trial {
	const struct compiled_filter *filter;
	volatile int *result;
};

static int run_trial(void *context)
{
	const struct trial *trial = context;

	*trial->result = load_here(trial->filter);
	return 0;
}

/*
 * Loads the filter in a child that ends at once, to learn whether the kernel
 * accepts it. The child has no exit signal, so we can wait for it even if the
 * user ignores SIGCHLD. It reports through shared memory, because the filter
 * may not let it exit with a status. If exit is refused, a trap ends it.
 */
static int try_filter(const struct compiled_filter *filter)
{
	struct trial trial = { .filter = filter };
	int *result = mmap(NULL, sizeof(*result), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	long pid;
	int err;

	if (result == MAP_FAILED)
		return -errno;
	/* A filter answered in the kernel's place. */
	if (!result)
		return -EPROTO;
	/* This value stays if the child is killed before it can report. */
	*result = -ECHILD;
	trial.result = result;
	pid = clone_process(0, run_trial, &trial);
	err = pid < 0 ? (int)pid : 0;
	if (pid > 0)
		await_child((pid_t)pid, NULL, __WALL);
	err = err ? err : *result;
	munmap(result, sizeof(*result));
	return err;
}

static const char *explain_trial(int err)
{
	switch (err) {
	case -EINVAL:
		return "not a filter: the kernel refuses it";
	case -ECHILD:
		return "cannot be tried: the process that loads it is killed "
		       "(by another filter that is in force?)";
	default:
		return explain_load(err);
	}
}

int confine_by_file(const char *name, const char *path, char **argv)
{
	static struct compiled_filter filter;
	struct program program;
	struct execution execution = { .program = &program,
				       .argv = argv,
				       .envp = environ };
	struct failure why;
	const char *mistake = read_filter(path, &filter);
	int err;

	if (mistake)
		return print_own_failure(name, path, mistake);
	if (find_program(argv[0], &program, &why))
		return print_failure(name, &why);
	filter.start = FILTER_FROM_EXEC;
	err = try_filter(&filter);
	if (err)
		return print_own_failure(name, path, explain_trial(err));
	return become_program(name, &execution, &filter);
}
