/* SPDX-License-Identifier: Apache-2.0 */
#include "modes.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "calls.h"
#include "failure.h"

/*
 * Words: DIST/ is the folder of the commands; LOADER, ENTER, TARGET and BARE
 * are programs; PRELOAD sets the variables for the library.
 */
const struct mode modes[] = {
	{ .name = "sandbox-exec static",
	  .words = { "LOADER", "filter", "BARE" } },
	{ .name = "sandbox-exec dynamic",
	  .words = { "LOADER", "filter", "TARGET" } },
	{ .name = "loader from entry", .words = { "ENTER", "TARGET" } },
	{ .name = "libsandbox.so", .words = { "PRELOAD", "TARGET" } },
	{ .name = "sandboxify exec",
	  .takes_java = true,
	  .words = { "DIST/sandboxify", "--quiet", "--policy", "deny",
		     "BARE" } },
	{ .name = "sandboxify entry",
	  .takes_java = true,
	  .words = { "DIST/sandboxify", "--quiet", "--policy", "deny", "--from",
		     "entry", "TARGET" } },
	{ .name = "sandboxify explain",
	  .takes_java = true,
	  .words = { "DIST/sandboxify", "--quiet", "--policy", "deny",
		     "--explain", "TARGET" } },
/* @file: where the list is written; with -o, a file beside it is made first. */
#define LEARN(source, from, file, ...)                                   \
	{                                                                \
		.name = "learn " source " " from, .learns = true,        \
		.takes_java = true, .list = file,                        \
		.needs_root = sizeof(source) != sizeof("notify"),        \
		.lifts_limit = sizeof(source) == sizeof("kmsg"),         \
		.takes_bpf = sizeof(source) == sizeof("bpf"), .words = { \
			"DIST/sandbox-learn",                            \
			"--source",                                      \
			source,                                          \
			"--from",                                        \
			from,                                            \
			__VA_ARGS__                                      \
		}                                                        \
	}
	LEARN("audit", "preload", "out", "TARGET"),
	LEARN("audit", "exec", "list", "-o", "list", "BARE"),
	LEARN("audit", "entry", "out", "--recording", "recording", "TARGET"),
	LEARN("notify", "preload", "list", "-o", "list", "TARGET"),
	LEARN("notify", "exec", "out", "BARE"),
	LEARN("notify", "entry", "out", "TARGET"),
	LEARN("kmsg", "exec", "out", "BARE"),
	LEARN("bpf", "preload", "out", "TARGET"),
	LEARN("bpf", "exec", "list", "-o", "list", "BARE"),
	LEARN("bpf", "entry", "out", "--recording", "recording", "TARGET"),
	{ .name = "sandbox-check",
	  .checks = true,
	  .takes_java = true,
	  .needs_root = true,
	  .words = { "DIST/sandbox-check", "--policy", "half",
		     "--allow-failure", "--", "TARGET" } },
};

const unsigned int mode_count = sizeof(modes) / sizeof(modes[0]);

bool is_possible(const struct mode *mode, const struct places *places)
{
	if (mode->takes_java && !places->dist)
		return false;
	if (mode->takes_bpf && access("/sys/kernel/btf/vmlinux", R_OK))
		return false;
	return !mode->needs_root || geteuid() == 0;
}

static char *join(const char *folder, const char *name)
{
	size_t size = strlen(folder) + strlen(name) + 2;
	char *path = malloc(size);

	if (!path)
		exit(2);
	snprintf(path, size, "%s/%s", folder, name);
	return path;
}

static char *word(const char *text, const struct places *places)
{
	if (strncmp(text, "DIST/", 5) == 0)
		return join(places->dist, text + 5);
	if (strcmp(text, "LOADER") == 0)
		return strdup(places->loader);
	if (strcmp(text, "ENTER") == 0)
		return join(places->programs, "enter");
	if (strcmp(text, "TARGET") == 0)
		return join(places->programs, "target");
	if (strcmp(text, "BARE") == 0)
		return join(places->programs, "target-bare");
	return strdup(text);
}

static void set_variables(const struct places *places)
{
	setenv("LD_PRELOAD", places->library, 1);
	setenv("SECCOMP_SYSCALL_DENY", FORBIDDEN_NAME, 1);
	setenv("SECCOMP_QUIET", "1", 1);
}

__attribute__((noreturn)) void execute_mode(const struct mode *mode,
					    const struct places *places,
					    int report, unsigned int spin,
					    bool first)
{
	char *words[MAX_WORDS] = { NULL }, numbers[2][16];
	unsigned int count = 0, i;

	for (i = 0; mode->words[i]; i++)
		if (strcmp(mode->words[i], "PRELOAD") == 0)
			set_variables(places);
		else
			words[count++] = word(mode->words[i], places);
	snprintf(numbers[0], sizeof(numbers[0]), "%d", report);
	snprintf(numbers[1], sizeof(numbers[1]), "%u", spin);
	words[count++] = mode->learns || mode->checks ? "calls"
			 : first		      ? "first"
						      : "probe";
	words[count++] = numbers[0];
	words[count] = numbers[1];
	execv(words[0], words);
	perror(words[0]);
	_exit(STATUS_NOT_FOUND);
}

static int write_file(const char *name, const void *bytes, size_t size)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	int err = fd < 0 || write(fd, bytes, size) != (ssize_t)size;

	if (fd >= 0)
		close(fd);
	return err ? -1 : 0;
}

int write_mode_files(void)
{
	static const struct sock_filter code[] = { FORBIDDING_FILTER };
	static const char deny[] = "SECCOMP_SYSCALL_DENY=" FORBIDDEN_NAME "\n";
	/* All calls but the last, which the child makes at the end. */
	static const char half[] = "SECCOMP_SYSCALL_DENY=" LAST_CALL "\n";

	if (write_file("filter", code, sizeof(code)) ||
	    write_file("deny", deny, sizeof(deny) - 1))
		return -1;
	return write_file("half", half, sizeof(half) - 1);
}
