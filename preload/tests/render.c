/* SPDX-License-Identifier: Apache-2.0 */
#include "render.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "library/policy_text.h"

/* The keywords of the vectors. */
static const char *const keywords[] = {
	[POLICY_BAD_NAME] = "bad-name",
	[POLICY_BAD_NUMBER] = "bad-number",
	[POLICY_LEADING_ZERO] = "leading-zero",
	[POLICY_NUMBER_OVERFLOW] = "number-overflow",
	[POLICY_X32_NUMBER] = "x32-number",
	[POLICY_UNEXPECTED_CHARACTER] = "unexpected-character",
	[POLICY_EMPTY_CONDITIONS] = "empty-conditions",
	[POLICY_BAD_ARGUMENT] = "bad-argument",
	[POLICY_BAD_OPERATOR] = "bad-operator",
	[POLICY_MASK_NEEDS_EQ] = "mask-needs-eq",
	[POLICY_VALUE_OUTSIDE_MASK] = "value-outside-mask",
	[POLICY_MISSING_CLOSE] = "missing-close",
	[POLICY_DUPLICATE_ARGUMENT] = "duplicate-argument",
	[POLICY_BAD_ACTION] = "bad-action",
	[POLICY_BAD_ERRNO] = "bad-errno",
	[POLICY_ERRNO_RANGE] = "errno-range",
};

static void render_mistake(FILE *out, const struct policy_mistake *mistake)
{
	fprintf(out, "error %zu %s", mistake->offset, keywords[mistake->kind]);
}

static const struct {
	const char *name;
	unsigned int number;
} errno_names[] = {
#include "library/errno_names.inc"
};

/* By its first name, or as a number if it has none. */
static void render_errno(FILE *out, unsigned int error)
{
	for (size_t i = 0; i < sizeof(errno_names) / sizeof(*errno_names);
	     i++) {
		if (errno_names[i].number == error) {
			fprintf(out, "=%s", errno_names[i].name);
			return;
		}
	}
	fprintf(out, "=%u", error);
}

static void render_entry(FILE *out, const struct policy_entry *entry)
{
	static const char *const operators[] = {
		[POLICY_EQ] = "==", [POLICY_NE] = "!=", [POLICY_LT] = "<",
		[POLICY_LE] = "<=", [POLICY_GT] = ">",	[POLICY_GE] = ">=",
	};

	if (entry->is_number)
		fprintf(out, "%u", entry->number);
	else
		fwrite(entry->name, 1, entry->name_length, out);
	for (unsigned int i = 0; i < entry->condition_count; i++) {
		const struct policy_condition *c = &entry->conditions[i];

		fprintf(out, "%carg%u", i ? ',' : '(', c->argument);
		if (c->masked)
			fprintf(out, "&0x%" PRIx64, c->mask);
		fprintf(out, "%s%" PRIu64, operators[c->op], c->value);
	}
	if (entry->condition_count)
		fputc(')', out);
	if (entry->error)
		render_errno(out, entry->error);
}

static FILE *open_outcome(char **outcome, size_t *size)
{
	FILE *out = open_memstream(outcome, size);

	if (!out)
		abort();
	return out;
}

int render_list(const char *text, size_t length, char **outcome)
{
	struct policy_mistake mistake;
	struct policy_entry entry;
	struct policy_list list;
	size_t size;
	size_t count = 0;
	FILE *out = open_outcome(outcome, &size);
	int rc;

	policy_list_start(&list, text, length);
	while ((rc = policy_list_next(&list, &entry, &mistake)) > 0) {
		if (count++)
			fputc(':', out);
		render_entry(out, &entry);
	}
	if (rc < 0) {
		/* Drops the valid part before the mistake. */
		fclose(out);
		free(*outcome);
		out = open_outcome(outcome, &size);
		render_mistake(out, &mistake);
	} else if (count == 0) {
		fputs("(empty)", out);
	}
	fclose(out);
	return rc;
}

int render_action(const char *text, size_t length, char **outcome)
{
	static const char *const words[] = {
		[POLICY_KILL] = "kill", [POLICY_KILL_THREAD] = "kill_thread",
		[POLICY_TRAP] = "trap", [POLICY_ERRNO] = "errno",
		[POLICY_LOG] = "log",
	};
	struct policy_mistake mistake;
	struct policy_action action;
	size_t size;
	FILE *out = open_outcome(outcome, &size);
	int rc;

	rc = policy_action_parse(text, length, &action, &mistake);
	if (rc)
		render_mistake(out, &mistake);
	else
		fputs(words[action.kind], out);
	if (!rc && action.kind == POLICY_ERRNO)
		fprintf(out, ":%u", action.error);
	fclose(out);
	return rc;
}

int render_unknown(const char *text, size_t length, char **outcome)
{
	size_t size;
	FILE *out = open_outcome(outcome, &size);
	uint32_t newest;
	int rc;

	rc = policy_unknown_parse(text, length, &newest);
	fputs(rc ? "error 0 bad-unknown" : "enosys", out);
	if (!rc && newest != POLICY_NEWEST) {
		fprintf(out, ":%u.%u", newest >> 24, newest >> 16 & 255);
		if (newest & 0xffff)
			fprintf(out, ".%u", newest >> 8 & 255);
		if (newest & 0xff)
			fprintf(out, ".%u", newest & 255);
	}
	fclose(out);
	return rc;
}
