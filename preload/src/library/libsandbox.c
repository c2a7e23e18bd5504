/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loads the filter that the environment describes into the program, before its
 * main(). The program loads this library by LD_PRELOAD, or as a dependency
 * (patchelf).
 *
 * The filter is loaded last, after all output and cleaning up, so that no
 * system call is needed afterwards. A mistake in the variables ends the process
 * with status 125, so that no program runs unfiltered.
 *
 * Before that, the library itself needs: mmap, munmap, brk and getrandom (the
 * program's malloc), seccomp and prctl, stat, poll, write, rt_sigprocmask,
 * rt_sigpending and rt_sigtimedwait. This matters only if the program is already
 * under a filter.
 */
#include <errno.h>
#include <link.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "library/environment.h"
#include "library/filter.h"
#include "library/load.h"
#include "library/messages.h"
#include "library/policy_text.h"

static struct filter_program program;

static void refuse_value(const char *variable, const char *value,
			 const char *reason)
{
	struct failure failure;

	set_failure(&failure, STATUS_OWN_FAILURE, "%s: %s: %s", variable,
		    message_value(value, strlen(value)), reason);
	message_failure_exit(&failure);
}

static bool read_switch(const char *variable, const char *value)
{
	if (!value || strcmp(value, "") == 0 || strcmp(value, "0") == 0)
		return false;
	if (strcmp(value, "1") != 0)
		refuse_value(variable, value,
			     "neither 1 (on) nor 0 or empty (off)");
	return true;
}

static struct policy_action read_action(const char *value)
{
	struct policy_action action = { .kind = POLICY_KILL };
	struct policy_mistake mistake;

	if (value &&
	    policy_action_parse(value, strlen(value), &action, &mistake))
		refuse_value("SECCOMP_DEFAULT_ACTION", value,
			     policy_mistake_reason(mistake.kind));
	return action;
}

static void announce(const struct filter_policy *policy)
{
	struct policy_mistake mistake;
	struct policy_entry entry;
	struct policy_list list;

	policy_list_start(&list, policy->list, policy->length);
	while (policy_list_next(&list, &entry, &mistake) > 0)
		message_adding(entry.name, entry.name_length);
	message_flush();
}

/*
 * Makes the program's malloc do now, and always in the same way, what it does at its
 * first use (brk, getrandom), so that no filter has to allow that.
 */
static void warm_heap(void)
{
	void *memory = malloc(16);

	/* Without this the compiler may drop the pair. */
	__asm__ volatile("" : : "r"(memory) : "memory");
	free(memory);
}

/* Children inherit the filter, so they need not load the library again. */
static int forget_if_this(struct dl_phdr_info *object, size_t size,
			  void *unused)
{
	uintptr_t offset = (uintptr_t)&program - object->dlpi_addr;

	for (int i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &object->dlpi_phdr[i];

		if (part->p_type == PT_LOAD &&
		    offset - part->p_vaddr < part->p_memsz) {
			environment_clean_preload(environ, object->dlpi_name);
			return 1;
		}
	}
	return 0;
}

static void sandbox(void)
{
	struct failure failure;
	struct filter_policy policy = { .allow = true };
	struct environment environment;
	bool log_denials;
	bool quiet;

	if (environment_read(environ, &environment, &failure))
		message_failure_exit(&failure);
	quiet = read_switch("SECCOMP_QUIET", environment.quiet);
	log_denials =
		read_switch("SECCOMP_LOG_DENIALS", environment.log_denials);
	policy.action = read_action(environment.action);
	policy.refuses_unknown = environment.unknown;
	if (environment.unknown &&
	    policy_unknown_parse(environment.unknown,
				 strlen(environment.unknown), &policy.newest))
		refuse_value("SECCOMP_UNKNOWN", environment.unknown,
			     "neither enosys nor enosys:VERSION, as in "
			     "enosys:6.12");
	policy.variable = "SECCOMP_SYSCALL_ALLOW";
	policy.list = environment.allow;
	if (!policy.list) {
		policy.allow = false;
		policy.variable = "SECCOMP_SYSCALL_DENY";
		policy.list = environment.deny;
	}
	if (!policy.list) {
		/* This is allowed, but the user probably wanted a filter. */
		if (environment.action && !quiet) {
			set_failure(&failure, STATUS_OWN_FAILURE,
				    "SECCOMP_DEFAULT_ACTION: no filter, "
				    "because neither SECCOMP_SYSCALL_ALLOW "
				    "nor SECCOMP_SYSCALL_DENY is set");
			message_failure(&failure);
		}
		environment_clean(environ);
		return;
	}
	policy.length = strlen(policy.list);

	warm_heap();
	if (filter_build(&policy, &program, &failure))
		message_failure_exit(&failure);
	environment_clean(environ);
	/* dladdr(3) would need glibc 2.34, or another library before that. */
	dl_iterate_phdr(forget_if_this, NULL);
	if (!quiet)
		announce(&policy);
	if (filter_load(&program, log_denials, &failure))
		message_failure_exit(&failure);
}

__attribute__((constructor)) static void libsandbox_constructor(void)
{
	int saved_errno = errno;

	sandbox();
	errno = saved_errno;
}
