// SPDX-License-Identifier: Apache-2.0
/* Makes the environment of a program, with a policy or without one. */
#include "exec/environment.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool is_variable(const char *entry, const char *name)
{
	size_t length = strlen(name);

	return strncmp(entry, name, length) == 0 && entry[length] == '=';
}

bool holds_policy(const char *entry)
{
	return is_variable(entry, "SECCOMP_SYSCALL_ALLOW") ||
	       is_variable(entry, "SECCOMP_SYSCALL_DENY") ||
	       is_variable(entry, "SECCOMP_DEFAULT_ACTION") ||
	       is_variable(entry, "SECCOMP_LOG_DENIALS") ||
	       is_variable(entry, "SECCOMP_UNKNOWN") ||
	       is_variable(entry, "SECCOMP_QUIET");
}

/* Leaves room for @extra entries at @end. */
static char **copy_without_policy(char *const environment[], size_t extra,
				  char ***end)
{
	size_t count = 0;
	char **result, **at;

	while (environment[count])
		count++;
	at = result = calloc(count + extra + 1, sizeof(*result));
	if (!result)
		return NULL;
	/* Keeps the order, because programs may print their environment. */
	for (size_t i = 0; i < count; i++)
		if (!holds_policy(environment[i]))
			*at++ = environment[i];
	*end = at;
	return result;
}

char **environment_without_policy(char *const environment[])
{
	char **end;

	return copy_without_policy(environment, 0, &end);
}

char **environment_with(char *const environment[], const char *variable)
{
	char **end, **at, **result = copy_without_policy(environment, 1, &end);
	size_t name = strcspn(variable, "=") + 1;

	if (!result || !*variable)
		return result;
	at = result;
	while (*at && strncmp(*at, variable, name) != 0)
		at++;
	*at = (char *)variable;
	return result;
}

/* The library lies beside this executable. */
static int library_path(const char *name, char *path, struct failure *why)
{
	char *slash;
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - 1);

	path[n < 0 ? 0 : n] = 0;
	slash = strrchr(path, '/');
	if (!slash || slash + strlen(name) + 2 > path + PATH_MAX)
		return set_failure(why, STATUS_OWN_FAILURE, "%s: not found",
				   name);
	strcpy(slash + 1, name);
	if (access(path, R_OK))
		return set_failure(why, STATUS_OWN_FAILURE, "%s: %s", name,
				   strerror(errno));
	/* At both, the dynamic linker splits LD_PRELOAD (ld.so(8)). */
	if (strpbrk(path, " :"))
		return set_failure(
			why, STATUS_OWN_FAILURE,
			"%s: the path has a blank, at which LD_PRELOAD is "
			"split (use --from exec)",
			path);
	return 0;
}

char **environment_loading(char *const environment[], const char *library,
			   struct failure *why)
{
	char **result = NULL, *variable;
	const char *others = "";
	char path[PATH_MAX];

	if (library_path(library, path, why))
		return NULL;
	for (size_t i = 0; environment[i]; i++)
		if (is_variable(environment[i], "LD_PRELOAD"))
			others = strchr(environment[i], '=') + 1;
	if (asprintf(&variable, "LD_PRELOAD=%s%s%s", path, *others ? ":" : "",
		     others) >= 0)
		result = environment_with(environment, variable);
	if (!result)
		set_failure(why, STATUS_OWN_FAILURE, "cannot start: %s",
			    strerror(ENOMEM));
	return result;
}

char **preloading_environment(char *const environment[], const char *list,
			      const char *action, struct failure *why)
{
	char **loading = environment_loading(environment, "libsandbox.so", why);
	char **end, **result;

	if (!loading)
		return NULL;
	result = copy_without_policy(loading, 3, &end);
	free(loading);
	if (!result || asprintf(end++, "SECCOMP_SYSCALL_ALLOW=%s", list) < 0 ||
	    asprintf(end++, "SECCOMP_DEFAULT_ACTION=%s", action) < 0) {
		set_failure(why, STATUS_OWN_FAILURE, "cannot start: %s",
			    strerror(ENOMEM));
		return NULL;
	}
	*end = (char *)"SECCOMP_QUIET=1";
	return result;
}

/* Returns systemd's pidfd ID of the process (pidfs, Linux 6.9), or 0. */
static uint64_t pidfd_id(pid_t pid)
{
	struct stat st;
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);
	uint64_t id = 0;

	if (fd >= 0 && fstat(fd, &st) == 0)
		id = st.st_ino;
	if (fd >= 0)
		close(fd);
	return id;
}

static void replace_number(char **environment, const char *name,
			   uint64_t before, uint64_t after)
{
	char *old, *new;

	if (asprintf(&old, "%s=%" PRIu64, name, before) < 0)
		return;
	for (; *environment; environment++)
		if (strcmp(*environment, old) == 0 &&
		    asprintf(&new, "%s=%" PRIu64, name, after) > 0)
			*environment = new;
	free(old);
}

void take_over_variables(char **environment, pid_t meant)
{
	static const char *const names[] = { "LISTEN_PID", "WATCHDOG_PID",
					     "SYSTEMD_EXEC_PID" };
	uint64_t pid = (uint64_t)getpid();

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		replace_number(environment, names[i], (uint64_t)meant, pid);
	replace_number(environment, "LISTEN_PIDFDID", pidfd_id(meant),
		       pidfd_id(getpid()));
}
