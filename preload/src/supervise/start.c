// SPDX-License-Identifier: Apache-2.0
#include "supervise/start.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "exec/environment.h"
#include "inject/regs.h"
#include "process/image.h"
#include "process/preloadable.h"
#include "process/process_limit.h"
#include "process/report.h"
#include "process/search.h"
#include "supervise/answer.h"
#include "supervise/recorded.h"
#include "supervise/vsyscall.h"

#define LIBRARY "libsandbox.so"

extern char **environ;

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
	if (from != FILTER_FROM_PRELOAD)
		return 0;
	return check_preloadable(&self->run.program, why);
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

/*
 * The library lies beside this executable. Its path must not contain blanks or
 * colons, at which the dynamic linker splits LD_PRELOAD.
 */
static int library_path(char *path)
{
	char *slash;
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - 1);

	if (n < 0)
		return -errno;
	path[n] = 0;
	slash = strrchr(path, '/');
	if (!slash || slash + sizeof(LIBRARY) + 1 > path + PATH_MAX)
		return -ENAMETOOLONG;
	strcpy(slash + 1, LIBRARY);
	return access(path, R_OK) ? -errno : 0;
}

/* Returns the program's environment, or NULL with @why filled in. */
static char **target_environment(enum filter_start from,
				 const struct run_request *request,
				 struct failure *why)
{
	const char *variable = request->variable ? request->variable : "";
	char **environment = environment_with(environ, variable);
	char library[PATH_MAX];
	int err;

	if (environment && from == FILTER_FROM_PRELOAD) {
		err = library_path(library);
		if (err) {
			refuse_for(why, LIBRARY, err);
			return NULL;
		}
		/* At both, the dynamic linker splits LD_PRELOAD (ld.so(8)). */
		if (strpbrk(library, " :")) {
			set_failure(why, STATUS_OWN_FAILURE,
				    "%s: the path has a blank, at which "
				    "LD_PRELOAD is split (use --from exec)",
				    library);
			return NULL;
		}
		environment = preloading_environment(
			environment, library, request->list, request->action);
	}
	if (!environment)
		refuse_for(why, "cannot start", -ENOMEM);
	return environment;
}

/* Sets where the program's standard output goes. */
static int choose_output(struct supervisor *self,
			 const struct run_request *request,
			 struct target_plan *plan, struct failure *why)
{
	int err;

	plan->output = request->stdout_to_stderr ? STDERR_FILENO : -1;
	if (!request->keep_output)
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

static int prepare(struct supervisor *self, const struct run_request *request,
		   struct target_plan *plan, struct failure *why)
{
	int err;

	if (self->run.state == PREPARED || self->run.state == RUNNING ||
	    self->run.member >= 0)
		return refuse_request(why, "another program runs");
	if (inspect_target(self, request->count, plan->from, why))
		return -1;
	if (plan->from != FILTER_FROM_PRELOAD && !plan->unfiltered) {
		if (check_traceable(&self->run.program, why))
			return -1;
		warn_of_vsyscalls(self->java.name, &self->run.program);
	}
	plan->execution.program = &self->run.program;
	plan->execution.argv = request->argv
				       ? request->argv
				       : target_arguments(self, request->count);
	plan->execution.envp = target_environment(plan->from, request, why);
	if (!plan->execution.envp)
		return -1;
	if (offer_input(&self->input) && self->run.has_run)
		print_own_failure(
			self->java.name, "standard input",
			"is a pipe, and nothing is left in it for this and "
			"further runs (a file can be read by each run: < FILE)");
	if (choose_output(self, request, plan, why))
		return -1;
	err = prepare_target(plan, &self->java.start, &self->run.target);
	if (err == -EAGAIN)
		return set_failure(why, STATUS_OWN_FAILURE, "cannot start: %s",
				   lack_of_processes());
	if (err)
		return plan->in_session ? refuse_session(why, err)
					: refuse_for(why, "cannot start", err);
	self->run.state = PREPARED;
	return 0;
}

int run_target(struct supervisor *self, const struct run_request *request,
	       const struct filter_image *filter, struct failure *why)
{
	struct target_plan plan = { .name = self->java.name,
				    .from = request->from,
				    .filter = filter,
				    .in_session = true,
				    .entry_mark = request->entry_mark };

	if (prepare(self, request, &plan, why))
		return -1;
	self->run.sessions = (struct sessions){ 0 };
	add_session(&self->run.sessions, self->run.target.session);
	tell_java(&self->java, "session %d %u", self->run.target.pid,
		  self->run.target.session);
	return 0;
}

/*
 * Fills in @image with the filter that Java sent, to be loaded with a listener.
 */
static int open_listened(struct supervisor *self, struct filter_image *image,
			 struct failure *why)
{
	int err = open_watch(&self->watch, &image->listener_to);

	image->code = self->filter->code;
	image->length = self->filter->length;
	image->flags = self->refuses ? SECCOMP_FILTER_FLAG_NEW_LISTENER
				     : flags_to_let_through();
	return err ? refuse_for(why, "listener", err) : 0;
}

int guard_target(struct supervisor *self, const struct run_request *request,
		 struct failure *why)
{
	struct filter_image image = { 0 };
	int result;

	self->refuses = false;
	if (open_listened(self, &image, why))
		return -1;
	/*
	 * Logs the questions that a signal takes back before they are answered,
	 * and no others (kernel/seccomp.c: not what was let through).
	 */
	image.flags |= SECCOMP_FILTER_FLAG_LOG;
	result = run_target(self, request, &image, why);
	close(image.listener_to);
	return result;
}

int start_target(struct supervisor *self, const struct run_request *request,
		 struct failure *why)
{
	struct target_plan plan = { .name = self->java.name,
				    .from = FILTER_FROM_EXEC,
				    .unfiltered = true };

	if (prepare(self, request, &plan, why))
		return -1;
	tell_java(&self->java, "process %d", self->run.target.pid);
	return 0;
}

int watch_target(struct supervisor *self, const struct run_request *request,
		 struct failure *why)
{
	struct filter_image image = { 0 };
	struct target_plan plan = { .name = self->java.name,
				    .from = request->from,
				    .filter = &image };
	int result;

	if (open_listened(self, &image, why))
		return -1;
	result = prepare(self, request, &plan, why);
	close(image.listener_to);
	if (!result)
		tell_java(&self->java, "process %d", self->run.target.pid);
	return result;
}

int count_target(struct supervisor *self, const struct run_request *request,
		 struct filter_image *filter, struct failure *why)
{
	struct target_plan plan = { .name = self->java.name,
				    .from = request->from,
				    .filter = filter,
				    .by_tracer = true,
				    .entry_mark = request->entry_mark };

	self->run.sessions = (struct sessions){ 0 };
	if (prepare(self, request, &plan, why))
		return -1;
	return record_target(self, strcmp(request->action, "kill") == 0,
			     request->entry_mark, why);
}
