/* SPDX-License-Identifier: Apache-2.0 */
/* Turns the text of a list into sorted rules without duplicates. */
#include "library/rules.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/mman.h>

#include "library/messages.h"
#include "library/syscalls.h"

#if defined(__x86_64__)
#define NEWER_VALUES "newer_x86_64.inc"
#else
#define NEWER_VALUES "newer_aarch64.inc"
#endif

/*
 * Made by the Makefile: values that a kernel brought, a byte for each number of
 * its version, and how an older one answers them.
 */
static const struct {
	int syscall;
	uint32_t version;
	unsigned int error;
	struct policy_condition condition;
} newer_values[] = {
#define NEWER(syscall, version, error, argument, mask, value) \
	{ syscall, version, error, { argument, true, POLICY_EQ, mask, value } },
#include NEWER_VALUES
#undef NEWER
};

#define NEWER_COUNT (sizeof(newer_values) / sizeof(*newer_values))

#define NAME_LIMIT 64 /* longer than any system call's name */

uint32_t rules_action(const struct policy_action *action)
{
	switch (action->kind) {
	case POLICY_LOG:
		return SECCOMP_RET_LOG;
	case POLICY_ERRNO:
		return SECCOMP_RET_ERRNO | action->error;
	case POLICY_TRAP:
		return SECCOMP_RET_TRAP;
	case POLICY_KILL_THREAD:
		return SECCOMP_RET_KILL_THREAD;
	case POLICY_KILL:
		break;
	}
	return SECCOMP_RET_KILL_PROCESS;
}

/* A single entry's errno refuses the call, unless the action only logs. */
static uint32_t returned(const struct filter_policy *policy,
			 const struct policy_entry *entry)
{
	if (entry->error && policy->action.kind != POLICY_LOG)
		return SECCOMP_RET_ERRNO | entry->error;
	return policy->allow && !entry->error ? SECCOMP_RET_ALLOW
					      : rules_action(&policy->action);
}

static int resolve(const struct filter_policy *policy,
		   const struct policy_entry *entry, int *syscall,
		   struct failure *failure)
{
	char name[NAME_LIMIT] = "";

	*syscall = (int)entry->number;
	if (entry->is_number)
		return 0;
	if (entry->name_length < sizeof(name))
		memcpy(name, entry->name, entry->name_length);
	*syscall = syscall_number(name);
	if (*syscall >= 0)
		return 0;
	return set_failure(
		failure, STATUS_OWN_FAILURE, "%s: %s: %s", policy->variable,
		message_value(entry->name, entry->name_length),
		is_syscall_somewhere(name) ? "does not exist on " ARCH_NAME
					   : "unknown system call");
}

static bool always_true(const struct policy_condition *condition)
{
	switch (condition->op) {
	case POLICY_EQ:
		return condition->mask == 0; /* the value is then 0 too */
	case POLICY_GE:
		return condition->value == 0;
	case POLICY_LE:
		return condition->value == UINT64_MAX;
	default:
		return false;
	}
}

static bool never_true(const struct policy_condition *condition)
{
	return (condition->op == POLICY_LT && condition->value == 0) ||
	       (condition->op == POLICY_GT && condition->value == UINT64_MAX);
}

/* Returns false, and makes no rule, if no call can match the entry. */
static bool make_rule(const struct filter_policy *policy,
		      const struct policy_entry *entry, int syscall,
		      struct rule *rule)
{
	const struct policy_condition *condition;

	memset(rule, 0, sizeof(*rule)); /* also the padding */
	rule->syscall = syscall;
	rule->returned = returned(policy, entry);
	for (unsigned int argument = 0; argument < POLICY_ARGUMENTS;
	     argument++) {
		for (unsigned int i = 0; i < entry->condition_count; i++) {
			condition = &entry->conditions[i];
			if (condition->argument != argument)
				continue;
			if (never_true(condition))
				return false;
			if (!always_true(condition))
				rule->conditions[rule->condition_count++] =
					*condition;
		}
	}
	return true;
}

static int compare_conditions(const struct policy_condition *a,
			      const struct policy_condition *b)
{
	if (a->argument != b->argument)
		return a->argument < b->argument ? -1 : 1;
	if (a->op != b->op)
		return a->op < b->op ? -1 : 1;
	if (a->mask != b->mask)
		return a->mask < b->mask ? -1 : 1;
	if (a->value != b->value)
		return a->value < b->value ? -1 : 1;
	return 0;
}

/*
 * Orders by system call, then by strictness. As when several filters answer a
 * call, this is the order of the return values as signed numbers. Of rules that
 * return the same, one without conditions comes first.
 */
static int compare_rules(const struct rule *a, const struct rule *b)
{
	int order;

	if (a->syscall != b->syscall)
		return a->syscall < b->syscall ? -1 : 1;
	if (a->returned != b->returned)
		return (int32_t)a->returned < (int32_t)b->returned ? -1 : 1;
	if (a->condition_count != b->condition_count)
		return a->condition_count < b->condition_count ? -1 : 1;
	for (unsigned int i = 0; i < a->condition_count; i++) {
		order = compare_conditions(&a->conditions[i],
					   &b->conditions[i]);
		if (order)
			return order;
	}
	return 0;
}

static void sift_down(struct rule *rules, size_t root, size_t count)
{
	struct rule moved;
	size_t child;

	while ((child = 2 * root + 1) < count) {
		if (child + 1 < count &&
		    compare_rules(&rules[child], &rules[child + 1]) < 0)
			child++;
		if (compare_rules(&rules[root], &rules[child]) >= 0)
			return;
		moved = rules[root];
		rules[root] = rules[child];
		rules[child] = moved;
		root = child;
	}
}

/* Heapsort, because qsort() may allocate from the program's heap. */
static void sort_rules(struct rule *rules, size_t count)
{
	struct rule last;

	for (size_t i = count / 2; i-- > 0;)
		sift_down(rules, i, count);
	for (size_t end = count; end-- > 1;) {
		last = rules[end];
		rules[end] = rules[0];
		rules[0] = last;
		sift_down(rules, 0, end);
	}
}

/* Sorts, and drops rules that another one covers. Returns how many are left. */
static size_t normalize_rules(struct rule *rules, size_t count)
{
	size_t kept = 0;

	sort_rules(rules, count);
	for (size_t i = 0; i < count; i++) {
		struct rule *last = kept ? &rules[kept - 1] : NULL;

		if (last && last->syscall == rules[i].syscall &&
		    (last->condition_count == 0 ||
		     compare_rules(last, &rules[i]) == 0))
			continue;
		rules[kept++] = rules[i];
	}
	return kept;
}

/* Sets the failure, with the entry in which the mistake was found. */
static int show_mistake(const struct filter_policy *policy,
			const struct policy_mistake *mistake,
			struct failure *failure)
{
	size_t start = mistake->offset;
	size_t end = mistake->offset;

	while (start > 0 && policy->list[start - 1] != ':')
		start--;
	while (end < policy->length && policy->list[end] != ':')
		end++;
	return set_failure(failure, STATUS_OWN_FAILURE,
			   "%s: %s: %s, at byte %zu", policy->variable,
			   message_value(policy->list + start, end - start),
			   policy_mistake_reason(mistake->kind),
			   mistake->offset);
}

/* Fills in the rules. If @rules is NULL, only checks the text and counts. */
static int read_entries(const struct filter_policy *policy, struct rule *rules,
			size_t *count, struct failure *failure)
{
	struct policy_mistake mistake;
	struct policy_entry entry;
	struct policy_list list;
	int syscall;
	int rc;

	*count = 0;
	policy_list_start(&list, policy->list, policy->length);
	while ((rc = policy_list_next(&list, &entry, &mistake)) > 0) {
		if (!rules) {
			++*count;
			continue;
		}
		if (resolve(policy, &entry, &syscall, failure))
			return -1;
		*count += make_rule(policy, &entry, syscall, &rules[*count]);
	}
	return rc < 0 ? show_mistake(policy, &mistake, failure) : 0;
}

static bool can_hold(const struct rule *rule,
		     const struct policy_condition *value)
{
	const struct policy_condition *each;

	for (unsigned int i = 0; i < rule->condition_count; i++) {
		each = &rule->conditions[i];
		if (each->op == POLICY_EQ &&
		    each->argument == value->argument &&
		    ((each->value ^ value->value) & each->mask & value->mask))
			return false;
	}
	return true;
}

/*
 * A C library or a runtime tries a new value first, and goes on without it if the
 * kernel answers as an old one. So values that nobody could judge get this answer,
 * if the list has the call, and no entry can hold for them.
 */
static void add_newer_values(const struct filter_policy *policy,
			     struct rule_set *set)
{
	size_t count = set->count;

	for (size_t i = 0; i < NEWER_COUNT; i++) {
		bool listed = false, held = false;

		if (newer_values[i].version <= policy->newest)
			continue;
		for (size_t j = 0; j < count; j++) {
			if (set->rules[j].syscall != newer_values[i].syscall)
				continue;
			listed = true;
			held |= can_hold(&set->rules[j],
					 &newer_values[i].condition);
		}
		if (listed && !held)
			set->rules[set->count++] = (struct rule){
				.syscall = newer_values[i].syscall,
				.returned = SECCOMP_RET_ERRNO |
					    newer_values[i].error,
				.condition_count = 1,
				.conditions = { newer_values[i].condition },
			};
	}
}

int rules_read(const struct filter_policy *policy, struct rule_set *set,
	       struct failure *failure)
{
	if (read_entries(policy, NULL, &set->room, failure))
		return -1;
	/* mmap(2) takes no length of 0, and there are some values. */
	set->room += NEWER_COUNT;
	set->rules = mmap(NULL, set->room * sizeof(*set->rules),
			  PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);
	if (set->rules == MAP_FAILED)
		return set_failure(failure, STATUS_OWN_FAILURE,
				   "%s: cannot build the filter: %s",
				   policy->variable, strerror(errno));
	if (read_entries(policy, set->rules, &set->count, failure)) {
		rules_free(set);
		return -1;
	}
	if (policy->refuses_unknown)
		add_newer_values(policy, set);
	set->count = normalize_rules(set->rules, set->count);
	return 0;
}

void rules_free(struct rule_set *set)
{
	munmap(set->rules, set->room * sizeof(*set->rules));
}
