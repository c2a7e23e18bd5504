// SPDX-License-Identifier: Apache-2.0
/* Prepares a program as Java asks for it, up to the gate where it waits. */
#include "supervise/start.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "exec/environment.h"
#include "inject/regs.h"
#include "process/image.h"
#include "process/limits.h"
#include "process/preloadable.h"
#include "process/report.h"
#include "process/search.h"
#include "supervise/answer.h"
#include "supervise/recorded.h"

/*
 * How to run the program.
 * @variable: NAME=VALUE for its environment, or empty
 */
struct run_request {
	int count;
	char where[8];
	char action[8];
	const char *variable;
};

extern char **environ;

bool parse_from(const char *word, enum filter_start *from)
{
	static const char *const words[] = {
		[FILTER_FROM_EXEC] = "exec",
		[FILTER_FROM_ENTRY] = "entry",
		[FILTER_FROM_PRELOAD] = "preload",
		[FILTER_FROM_HERE] = "here",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(word, words[i]) == 0) {
			*from = (enum filter_start)i;
			return true;
		}
	}
	return false;
}

char **target_arguments(const struct supervisor *self, int count)
{
	if (count < 1 || count > self->words.count)
		return NULL;
	return self->words.first + self->words.count - count;
}

int inspect_target(struct supervisor *self, int count, enum filter_start from,
		   struct failure *why)
{
	char **argv = target_arguments(self, count);

	if (!argv)
		return refuse_request(why, "no program to run");
	if (find_program(argv[0], &self->run.program, why))
		return -1;
	if (from != FILTER_FROM_PRELOAD ||
	    check_preloadable(&self->run.program, why) == 0)
		return 0;
	strcat(why->text, " (use --from exec)");
	return -1;
}

int check_traceable(const struct program *program, struct failure *why)
{
	struct image image;

	if (find_image(executed_file(program), &image, why))
		return -1;
	if (!image_is_elf(&image) || machine_supported(image_machine(&image)))
		return 0;
	return set_failure(why, STATUS_OWN_FAILURE,
			   "%s: a program for %s, filters are put only into "
			   "programs for " NATIVE_NAME,
			   image.path, machine_name(image_machine(&image)));
}

/* Sets where the program's standard output goes. */
static int choose_output(struct supervisor *self, const char *where,
			 struct target_plan *plan, struct failure *why)
{
	int err;

	plan->output = strcmp(where, "stderr") == 0 ? STDERR_FILENO : -1;
	if (strcmp(where, "keep") != 0)
		return 0;
	err = begin_output(&self->output);
	if (err)
		return refuse_for(why, "cannot keep output", err);
	plan->output = self->output.last;
	return 0;
}

static bool may_control_audit(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	struct __user_cap_data_struct data[2] = { { 0 } };

	return syscall(SYS_capget, &header, data) == 0 &&
	       data[0].effective & 1U << CAP_AUDIT_CONTROL;
}

static int refuse_session(struct failure *why, int err)
{
	const char *hint = "";

	if (err == -EPERM)
		hint = may_control_audit()
			       ? " (the login uid is set and must stay as it is: "
				 "auditctl --loginuid-immutable)"
			       : " (CAP_AUDIT_CONTROL is needed when the login "
				 "uid is set)";
	return set_failure(
		why, STATUS_OWN_FAILURE,
		"cannot give the program an audit session of its own: %s%s",
		strerror(-err), hint);
}

int check_session(struct failure *why)
{
	int err = try_new_session();

	return err ? refuse_session(why, err) : 0;
}

/* Every process has this page, or none has; see the kernel option vsyscall=. */
static bool has_vsyscalls(void)
{
	char line[512], rights[5];
	FILE *maps = fopen("/proc/self/maps", "re");
	bool found = false;

	while (maps && !found && fgets(line, sizeof(line), maps))
		found = strstr(line, " [vsyscall]\n") &&
			sscanf(line, "%*s %4s", rights) == 1 &&
			rights[2] == 'x';
	if (maps)
		fclose(maps);
	return found;
}

/*
 * Warns once if this program can make calls that no filter of ours sees. That
 * is the case if its file cannot be read, so the filter starts at the first
 * call that has an instruction (inject/call.c), and if the kernel has a
 * vsyscall page, through which calls are made without one.
 */
static void warn_of_vsyscalls(const char *name, const struct program *program)
{
	static bool looked;

	if (looked || access(program->path, R_OK) == 0)
		return;
	looked = true;
	if (has_vsyscalls())
		print_own_failure(
			name, program->path,
			"cannot be read, so calls through the vsyscall page "
			"before its first other call are neither filtered nor "
			"recorded (vsyscall=none for the kernel turns them "
			"off)");
}

/* Prepares the program. The rest of @plan is filled in already, but for its output. */
static int prepare(struct supervisor *self, const struct run_request *request,
		   struct target_plan *plan, struct failure *why)
{
	int err;

	plan->start.name = self->java.name;
	plan->start.execution = &plan->execution;
	plan->execution.program = &self->run.program;
	if (self->run.state == PREPARED || self->run.state == RUNNING ||
	    self->run.member >= 0)
		return refuse_request(why, "another program runs");
	if (inspect_target(self, request->count, plan->start.start, why))
		return -1;
	if (plan->start.start != FILTER_FROM_PRELOAD && plan->traced) {
		if (check_traceable(&self->run.program, why))
			return -1;
		warn_of_vsyscalls(self->java.name, &self->run.program);
	}
	if (!plan->execution.argv)
		plan->execution.argv = target_arguments(self, request->count);
	plan->execution.envp = environment_with(environ, request->variable);
	if (!plan->execution.envp)
		return refuse_for(why, "cannot start", -ENOMEM);
	if (offer_input(&self->input) && self->run.has_run)
		print_own_failure(
			self->java.name, "standard input",
			"is a pipe, and nothing is left in it for this and "
			"further runs (a file can be read by each run: < FILE)");
	if (choose_output(self, request->where, plan, why))
		return -1;
	plan->surroundings = &self->surroundings;
	if (find_step(&self->surroundings, "clock") &&
	    check_preloadable(&self->run.program, why))
		return -1;
	err = begin_surroundings(&self->surroundings, &plan->execution);
	if (err)
		return refuse_for(why, "surroundings", err);
	err = prepare_target(plan, &self->java.start, &self->run.target);
	if (err == -EAGAIN)
		return set_failure(why, STATUS_OWN_FAILURE, "cannot start: %s",
				   lack_of_processes());
	if (err)
		return plan->in_session ? refuse_session(why, err)
					: refuse_for(why, "cannot start", err);
	self->run.state = PREPARED;
	self->run.sessions = (struct sessions){ 0 };
	if (plan->in_session)
		add_session(&self->run.sessions, self->run.target.session);
	return 0;
}

/* Takes the filter or list after the line of the request. */
static int take_filter(struct supervisor *self, const struct request *request,
		       struct run_request *run, struct target_plan *plan,
		       struct failure *why)
{
	static const struct sock_filter log_all =
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_LOG);
	const bool preloads = plan->start.start == FILTER_FROM_PRELOAD;
	const bool runs = strcmp(request->word, "run") == 0;
	const char *payload = strchr(request->words, '\n') + 1;
	struct filter_image *filter = &plan->start.filter;

	plan->traced = !runs || !preloads;
	filter->code = &log_all;
	filter->length = 1;
	if (preloads)
		plan->list = runs ? payload : "";
	plan->action = run->action;
	if (runs && (preloads || payload == request->text + request->length))
		return 0;
	/* The tracer replaces the library's filter. */
	strcpy(run->action, "log");
	if (!receive_code(request->text, request->length, self->filter))
		return refuse_request(why, "not a filter");
	filter->code = self->filter->code;
	filter->length = self->filter->length;
	return 0;
}

/*
 * Makes the socket for the filter's listener.
 * @guards: logs the questions that a signal takes back before they are answered,
 *	and no others (kernel/seccomp.c: not what was let through)
 */
static int open_listener(struct supervisor *self, bool guards,
			 struct filter_image *filter, struct failure *why)
{
	int err = open_watch(&self->watch, &filter->listener_to);

	filter->flags = self->refuses ? SECCOMP_FILTER_FLAG_NEW_LISTENER
				      : flags_to_let_through();
	if (guards)
		filter->flags |= SECCOMP_FILTER_FLAG_LOG;
	return err ? refuse_for(why, "listener", err) : 0;
}

/* The requests that start a program under a filter differ only in their first word. */
static int handle_run(struct supervisor *self, const struct request *request,
		      struct failure *why)
{
	const bool counts = strcmp(request->word, "count") == 0;
	const bool guards = strcmp(request->word, "guard") == 0;
	const bool watches = strcmp(request->word, "watch") == 0;
	bool refuses;
	struct run_request run = { 0 };
	struct target_plan plan = { .in_session = !counts && !watches };
	char from[8], variable[64] = "";
	/* A blank in the format would also match the end of the line. */
	int result, words = sscanf(request->words,
				   "%d %7s %7s %7s %d%*1[ ]%63[^ \n]",
				   &run.count, run.where, from, run.action,
				   &plan.start.entry_mark, variable);

	if (words < 5 || !strchr(request->words, '\n') ||
	    !parse_from(from, &plan.start.start) ||
	    plan.start.start == FILTER_FROM_HERE)
		return refuse_request(why, "unknown request");
	refuses = strcmp(run.action, "kill") == 0;
	run.variable = variable;
	if (take_filter(self, request, &run, &plan, why))
		return -1;
	if (guards || watches) {
		self->refuses = watches && refuses;
		if (open_listener(self, guards, &plan.start.filter, why))
			return -1;
	}
	result = prepare(self, &run, &plan, why);
	if (guards || watches)
		close(plan.start.filter.listener_to);
	if (result)
		return -1;
	if (counts)
		return record_target(self, refuses, plan.start.entry_mark, why);
	/* For the arguments, which records do not have. */
	if (self->recording && plan.in_session &&
	    record_process(self->recording, self->run.target.pid, NOT_CALLED,
			   why))
		return -1;
	if (watches)
		tell_java(&self->java, "process %d", self->run.target.pid);
	else
		tell_java(&self->java, "session %d %u", self->run.target.pid,
			  self->run.target.session);
	return 0;
}

/* The words, with @count texts @more behind the first @at; NULL: no memory. */
static char **insert_words(char **words, int word_count, int at,
			   const char *more, int count)
{
	char **result =
		calloc((size_t)(word_count + count) + 1, sizeof(*result));

	if (!result)
		return NULL;
	memcpy(result, words, (size_t)at * sizeof(*words));
	for (int i = 0; i < count; i++, more += strlen(more) + 1)
		result[at + i] = (char *)more;
	memcpy(result + at + count, words + at,
	       (size_t)(word_count - at) * sizeof(*words));
	return result;
}

static int count_texts(const char *text, const char *end)
{
	int count = 0;

	for (; text < end; text += strlen(text) + 1)
		count++;
	return count;
}

/* A line, then an environment variable (or an empty text), and more words. */
static int handle_start(struct supervisor *self, const struct request *request,
			struct failure *why)
{
	const char *payload = strchr(request->words, '\n'), *more;
	struct run_request run = { 0 };
	struct target_plan plan = { .start.start = FILTER_FROM_EXEC };
	char **words;
	int at, result;

	if (!payload || sscanf(request->words, "%d %7s %d", &run.count,
			       run.where, &at) != 3)
		return refuse_request(why, "unknown request");
	words = target_arguments(self, run.count);
	if (!words || at < 1 || at > run.count)
		return refuse_request(why, "unknown request");
	run.variable = payload + 1;
	more = run.variable + strlen(run.variable) + 1;
	plan.execution.argv = insert_words(
		words, run.count, at, more,
		count_texts(more, request->text + request->length));
	if (!plan.execution.argv)
		return refuse_for(why, "cannot start", -ENOMEM);
	result = prepare(self, &run, &plan, why);
	free(plan.execution.argv);
	if (!result)
		tell_java(&self->java, "process %d", self->run.target.pid);
	return result;
}

/* What was prepared in other surroundings, and was not released, is given up. */
static int handle_surround(struct supervisor *self,
			   const struct request *request, struct failure *why)
{
	struct surroundings *surroundings = &self->surroundings;
	const char *end = request->text + request->length;
	size_t length = (size_t)(end - request->words);

	if (length > sizeof(surroundings->steps))
		return refuse_request(why, "too many steps");
	if (self->run.state == PREPARED) {
		abandon_target(&self->run.target);
		self->run.state = NO_TARGET;
	}
	memcpy(surroundings->steps, request->words, length);
	surroundings->end = surroundings->steps + length;
	return answer_ok(&self->java);
}

static int handle_copy(struct supervisor *self, const struct request *request,
		       struct failure *why)
{
	struct copy *copy = &self->surroundings.copy;
	int err = make_copy(copy, strcmp(request->words, "full") == 0);

	if (err)
		return refuse_for(why, "a copy of the file systems", err);
	tell_java(
		&self->java,
		"copy /proc/%1$d/fd/%2$d /proc/%1$d/fd/%3$d /proc/%1$d/fd/%4$d",
		getpid(), copy->root, copy->mounts, copy->ipc);
	return 0;
}

static int handle_drop(struct supervisor *self, const struct request *request,
		       struct failure *why)
{
	drop_copy(&self->surroundings.copy);
	return answer_ok(&self->java);
}

const struct request_handler start_requests[] = {
	{ "run", TAKES_WORDS, AS_A_RULE, handle_run },
	{ "guard", TAKES_WORDS, AS_A_RULE, handle_run },
	{ "watch", TAKES_WORDS, AS_A_RULE, handle_run },
	{ "count", TAKES_WORDS, AS_A_RULE, handle_run },
	{ "start", TAKES_WORDS, AS_A_RULE, handle_start },
	{ "surround", TAKES_WORDS, AS_A_RULE, handle_surround },
	{ "copy", TAKES_WORDS, AS_A_RULE, handle_copy },
	{ "drop", TAKES_NOTHING, AS_A_RULE, handle_drop },
	{ NULL },
};
