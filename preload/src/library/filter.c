/* SPDX-License-Identifier: Apache-2.0 */
/* Builds the filter for a policy. */
#include "library/filter.h"

#include <errno.h>
#include <seccomp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "library/alternatives.h"
#include "library/messages.h"
#include "library/rules.h"
#include "library/unknown.h"

/* With more rules, a search tree is faster to load than a chain of compares. */
#define TREE_RULES 32

/* seccomp_export_bpf_mem() came with libseccomp 2.6. */
#if SCMP_VER_MAJOR > 2 || (SCMP_VER_MAJOR == 2 && SCMP_VER_MINOR >= 6)
#define HAVE_EXPORT_BPF_MEM 1
#else
#define HAVE_EXPORT_BPF_MEM 0
#endif
#ifdef FILTER_EXPORT_BY_FD /* tests build this variant too */
#undef HAVE_EXPORT_BPF_MEM
#define HAVE_EXPORT_BPF_MEM 0
#endif

/* libseccomp takes errno values up to 4094, the kernel up to 4095. */
#define ERRNO_LIMIT 4094

/*
 * SCMP_ACT_* have the kernel's values. An errno that libseccomp does not take
 * is replaced, and put back by append_libseccomp().
 */
static uint32_t libseccomp_action(uint32_t action)
{
	if (action == (SECCOMP_RET_ERRNO | (ERRNO_LIMIT + 1)))
		return SECCOMP_RET_ERRNO | ERRNO_LIMIT;
	return action;
}

static int add_rule(scmp_filter_ctx context, uint32_t action,
		    const struct rule *rule)
{
	static const enum scmp_compare operators[] = {
		[POLICY_EQ] = SCMP_CMP_EQ, [POLICY_NE] = SCMP_CMP_NE,
		[POLICY_LT] = SCMP_CMP_LT, [POLICY_LE] = SCMP_CMP_LE,
		[POLICY_GT] = SCMP_CMP_GT, [POLICY_GE] = SCMP_CMP_GE,
	};
	struct scmp_arg_cmp arguments[POLICY_ARGUMENTS];

	memset(arguments, 0, sizeof(arguments));
	for (unsigned int i = 0; i < rule->condition_count; i++) {
		const struct policy_condition *condition = &rule->conditions[i];

		arguments[i].arg = condition->argument;
		arguments[i].op = operators[condition->op];
		arguments[i].datum_a = condition->value;
		if (condition->masked) {
			arguments[i].op = SCMP_CMP_MASKED_EQ;
			arguments[i].datum_a = condition->mask;
			arguments[i].datum_b = condition->value;
		}
	}
	return seccomp_rule_add_exact_array(context, action, rule->syscall,
					    rule->condition_count, arguments);
}

#if HAVE_EXPORT_BPF_MEM
/* Returns the program's size in bytes, or -errno. */
static ssize_t export_program(scmp_filter_ctx context, void *code, size_t size)
{
	size_t needed = 0;
	int rc;

	rc = seccomp_export_bpf_mem(context, NULL, &needed);
	if (rc)
		return rc;
	if (needed > size)
		return -E2BIG;
	rc = seccomp_export_bpf_mem(context, code, &needed);
	return rc ? rc : (ssize_t)needed;
}
#else
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U /* since Linux 6.3 */
#endif

static ssize_t export_program(scmp_filter_ctx context, void *code, size_t size)
{
	ssize_t rc;
	off_t end;
	int fd;

	/* vm.memfd_noexec=2 forbids memfds without this flag. */
	fd = memfd_create("filter", MFD_CLOEXEC | MFD_NOEXEC_SEAL);
	if (fd < 0 && errno == EINVAL)
		fd = memfd_create("filter", MFD_CLOEXEC);
	if (fd < 0)
		return -errno;
	rc = seccomp_export_bpf(context, fd);
	if (rc)
		goto out;
	end = lseek(fd, 0, SEEK_END);
	if (end < 0) {
		rc = -errno;
		goto out;
	}
	if ((size_t)end > size) {
		rc = -E2BIG;
		goto out;
	}
	rc = pread(fd, code, end, 0);
	if (rc < 0)
		rc = -errno;
	else if (rc != end)
		rc = -EIO;
out:
	close(fd);
	return rc;
}
#endif

/* Counts the rules at the start that are for the same system call. */
static size_t alternatives(const struct rule *rules, size_t count)
{
	size_t same = 1;

	while (same < count && rules[same].syscall == rules[0].syscall)
		same++;
	return same;
}

/*
 * Whether libseccomp gets the only rule of a system call. It takes none that
 * returns what the filter returns anyway, and has its own limit for errnos.
 */
static bool is_for_libseccomp(const struct rule *rule, size_t same,
			      uint32_t listed)
{
	return same == 1 && rule->returned == listed;
}

/* Compiles the rules of the other system calls. */
static int compile_alternatives(const struct rule *rules, size_t count,
				uint32_t listed, uint32_t otherwise,
				struct filter_program *program)
{
	size_t same;
	int rc;

	program->length = 0;
	for (; count; rules += same, count -= same) {
		same = alternatives(rules, count);
		if (is_for_libseccomp(rules, same, listed))
			continue;
		if (program->length == 0)
			alternatives_begin(program, seccomp_arch_native());
		rc = alternatives_add(program, rules, same, otherwise);
		if (rc)
			return rc;
	}
	if (program->length)
		alternatives_end(program);
	return 0;
}

/* Adds the rules that libseccomp gets. */
static int add_rules(scmp_filter_ctx context, const struct rule *rules,
		     size_t count, uint32_t listed)
{
	size_t same;
	int rc = 0;

	if (count > TREE_RULES)
		rc = seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	for (; !rc && count; rules += same, count -= same) {
		same = alternatives(rules, count);
		if (is_for_libseccomp(rules, same, listed))
			rc = add_rule(context, libseccomp_action(listed),
				      rules);
	}
	return rc;
}

static int append_libseccomp(scmp_filter_ctx context, uint32_t action,
			     struct filter_program *program)
{
	struct sock_filter *code = program->code + program->length;
	size_t room = (BPF_MAXINSNS - program->length) * sizeof(*code);
	size_t added;
	ssize_t size;

	size = export_program(context, code, room);
	if (size < 0)
		return (int)size;
	added = (size_t)size / sizeof(*code);
	if (added == 0 || (size_t)size % sizeof(*code) != 0)
		return -EIO;
	for (size_t i = 0; i < added; i++) {
		if (code[i].code == (BPF_RET | BPF_K) &&
		    code[i].k == libseccomp_action(action))
			code[i].k = action;
	}
	program->length += added;
	return 0;
}

static int compile(const struct filter_policy *policy, const struct rule *rules,
		   size_t count, struct filter_program *program)
{
	uint32_t action = rules_action(&policy->action);
	uint32_t listed = policy->allow ? SECCOMP_RET_ALLOW : action;
	uint32_t otherwise = policy->allow ? action : SECCOMP_RET_ALLOW;
	uint32_t foreign = SECCOMP_RET_KILL_PROCESS;
	scmp_filter_ctx context;
	int rc;

	/* Each rule needs an instruction. libseccomp would find out slowly. */
	if (count > BPF_MAXINSNS)
		return -E2BIG;
	rc = compile_alternatives(rules, count, listed, otherwise, program);
	if (!rc && policy->refuses_unknown)
		rc = unknown_add(program, rules, count, policy->newest);
	if (rc)
		return rc;

	if (policy->action.kind == POLICY_LOG)
		foreign = SECCOMP_RET_LOG;
	context = seccomp_init(libseccomp_action(otherwise));
	if (!context)
		return -EINVAL;
	rc = seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, foreign);
	if (!rc)
		rc = add_rules(context, rules, count, listed);
	if (!rc)
		rc = append_libseccomp(context, action, program);
	seccomp_release(context);
	return rc;
}

int filter_build(const struct filter_policy *policy,
		 struct filter_program *program, struct failure *failure)
{
	struct rule *rules;
	const char *list;
	size_t count;
	int rc;

	if (rules_read(policy, &rules, &count, failure))
		return -1;
	rc = compile(policy, rules, count, program);
	free(rules);
	if (!rc)
		return 0;

	list = message_value(policy->list, policy->length);
	if (rc == -E2BIG)
		return set_failure(failure, STATUS_OWN_FAILURE,
				   "%s: %s: more than the 4096 instructions "
				   "that the kernel takes",
				   policy->variable, list);
	return set_failure(failure, STATUS_OWN_FAILURE,
			   "%s: %s: cannot build the filter: %s",
			   policy->variable, list, strerror(-rc));
}
