// SPDX-License-Identifier: Apache-2.0
/* Does for any program what a container runtime does for a container. */
#include "guests/hand_over.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "exec/confine.h"
#include "exec/environment.h"
#include "guests/watch.h"
#include "inject/inject.h"
#include "process/program.h"
#include "process/report.h"
#include "process/search.h"

#define MAX_NAME 255
/* Two names, of which each byte may become an escape of six bytes. */
#define STATE_SIZE (2 * 6 * MAX_NAME + 512)

extern char **environ;

/* Writes a text as the inside of a JSON string. Bytes beyond ASCII stay as they are. */
static void quote(const char *text, char *quoted)
{
	for (; *text; text++) {
		if (*text == '"' || *text == '\\' || (unsigned char)*text < ' ')
			quoted += sprintf(quoted, "\\u%04x", *text);
		else
			*quoted++ = *text;
	}
	*quoted = 0;
}

/*
 * The container process state of OCI's runtime specification, and that it is ours: not among the
 * annotations, since those of a container are chosen by its author.
 */
static void describe(const char *name, const char *fds, char state[STATE_SIZE])
{
	char quoted[6 * MAX_NAME + 1];

	quote(name, quoted);
	snprintf(state, STATE_SIZE,
		 "{\"ociVersion\":\"1.0.2\",\"io.sandbox.from\":\"exec\","
		 "\"fds\":[%s],\"pid\":%d,\"state\":{\"ociVersion\":\"1.0.2\","
		 "\"id\":\"%s\",\"status\":\"creating\",\"pid\":%d,"
		 "\"bundle\":\"/\"}}",
		 fds, getpid(), quoted, getpid());
}

/* Returns the socket, or -errno. */
static int connect_to(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, err;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	err = -errno;
	close(fd);
	return err;
}

static int run_unfiltered(const char *name, const struct execution *execution)
{
	execute_program(execution);
	return print_own_failure(name, execution->program->path,
				 strerror(errno));
}

/* Waits until the calls of the program that we execute next are counted. */
static bool join(int socket, const char *state)
{
	size_t length = strlen(state);
	char answer;

	return send(socket, state, length, MSG_NOSIGNAL) == (ssize_t)length &&
	       recv(socket, &answer, sizeof(answer), 0) == sizeof(answer);
}

static const char *name_of(const struct hand_over *wanted)
{
	const char *slash = strrchr(wanted->argv[0], '/');

	if (wanted->name)
		return wanted->name;
	return slash ? slash + 1 : wanted->argv[0];
}

int hand_over(const char *name, const struct hand_over *wanted)
{
	static const struct sock_filter ask_all =
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
	static struct compiled_filter filter;
	struct program program;
	struct execution execution = {
		.program = &program,
		.argv = wanted->argv,
		.envp = environment_without_policy(environ),
	};
	struct filtered_start start = {
		.name = name,
		.execution = &execution,
		.filter = { .code = &ask_all,
			    .length = 1,
			    .flags = flags_to_let_through() },
		.start = FILTER_FROM_EXEC,
	};
	char state[STATE_SIZE];
	const char *program_name = name_of(wanted), *mistake = NULL;
	struct failure why;

	if (!*program_name || strlen(program_name) > MAX_NAME)
		return print_own_failure(name, program_name,
					 "not a name of 1 to 255 bytes");
	if (!execution.envp)
		return print_own_failure(name, "cannot start",
					 strerror(ENOMEM));
	if (find_program(wanted->argv[0], &program, &why))
		return print_failure(name, &why);
	if (wanted->argv0)
		wanted->argv[0] = wanted->argv0;
	if (wanted->filter) {
		mistake = read_filter(wanted->filter, &filter);
		start.filter.code = filter.code;
		start.filter.length = filter.length;
	}
	if (mistake && !wanted->or_run)
		return print_own_failure(name, wanted->filter, mistake);
	if (mistake)
		return run_unfiltered(name, &execution);
	describe(program_name, wanted->join ? "" : "\"seccompFd\"", state);
	start.filter.listener_text = state;
	start.filter.listener_to = connect_to(wanted->socket);
	if (start.filter.listener_to < 0) {
		print_own_failure(name, wanted->socket,
				  strerror(-start.filter.listener_to));
		return wanted->or_run ? run_unfiltered(name, &execution)
				      : STATUS_OWN_FAILURE;
	}
	if (wanted->join && !join(start.filter.listener_to, state) &&
	    !wanted->or_run)
		return print_own_failure(name, wanted->socket,
					 "nobody counts the calls");
	if (wanted->join)
		return run_unfiltered(name, &execution);
	execute_filtered(&start, &why);
	return print_failure(name, &why);
}
