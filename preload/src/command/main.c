// SPDX-License-Identifier: Apache-2.0
/*
 * sandbox-exec: the executable behind all commands. "sandbox" is a link to it and
 * takes the verb from its first word; the links sandbox-VERB and sandboxify name
 * the verb themselves. It lies in the folder of the Java parts. A shell script
 * would not do: a shell drops environment variables whose names it does not
 * support, such as exported bash functions.
 */
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

#include "exec/confine.h"
#include "exec/java.h"
#include "exec/java_words.h"
#include "exec/kept.h"
#include "guests/hand_over.h"
#include "process/report.h"
#include "supervise/supervisor.h"

/* What this process does with Java. */
enum role {
	IS_JAVA,    /* becomes Java: the command runs no program */
	SUPERVISES, /* parent of Java; runs the program or becomes it */
	RECORDS,    /* like SUPERVISES; the kernel probably counts the calls */
	ATTACHES,   /* like RECORDS, but of what runs already */
	JUDGES,	    /* parent of both; does not pass the program's status on */
	ASKS,	    /* like JUDGES; Java reads standard input */
};

/*
 * @name: begins each message
 * @options: Java gets those in the file OPTIONS.options
 */
static const struct command {
	const char *verb;
	const char *name;
	const char *options;
	const char *java_class;
	enum role role;
} commands[] = {
#define COMMAND(verb, options, java_class, role) \
	{ verb, "sandbox " verb, options, "io.sandbox.cli." java_class, role }
	COMMAND("learn", "learn", "learn.LearnCommand", RECORDS),
	COMMAND("learn-container", "learn", "learn.LearnContainerCommand",
		SUPERVISES),
	COMMAND("learn-service", "learn", "learn.LearnServiceCommand", RECORDS),
	COMMAND("attach", "learn", "learn.AttachCommand", ATTACHES),
	COMMAND("listen", "learn", "learn.ListenCommand", SUPERVISES),
	COMMAND("node", "learn", "learn.NodeCommand", SUPERVISES),
	COMMAND("run", "run", "sandboxify.SandboxifyCommand", SUPERVISES),
	COMMAND("check", "learn", "check.CheckCommand", JUDGES),
	COMMAND("review", "learn", "review.ReviewCommand", ASKS),
	COMMAND("rollout", "learn", "rollout.RolloutCommand", JUDGES),
	COMMAND("policy", "policy", "policy.PolicyCommand", IS_JAVA),
	COMMAND("log", "log", "log.LogCommand", IS_JAVA),
	COMMAND("fleet", "log", "fleet.FleetCommand", IS_JAVA),
	COMMAND("reach", "reach", "reach.ReachCommand", IS_JAVA),
	COMMAND("syscall", "syscall", "syscall.SyscallCommand", IS_JAVA),
#undef COMMAND
};

/* Words that are no verb: the overview, a page of help, or a mistake. */
static const struct command help_command = { "help", "sandbox", "run",
					     "io.sandbox.cli.help.HelpCommand",
					     IS_JAVA };

static const struct command *find_verb(const char *verb)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(verb, commands[i].verb) == 0)
			return &commands[i];
	return NULL;
}

/* The command that @argv names, @words behind it; NULL for sandbox-exec. */
static const struct command *find_command(char **argv, char ***words)
{
	const char *name = argv[0] ? basename(argv[0]) : "sandbox-exec";
	const struct command *command;

	*words = argv + 1;
	if (strcmp(name, "sandboxify") == 0)
		return find_verb("run");
	if (strncmp(name, "sandbox-", 8) == 0)
		return find_verb(name + 8);
	if (strcmp(name, "sandbox") != 0)
		return NULL;
	command = argv[1] ? find_verb(argv[1]) : NULL;
	if (!command)
		return &help_command;
	*words = argv + 2;
	return command;
}

/*
 * Whose calls the kernel will surely count. Beside audit, it does so only for the arguments.
 * What also records files is loaded later.
 */
static enum members counted_by(enum role role, char **words)
{
	if (role != RECORDS && role != ATTACHES)
		return NOBODY;
	while (*words && strcmp(*words, "--names") != 0 &&
	       strcmp(*words, "--files") != 0)
		words++;
	if (*words)
		return NOBODY;
	return role == RECORDS ? STARTED : FOUND;
}

/* Returns the exit status of a command of this role for @status. */
static int status_of(enum role role, int status)
{
	bool judges = role == JUDGES || role == ASKS;

	if (judges && status == STATUS_OWN_FAILURE)
		return STATUS_UNCHECKED;
	return status;
}

#define USAGE                                                      \
	"Usage: sandbox-exec FILTER [--] PROGRAM [ARGUMENT...]\n"  \
	"       sandbox-exec --hand-over SOCKET [OPTION...] [--] " \
	"PROGRAM [ARGUMENT...]\n"

/* The manual page is generated from this, so it has the form of other help texts. */
static const char help[] =
	"Runs a program under a compiled filter, or hands it over to be "
	"recorded.\n" USAGE "\n"
	"FILTER is a file that sandbox run --compile or sandbox policy convert "
	"--to bpf has written. The\n"
	"filter is in force before the program's first system call.\n"
	"\n"
	"With --hand-over, sandbox listen records each call of the "
	"program and its descendants.\n"
	"\n"
	"Options:\n"
	"  --hand-over SOCKET  Where sandbox listen listens.\n"
	"  --name NAME         The name of the recording. Default: that of "
	"the program.\n"
	"  --join              Have the calls counted in the kernel, without a "
	"filter. For sandbox learn-service.\n"
	"  --or-run            If nobody listens there, run the program "
	"unrecorded.\n"
	"  --filter FILTER     Load this filter. Default: one that asks about "
	"every call.\n"
	"  --argv0 NAME        What the program gets as its own name.\n"
	"  -h, --help          Show help (-h: the short one) and exit.\n"
	"  -V, --version       Print version information and exit.\n"
	"\n"
	"Exit status: that of the program; 127 if it was not found; 126 if it "
	"could not be executed; 125 if\n"
	"FILTER is not a compiled filter or sandbox-exec failed.\n";

static int refuse(const char *word, const char *reason)
{
	print_own_failure("sandbox-exec", word, reason);
	fputs(USAGE, stderr);
	return STATUS_OWN_FAILURE;
}

/* sandbox-exec --hand-over SOCKET [OPTION...] [--] PROGRAM... */
static int by_hand_over(char **argv)
{
	struct hand_over wanted = { 0 };
	bool options = true;

	for (; options && *argv && **argv == '-'; argv++) {
		if (strcmp(*argv, "--") == 0)
			options = false;
		else if (strcmp(*argv, "--or-run") == 0)
			wanted.or_run = true;
		else if (strcmp(*argv, "--join") == 0)
			wanted.join = true;
		else if (strcmp(*argv, "--hand-over") == 0 && argv[1])
			wanted.socket = *++argv;
		else if (strcmp(*argv, "--name") == 0 && argv[1])
			wanted.name = *++argv;
		else if (strcmp(*argv, "--filter") == 0 && argv[1])
			wanted.filter = *++argv;
		else if (strcmp(*argv, "--argv0") == 0 && argv[1])
			wanted.argv0 = *++argv;
		else
			return refuse(*argv, "unknown option, or no value");
	}
	if (!wanted.socket || !*argv)
		return refuse(wanted.socket ? "PROGRAM" : "SOCKET",
			      "not given");
	wanted.argv = argv;
	return hand_over("sandbox-exec", &wanted);
}

/* Runs the only command without Java, sandbox-exec. */
static int without_java(int argc, char **argv)
{
	int program = argc > 2 && strcmp(argv[2], "--") == 0 ? 3 : 2;

	if (argc == 2 &&
	    (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
		return fputs(help, stdout) < 0 || fflush(stdout);
	if (argc == 2 &&
	    (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0))
		return puts("sandbox " VERSION) < 0 || fflush(stdout);
	if (argc > 1 && strncmp(argv[1], "--", 2) == 0 && argv[1][2])
		return by_hand_over(argv + 1);
	if (argc < 2)
		return refuse("FILTER", "not given");
	if (program >= argc)
		return refuse(argv[1], *argv[1] == '-'
					       ? "unknown option"
					       : "no program to run under it");
	return confine_by_file("sandbox-exec", argv[1], argv + program);
}

/*
 * "sandbox log" and "sandbox policy" become Java, unless a child of this process has to
 * make a call, or containers have to be recorded. Java may read the policy from stdin.
 */
static enum role role_of(const struct command *command, char **words)
{
	bool is_log = strcmp(command->verb, "log") == 0;
	bool is_policy = strcmp(command->verb, "policy") == 0;

	for (; *words; words++)
		if ((is_log && strcmp(*words, "--canary") == 0) ||
		    (is_policy && strncmp(*words, "--runtime", 9) == 0))
			return is_log ? JUDGES : ASKS;
	return command->role;
}

/* Becomes the program under an earlier filter, or tells how to keep this. */
static struct kept *run_again(const struct command *command, char **java,
			      char **words)
{
	static struct compiled_filter filter;
	static struct kept kept;

	/* Before any file is opened. */
	if (strcmp(command->verb, "run") != 0 ||
	    occupy_low_descriptors(O_RDWR | O_CLOEXEC))
		return &kept;
	find_key(&kept, java, words);
	if (load_kept(&kept, &filter))
		exit(become_program_alone(command->name, &kept.program,
					  kept.argv, &filter));
	return &kept;
}

int main(int argc, char **argv)
{
	char **words, **java;
	const struct command *command = find_command(argv, &words);
	enum role role;

	if (!command)
		return without_java(argc, argv);
	role = role_of(command, words);
	/* JAVA_HOME and PATH say which Java is executed. */
	if (getauxval(AT_SECURE))
		return status_of(
			role,
			print_own_failure(
				command->name, "refused",
				"it would run with privileges that its caller "
				"lacks (by a set-user-ID program or file "
				"capabilities), in the caller's environment"));
	java = java_words(command->name, command->options, command->java_class,
			  words);
	if (!java)
		return status_of(role, STATUS_OWN_FAILURE);
	if (role == IS_JAVA)
		return become_java(command->name, java);
	return status_of(role,
			 run_supervisor(command->name, java, words,
					run_again(command, java, words),
					role == ASKS, counted_by(role, words)));
}
