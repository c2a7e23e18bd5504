// SPDX-License-Identifier: Apache-2.0
/*
 * sandboxify: the process that the user started becomes the program. Java only
 * compiles the filter, as a child that has ended by then, so nothing that a
 * JVM does to a process is done to the program's.
 */
#include "exec_confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "exec_environment.h"
#include "exec_inject.h"
#include "exec_java.h"
#include "exec_program.h"

#define REQUEST_SIZE 64
#define MESSAGE_SIZE (REQUEST_SIZE + BPF_MAXINSNS * sizeof(struct sock_filter))

extern char **environ;

enum start {
	START_EXEC,
	START_ENTRY,
	START_HERE
};

/* A filter that has arrived; zero instructions until then. */
struct received_filter {
	struct sock_filter code[BPF_MAXINSNS];
	unsigned short length;
	bool log;
	enum start start;
	int count;
};

struct confiner {
	struct java compiler;
	char **arguments;
	int argument_count;
	struct program program;
	/* What the compiler says its exit status will be. */
	int status;
};

static void tell_refusal(const struct confiner *self, const struct refusal *why)
{
	tell(&self->compiler, "refused %d %s", why->status, why->text);
}

static bool find_target(struct confiner *self, int count)
{
	struct refusal why = { STATUS_OWN_FAILURE, "no program to run" };
	const char *name = NULL;

	if (count >= 1 && count <= self->argument_count)
		name = self->arguments[self->argument_count - count];
	if (name && find_program(name, &self->program, &why) == 0)
		return true;
	tell_refusal(self, &why);
	return false;
}

static bool parse_start(const char *word, enum start *start)
{
	static const char *const words[] = { "exec", "entry", "here" };
	int i;

	for (i = START_EXEC; i <= START_HERE; i++) {
		if (strcmp(word, words[i]) == 0) {
			*start = (enum start)i;
			return true;
		}
	}
	return false;
}

static void receive_filter(struct confiner *self, const char *message,
			   ssize_t length, struct received_filter *filter)
{
	const char *code = memchr(message, '\n', (size_t)length);
	size_t size = code ? (size_t)(message + length - ++code) : 0;
	char start[8];
	int count, log;

	if (size == 0 || size % sizeof(*filter->code) ||
	    size > sizeof(filter->code) ||
	    sscanf(message, "filter %d %7s %d", &count, start, &log) != 3 ||
	    !parse_start(start, &filter->start)) {
		tell(&self->compiler, "failed not a filter");
		return;
	}
	if (!find_target(self, count))
		return;
	memcpy(filter->code, code, size);
	filter->length = (unsigned short)(size / sizeof(*filter->code));
	filter->log = log != 0;
	filter->count = count;
	tell(&self->compiler, "ok");
}

static void handle_message(struct confiner *self, const char *message,
			   ssize_t length, struct received_filter *filter)
{
	int number;

	if (sscanf(message, "target %d", &number) == 1) {
		if (find_target(self, number))
			tell(&self->compiler, "target %s",
			     program_machine(&self->program));
	} else if (sscanf(message, "done %d", &number) == 1) {
		self->status = number;
	} else if (strncmp(message, "filter ", 7) == 0) {
		receive_filter(self, message, length, filter);
	} else {
		tell(&self->compiler, "failed unknown request");
	}
}

/* Returns false when the compiler has closed its end. */
static bool read_request(struct confiner *self, struct received_filter *filter)
{
	static char message[MESSAGE_SIZE + 1];
	ssize_t n = read_message(&self->compiler, message, sizeof(message));

	if (n > 0)
		handle_message(self, message, n, filter);
	return n >= 0;
}

/* Answers until the compiler has ended; returns its wait status. */
static int serve(struct confiner *self, struct received_filter *filter)
{
	struct signalfd_siginfo info;
	bool listening = true;
	int status = -1;

	while (status < 0) {
		struct pollfd fds[] = {
			{ .fd = self->compiler.signals, .events = POLLIN },
			{ .fd = listening ? self->compiler.control : -1,
			  .events = POLLIN },
		};

		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			break;
		if (fds[1].revents) {
			listening = read_request(self, filter);
		} else if (fds[0].revents) {
			while (read(self->compiler.signals, &info,
				    sizeof(info)) == sizeof(info))
				if (info.ssi_signo != SIGCHLD)
					interrupt_java(&self->compiler,
						       (int)info.ssi_signo);
			status = reap_java(&self->compiler);
		}
	}
	return status;
}

static int load_here(const struct received_filter *filter)
{
	struct sock_fprog program = {
		.len = filter->length,
		.filter = (struct sock_filter *)filter->code,
	};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		    filter->log ? SECCOMP_FILTER_FLAG_LOG : 0, &program))
		return -errno;
	return 0;
}

static void execute(const void *context)
{
	const struct execution *execution = context;

	execute_program(execution);
}

static int become(const char *name, const struct execution *execution,
		  const struct received_filter *filter)
{
	struct filtered_start start = {
		.name = name,
		.path = execution->program->path,
		.execute = execute,
		.context = execution,
		.filter = { .code = filter->code,
			    .length = filter->length,
			    .flags =
				    filter->log ? SECCOMP_FILTER_FLAG_LOG : 0 },
		.start = filter->start == START_ENTRY ? FILTER_FROM_ENTRY
						      : FILTER_FROM_EXEC,
	};
	struct refusal why;
	int err;

	if (filter->start != START_HERE) {
		execute_filtered(&start, &why);
		dprintf(STDERR_FILENO, "%s: %s\n", name, why.text);
		return why.status;
	}
	err = load_here(filter);
	if (err) {
		complain(name, "the kernel refused the filter", strerror(-err));
		return STATUS_OWN_FAILURE;
	}
	execute_program(execution);
	complain(name, execution->program->path, strerror(errno));
	return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE;
}

int confine(const char *name, char **compiler, char **arguments)
{
	static struct received_filter filter;
	struct confiner self = { .arguments = arguments, .status = -1 };
	struct execution execution = { .program = &self.program };
	struct pollfd control = { .events = POLLIN };
	int status, err;

	while (arguments[self.argument_count])
		self.argument_count++;
	err = start_java(&self.compiler, name, compiler);
	if (err) {
		complain(name, "cannot start", strerror(-err));
		return STATUS_OWN_FAILURE;
	}
	status = serve(&self, &filter);
	/* What it said before it ended is still in the socket. */
	control.fd = self.compiler.control;
	while (poll(&control, 1, 0) > 0 && read_request(&self, &filter))
		;
	status = java_status(&self.compiler, status, self.status);
	if (status != 0 || filter.length == 0)
		return status;

	close(self.compiler.control);
	close(self.compiler.signals);
	execution.argv = arguments + self.argument_count - filter.count;
	execution.envp = environment_without_policy(environ);
	if (!execution.envp) {
		complain(name, "cannot start", strerror(ENOMEM));
		return STATUS_OWN_FAILURE;
	}
	restore_start_state(&self.compiler.start);
	return become(name, &execution, &filter);
}

/* A whole number of instructions, 1 to 4096, and nothing else. */
static int read_filter(const char *path, struct received_filter *filter)
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

/*
 * Asks the kernel, by a child that ends at once, before anything is run. The
 * child has no exit signal, so that it is ours to wait for whatever the user
 * does about SIGCHLD; and it tells by memory, since the filter may not let it
 * exit with a status.
 */
static int try_filter(const struct received_filter *filter)
{
	int *result = mmap(NULL, sizeof(*result), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pid;
	int err;

	if (result == MAP_FAILED)
		return -errno;
	pid = (pid_t)syscall(SYS_clone, 0L, NULL, NULL, NULL, NULL);
	if (pid == 0) {
		*result = load_here(filter);
		syscall(SYS_exit_group, 0);
		/* Refused: the trap ends it all the same. */
		for (;;)
			__builtin_trap();
	}
	err = pid < 0 ? -errno : 0;
	while (pid > 0 && waitpid(pid, NULL, __WALL) < 0 && errno == EINTR)
		;
	err = err ? err : *result;
	munmap(result, sizeof(*result));
	return err;
}

int confine_by_file(const char *name, const char *path, char **argv)
{
	static struct received_filter filter;
	struct program program;
	struct execution execution = { .program = &program,
				       .argv = argv,
				       .envp = environ };
	struct refusal why;
	int err = read_filter(path, &filter);

	if (err == -EINVAL || err == -EFBIG) {
		complain(name, path,
			 "not a filter: 1 to 4096 instructions of 8 bytes");
		return STATUS_OWN_FAILURE;
	}
	if (err) {
		complain(name, path, strerror(-err));
		return STATUS_OWN_FAILURE;
	}
	if (find_program(argv[0], &program, &why)) {
		dprintf(STDERR_FILENO, "%s: %s\n", name, why.text);
		return why.status;
	}
	err = try_filter(&filter);
	if (err) {
		complain(name, path,
			 err == -EINVAL ? "not a filter: the kernel refuses it"
					: strerror(-err));
		return STATUS_OWN_FAILURE;
	}
	return become(name, &execution, &filter);
}
