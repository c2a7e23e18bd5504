// SPDX-License-Identifier: Apache-2.0
/*
 * Finds the program to run and tells, before anything runs, why it cannot be
 * run or why libsandbox.so cannot reach it. Nothing here changes a file or
 * starts a process. What it says is advice for the user: the decisions that
 * keep the promise (filter in force or no program) are the kernel's and the
 * library's, so a file that changes in between does no harm.
 */
#include "process/program.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#define SHELL "/bin/sh"
/* The kernel follows five "#!" lines (fs/exec.c, exec_binprm). */
#define MAX_INTERPRETERS 5
/* BINPRM_BUF_SIZE: how much of a file the kernel looks at. */
#define HEAD_SIZE 256

#if defined(__x86_64__)
#define NATIVE_MACHINE EM_X86_64
#define NATIVE_NAME    "x86_64"
#elif defined(__aarch64__)
#define NATIVE_MACHINE EM_AARCH64
#define NATIVE_NAME    "aarch64"
#else
#error "sandbox-exec is not ported to this architecture yet"
#endif

struct head {
	unsigned char bytes[HEAD_SIZE + 1];
	size_t length;
};

int set_refusal(struct refusal *why, int status, const char *format, ...)
{
	va_list args;
	char *at;

	why->status = status;
	va_start(args, format);
	vsnprintf(why->text, sizeof(why->text), format, args);
	va_end(args);
	/* A file's name may hold what a terminal would obey. */
	for (at = why->text; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			*at = '?';
	return -1;
}

int print_refusal(const char *name, const struct refusal *why)
{
	char line[sizeof(why->text) + 256];
	int length = snprintf(line, sizeof(line), "%s: %s\n", name, why->text);
	ssize_t written;

	if (length >= (int)sizeof(line)) {
		length = sizeof(line);
		line[length - 1] = '\n';
	}
	written = write(STDERR_FILENO, line, (size_t)length);
	(void)written; /* There is nobody else to tell. */
	return why->status;
}

static int read_head(const char *path, struct head *head)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = pread(fd, head->bytes, HEAD_SIZE, 0);
	close(fd);
	if (n < 0)
		return -errno;
	head->length = (size_t)n;
	head->bytes[n] = 0;
	return 0;
}

static bool is_elf(const struct head *head)
{
	return head->length >= sizeof(Elf32_Ehdr) &&
	       memcmp(head->bytes, ELFMAG, SELFMAG) == 0;
}

static bool is_script(const struct head *head)
{
	return head->length >= 2 && memcmp(head->bytes, "#!", 2) == 0;
}

/* e_machine is at the same place in both classes. */
static unsigned int elf_machine(const struct head *head)
{
	Elf64_Ehdr header;

	memcpy(&header, head->bytes, sizeof(header));
	return header.e_machine;
}

/*
 * Machines this kernel may run. i386 and 32-bit arm are left to the kernel to
 * judge, since that depends on its configuration.
 */
static bool may_run_here(unsigned int machine)
{
#if defined(__x86_64__)
	return machine == EM_X86_64 || machine == EM_386;
#else
	return machine == EM_AARCH64 || machine == EM_ARM;
#endif
}

static const char *machine_name(unsigned int machine)
{
	switch (machine) {
	case EM_X86_64:
		return "x86_64";
	case EM_386:
		return "i386";
	case EM_AARCH64:
		return "aarch64";
	case EM_ARM:
		return "arm";
	case EM_RISCV:
		return "riscv";
	case EM_PPC:
		return "ppc";
	case EM_PPC64:
		return "ppc64";
	case EM_S390:
		return "s390";
	default:
		return "another machine";
	}
}

/* The interpreter of a "#!" line, as binfmt_script cuts it out. */
static bool script_interpreter(const struct head *head, char *path)
{
	const char *line = (const char *)head->bytes + 2;
	size_t length;

	line += strspn(line, " \t");
	length = strcspn(line, " \t\n");
	if (length == 0 || length >= PATH_MAX)
		return false;
	memcpy(path, line, length);
	path[length] = 0;
	return true;
}

/*
 * Follows "#!" lines from @path to the file that the kernel maps in the end.
 * Leaves its path in @image and its first bytes in @head; an unreadable file
 * ends the walk with an empty @head, since that is no obstacle to running it.
 */
static int follow_interpreters(const char *path, char *image, struct head *head,
			       struct refusal *why)
{
	char next[PATH_MAX];
	int depth, err;

	snprintf(image, PATH_MAX, "%s", path);
	for (depth = 0; depth <= MAX_INTERPRETERS; depth++) {
		err = read_head(image, head);
		if (err == -ENOENT)
			return set_refusal(why, STATUS_NOT_EXECUTABLE,
					   "%s: interpreter %s: not found",
					   path, image);
		if (err) {
			head->length = 0;
			head->bytes[0] = 0;
			return 0;
		}
		if (!is_script(head))
			return 0;
		if (!script_interpreter(head, next))
			return set_refusal(why, STATUS_NOT_EXECUTABLE,
					   "%s: no interpreter after #!",
					   image);
		memcpy(image, next, sizeof(next));
	}
	return set_refusal(why, STATUS_NOT_EXECUTABLE,
			   "%s: too many interpreters, each started by #!",
			   path);
}

/* Checks the file at @path the way execve(2) would; 0 or -errno. */
static int check_executable(const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	if (!S_ISREG(st.st_mode))
		return -EACCES;
	if (faccessat(AT_FDCWD, path, X_OK, AT_EACCESS))
		return -errno;
	return 0;
}

static int explain_errno(const char *name, int err, struct refusal *why)
{
	switch (err) {
	case -ENOENT:
	case -ENOTDIR:
		return set_refusal(why, STATUS_NOT_FOUND, "%s: not found",
				   name);
	case -EISDIR:
		return set_refusal(why, STATUS_NOT_EXECUTABLE,
				   "%s: is a directory", name);
	case -EACCES:
		return set_refusal(why, STATUS_NOT_EXECUTABLE,
				   "%s: not executable (permission denied)",
				   name);
	default:
		return set_refusal(why, STATUS_NOT_EXECUTABLE, "%s: %s", name,
				   strerror(-err));
	}
}

int explain_execve(const char *path, int err, struct refusal *why)
{
	if (err == -ENOENT && access(path, F_OK) == 0)
		return set_refusal(
			why, STATUS_NOT_EXECUTABLE,
			"%s: its interpreter or dynamic linker: not found",
			path);
	return explain_errno(path, err, why);
}

/*
 * Looks @name up in PATH. A file that is there but cannot be executed does not
 * end the search and is reported only when nothing better is found, as in
 * execvp(3) and POSIX 2.9.1.4.
 */
static int search_path(const char *name, char *path)
{
	const char *dir = getenv("PATH");
	int found = -ENOENT;

	if (!dir)
		dir = "/bin:/usr/bin";
	for (;;) {
		size_t length = strcspn(dir, ":");
		int n = length == 0 ? snprintf(path, PATH_MAX, "%s", name)
				    : snprintf(path, PATH_MAX, "%.*s/%s",
					       (int)length, dir, name);
		int err = n < PATH_MAX ? check_executable(path) : -ENAMETOOLONG;

		if (err == 0)
			return 0;
		if (err == -EACCES)
			found = err;
		if (dir[length] == 0)
			return found;
		dir += length + 1;
	}
}

static int check_machine(const char *path, const struct head *head,
			 struct refusal *why)
{
	unsigned int machine = elf_machine(head);

	if (may_run_here(machine))
		return 0;
	return set_refusal(why, STATUS_NOT_EXECUTABLE,
			   "%s: built for %s, this machine is " NATIVE_NAME,
			   path, machine_name(machine));
}

/* Reads PT_INTERP of a native ELF file; "" when it has none. */
static int read_elf_interpreter(const char *path, char *interpreter)
{
	Elf64_Ehdr header;
	Elf64_Phdr segment;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int i, err = -ENOEXEC;

	if (fd < 0)
		return -errno;
	interpreter[0] = 0;
	if (pread(fd, &header, sizeof(header), 0) != sizeof(header) ||
	    header.e_phentsize != sizeof(segment))
		goto out;
	for (i = 0; i < header.e_phnum; i++) {
		off_t at = (off_t)(header.e_phoff + i * sizeof(segment));

		if (pread(fd, &segment, sizeof(segment), at) != sizeof(segment))
			goto out;
		if (segment.p_type != PT_INTERP)
			continue;
		if (segment.p_filesz == 0 || segment.p_filesz >= PATH_MAX ||
		    pread(fd, interpreter, segment.p_filesz,
			  (off_t)segment.p_offset) != (ssize_t)segment.p_filesz)
			goto out;
		interpreter[segment.p_filesz] = 0;
		break;
	}
	err = 0;
out:
	close(fd);
	return err;
}

/* What the kernel would call "No such file", as if the program were missing. */
static int check_linker(const char *path, const struct head *head,
			struct refusal *why)
{
	char linker[PATH_MAX];

	if (elf_machine(head) != NATIVE_MACHINE ||
	    read_elf_interpreter(path, linker) || !linker[0] ||
	    access(linker, F_OK) == 0)
		return 0;
	return set_refusal(why, STATUS_NOT_EXECUTABLE,
			   "%s: dynamic linker %s: not found", path, linker);
}

/* As shells judge it: no text has a zero byte in its first line. */
static bool is_text(const struct head *head)
{
	const char *text = (const char *)head->bytes;
	size_t line = strcspn(text, "\n");

	return text[line] == '\n' || line == head->length;
}

int find_program(const char *name, struct program *program, struct refusal *why)
{
	char image[PATH_MAX];
	struct head head;
	int err;

	if (strchr(name, '/')) {
		if (strlen(name) >= PATH_MAX)
			return explain_errno("program", -ENAMETOOLONG, why);
		strcpy(program->path, name);
		err = check_executable(name);
	} else {
		err = *name ? search_path(name, program->path) : -ENOENT;
	}
	if (err)
		return explain_errno(*name ? name : "''", err, why);

	program->via_shell = false;
	if (follow_interpreters(program->path, image, &head, why))
		return -1;
	if (is_elf(&head))
		return check_machine(image, &head, why)
			       ? -1
			       : check_linker(image, &head, why);
	if (head.length >= SELFMAG && memcmp(head.bytes, ELFMAG, SELFMAG) == 0)
		return set_refusal(
			why, STATUS_NOT_EXECUTABLE,
			"%s: cut off: an ELF file without its header", image);
	if (!is_text(&head))
		return set_refusal(why, STATUS_NOT_EXECUTABLE,
				   "%s: neither a program for Linux nor a text",
				   image);
	/* Unreadable: the kernel will tell. Empty or text: sh runs it. */
	if (strcmp(image, program->path) == 0 &&
	    read_head(program->path, &head) == 0)
		program->via_shell = true;
	return 0;
}

/*
 * Would execve(2) of @path switch on secure-execution mode? For root a setuid
 * root file changes nothing, and file capabilities do not count.
 */
static bool gains_privileges(const char *path)
{
	char capability[64];
	struct stat st;

	if (stat(path, &st))
		return false;
	if ((st.st_mode & S_ISUID) && st.st_uid != getuid())
		return true;
	if ((st.st_mode & S_ISGID) && (st.st_mode & S_IXGRP) &&
	    st.st_gid != getgid())
		return true;
	return getuid() != 0 && getxattr(path, "security.capability",
					 capability, sizeof(capability)) > 0;
}

int check_preloadable(const struct program *program, struct refusal *why)
{
	const char *start = program->via_shell ? SHELL : program->path;
	char image[PATH_MAX], interpreter[PATH_MAX];
	const char *base;
	struct head head;
	int err;

	if (follow_interpreters(start, image, &head, why))
		return -1;
	if (getuid() != geteuid() || getgid() != getegid() ||
	    gains_privileges(image))
		return set_refusal(
			why, STATUS_OWN_FAILURE,
			"%s: runs with other privileges than yours, so "
			"the dynamic linker ignores libsandbox.so",
			image);
	err = head.length ? 0 : -EACCES;
	if (!err && !is_elf(&head))
		err = -ENOEXEC;
	if (!err && elf_machine(&head) != NATIVE_MACHINE)
		return set_refusal(
			why, STATUS_OWN_FAILURE,
			"%s: a program for %s, libsandbox.so is for " NATIVE_NAME,
			image, machine_name(elf_machine(&head)));
	if (!err)
		err = read_elf_interpreter(image, interpreter);
	if (err)
		return set_refusal(
			why, STATUS_OWN_FAILURE,
			"%s: cannot tell whether libsandbox.so can reach "
			"it: %s",
			image, strerror(-err));
	if (!interpreter[0])
		return set_refusal(
			why, STATUS_OWN_FAILURE,
			"%s: statically linked, so libsandbox.so cannot "
			"reach it (--from exec can)",
			image);
	base = strrchr(interpreter, '/');
	base = base ? base + 1 : interpreter;
	if (strncmp(base, "ld-linux", 8) != 0)
		return set_refusal(
			why, STATUS_OWN_FAILURE,
			"%s: uses the dynamic linker %s, libsandbox.so "
			"needs glibc's",
			image, interpreter);
	return 0;
}

const char *program_machine(const struct program *program)
{
	const char *start = program->via_shell ? SHELL : program->path;
	char image[PATH_MAX];
	struct refusal why;
	struct head head;

	if (follow_interpreters(start, image, &head, &why) || !is_elf(&head))
		return NATIVE_NAME;
	return machine_name(elf_machine(&head));
}

void execute_program(const struct execution *execution)
{
	const struct program *program = execution->program;
	size_t count = 0;
	char **argv;

	/* 0 would be the answer of a filter that is in force already. */
	if (execve(program->path, execution->argv, execution->envp) == 0)
		errno = EPERM;
	if (errno != ENOEXEC || !program->via_shell)
		return;
	while (execution->argv[count])
		count++;
	argv = calloc(count + 2, sizeof(*argv));
	if (!argv)
		return;
	argv[0] = (char *)SHELL;
	argv[1] = (char *)program->path;
	memcpy(argv + 2, execution->argv + 1, count * sizeof(*argv));
	if (execve(SHELL, argv, execution->envp) == 0)
		errno = EPERM;
	free(argv);
}
