/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads in one pass from left to right. A syntax error is reported at the first
 * byte that cannot continue a valid text. An error of meaning (a number too
 * large, an argument named twice) is reported at the first byte of the wrong
 * part, once that part is complete.
 */
#include "library/policy_text.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#define X32_BIT	    (UINT32_C(1) << 30) /* __X32_SYSCALL_BIT, asm/unistd.h */
#define ERRNO_MAX   4095		/* MAX_ERRNO, linux/err.h */
#define END_OF_TEXT -1

struct reader {
	const char *text;
	size_t length;
	size_t offset;
	bool in_parentheses;
	struct policy_mistake *mistake;
};

static int peek(const struct reader *r)
{
	if (r->offset == r->length)
		return END_OF_TEXT;
	return (unsigned char)r->text[r->offset];
}

static int wrong_at(struct reader *r, size_t offset,
		    enum policy_mistake_kind kind)
{
	r->mistake->offset = offset;
	r->mistake->kind = kind;
	return -EINVAL;
}

/* The mistake at the cursor, or that the entry ends inside parentheses. */
static int wrong_here(struct reader *r, enum policy_mistake_kind kind)
{
	int c = peek(r);

	if (r->in_parentheses && (c == ':' || c == END_OF_TEXT))
		kind = POLICY_MISSING_CLOSE;
	return wrong_at(r, r->offset, kind);
}

/* ctype.h depends on the locale. */
static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool is_name_start(int c)
{
	return (c >= 'a' && c <= 'z') || c == '_';
}

static bool is_name_part(int c)
{
	return is_name_start(c) || is_digit(c);
}

static bool is_word_part(int c)
{
	return is_name_part(c) || (c >= 'A' && c <= 'Z');
}

static int digit_value(int c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static int read_integer(struct reader *r, uint64_t *value)
{
	size_t start = r->offset;
	bool zero_first = peek(r) == '0';
	bool overflow = false;
	unsigned int base = 10;
	size_t digits = 0;
	int digit;

	if (!is_digit(peek(r)))
		return wrong_here(r, POLICY_BAD_NUMBER);
	if (zero_first && start + 1 < r->length && r->text[start + 1] == 'x') {
		base = 16;
		r->offset += 2;
	}

	*value = 0;
	while ((digit = digit_value(peek(r))) >= 0 && digit < (int)base) {
		overflow |= __builtin_mul_overflow(*value, base, value);
		overflow |= __builtin_add_overflow(*value, digit, value);
		digits++;
		r->offset++;
	}

	if (digits == 0 || is_word_part(peek(r)))
		return wrong_here(r, POLICY_BAD_NUMBER);
	if (base == 10 && zero_first && digits > 1)
		return wrong_at(r, start, POLICY_LEADING_ZERO);
	if (overflow)
		return wrong_at(r, start, POLICY_NUMBER_OVERFLOW);
	return 0;
}

static int read_argument(struct reader *r, struct policy_entry *entry,
			 struct policy_condition *condition)
{
	size_t start = r->offset;
	int c;

	for (const char *word = "arg"; *word; word++) {
		if (peek(r) != *word)
			return wrong_here(r, POLICY_BAD_ARGUMENT);
		r->offset++;
	}
	c = peek(r);
	if (!is_digit(c) || c - '0' >= POLICY_ARGUMENTS)
		return wrong_here(r, POLICY_BAD_ARGUMENT);
	condition->argument = c - '0';
	r->offset++;

	for (unsigned int i = 0; i < entry->condition_count; i++) {
		if (entry->conditions[i].argument == condition->argument)
			return wrong_at(r, start, POLICY_DUPLICATE_ARGUMENT);
	}
	return 0;
}

static int read_operator(struct reader *r, enum policy_operator *op)
{
	int c = peek(r);
	bool then_equal;

	if (c != '=' && c != '!' && c != '<' && c != '>')
		return wrong_here(r, POLICY_BAD_OPERATOR);
	r->offset++;
	then_equal = peek(r) == '=';
	if (!then_equal && (c == '=' || c == '!'))
		return wrong_here(r, POLICY_BAD_OPERATOR);
	r->offset += then_equal;

	switch (c) {
	case '=':
		*op = POLICY_EQ;
		break;
	case '!':
		*op = POLICY_NE;
		break;
	case '<':
		*op = then_equal ? POLICY_LE : POLICY_LT;
		break;
	default:
		*op = then_equal ? POLICY_GE : POLICY_GT;
		break;
	}
	return 0;
}

static int read_condition(struct reader *r, struct policy_entry *entry)
{
	struct policy_condition condition = { .mask = UINT64_MAX };
	size_t start;
	int rc;

	rc = read_argument(r, entry, &condition);
	if (rc)
		return rc;
	if (peek(r) == '&') {
		condition.masked = true;
		r->offset++;
		rc = read_integer(r, &condition.mask);
		if (rc)
			return rc;
	}
	start = r->offset;
	rc = read_operator(r, &condition.op);
	if (rc)
		return rc;
	if (condition.masked && condition.op != POLICY_EQ)
		return wrong_at(r, start, POLICY_MASK_NEEDS_EQ);
	start = r->offset;
	rc = read_integer(r, &condition.value);
	if (rc)
		return rc;
	/* Never true. */
	if (condition.value & ~condition.mask)
		return wrong_at(r, start, POLICY_VALUE_OUTSIDE_MASK);

	/* There is room: each of the six arguments occurs at most once. */
	entry->conditions[entry->condition_count++] = condition;
	return 0;
}

static int read_conditions(struct reader *r, struct policy_entry *entry)
{
	int rc;

	r->in_parentheses = true;
	r->offset++;
	if (peek(r) == ')')
		return wrong_here(r, POLICY_EMPTY_CONDITIONS);
	for (;;) {
		rc = read_condition(r, entry);
		if (rc)
			return rc;
		if (peek(r) == ')')
			break;
		if (peek(r) != ',')
			return wrong_here(r, POLICY_UNEXPECTED_CHARACTER);
		r->offset++;
	}
	r->offset++;
	r->in_parentheses = false;
	return 0;
}

static int read_syscall(struct reader *r, struct policy_entry *entry)
{
	size_t start = r->offset;
	uint64_t number;
	int rc;

	entry->name = r->text + start;
	entry->is_number = is_digit(peek(r));
	if (entry->is_number) {
		rc = read_integer(r, &number);
		if (rc)
			return rc;
		if (number > INT_MAX)
			return wrong_at(r, start, POLICY_NUMBER_OVERFLOW);
		if (number & X32_BIT)
			return wrong_at(r, start, POLICY_X32_NUMBER);
		entry->number = number;
	} else {
		if (!is_name_start(peek(r)))
			return wrong_here(r, POLICY_BAD_NAME);
		while (is_name_part(peek(r)))
			r->offset++;
	}
	entry->name_length = r->offset - start;
	return 0;
}

static const struct {
	const char *name;
	int number;
} errno_names[] = {
#include "library/errno_names.inc"
};

static bool is_word(const char *text, size_t length, const char *word)
{
	return strlen(word) == length && memcmp(text, word, length) == 0;
}

/* Reads an errno, which ends with the text. */
static int read_errno(struct reader *r, unsigned int *error)
{
	const char *name = r->text + r->offset;
	size_t length = r->length - r->offset;
	size_t start = r->offset;
	uint64_t number;
	int rc;

	if (is_digit(peek(r))) {
		rc = read_integer(r, &number);
		if (rc)
			return rc;
		if (peek(r) != END_OF_TEXT)
			return wrong_here(r, POLICY_UNEXPECTED_CHARACTER);
		if (number < 1 || number > ERRNO_MAX)
			return wrong_at(r, start, POLICY_ERRNO_RANGE);
		*error = number;
		return 0;
	}
	for (size_t i = 0; i < sizeof(errno_names) / sizeof(*errno_names);
	     i++) {
		if (is_word(name, length, errno_names[i].name)) {
			*error = errno_names[i].number;
			return 0;
		}
	}
	return wrong_at(r, start, POLICY_BAD_ERRNO);
}

/* Reads the errno of an entry, up to the next colon. */
static int read_own_errno(struct reader *r, struct policy_entry *entry)
{
	struct reader own = *r;
	const char *colon;

	own.offset++;
	colon = memchr(r->text + r->offset, ':', r->length - r->offset);
	if (colon)
		own.length = (size_t)(colon - r->text);
	r->offset = own.length;
	return read_errno(&own, &entry->error);
}

void policy_list_start(struct policy_list *list, const char *text,
		       size_t length)
{
	list->text = text;
	list->length = length;
	list->offset = 0;
}

int policy_list_next(struct policy_list *list, struct policy_entry *entry,
		     struct policy_mistake *mistake)
{
	struct reader r = {
		.text = list->text,
		.length = list->length,
		.offset = list->offset,
		.mistake = mistake,
	};
	int rc;

	while (peek(&r) == ':')
		r.offset++;
	list->offset = r.offset;
	if (peek(&r) == END_OF_TEXT)
		return 0;

	memset(entry, 0, sizeof(*entry));
	rc = read_syscall(&r, entry);
	if (rc)
		return rc;
	if (peek(&r) == '(') {
		rc = read_conditions(&r, entry);
		if (rc)
			return rc;
	}
	if (peek(&r) == '=') {
		rc = read_own_errno(&r, entry);
		if (rc)
			return rc;
	}
	if (peek(&r) != ':' && peek(&r) != END_OF_TEXT)
		return wrong_here(&r, POLICY_UNEXPECTED_CHARACTER);
	list->offset = r.offset;
	return 1;
}

int policy_action_parse(const char *text, size_t length,
			struct policy_action *action,
			struct policy_mistake *mistake)
{
	static const struct {
		const char *word;
		enum policy_action_kind kind;
	} actions[] = {
		{ "kill", POLICY_KILL }, { "kill_thread", POLICY_KILL_THREAD },
		{ "trap", POLICY_TRAP }, { "errno", POLICY_ERRNO },
		{ "log", POLICY_LOG },
	};
	struct reader r = {
		.text = text,
		.length = length,
		.mistake = mistake,
	};
	const char *colon = memchr(text, ':', length);
	size_t word_length = colon ? (size_t)(colon - text) : length;

	action->error = 0;
	for (size_t i = 0; i < sizeof(actions) / sizeof(*actions); i++) {
		if (!is_word(text, word_length, actions[i].word))
			continue;
		action->kind = actions[i].kind;
		r.offset = word_length;
		if (action->kind != POLICY_ERRNO) {
			if (!colon)
				return 0;
			return wrong_here(&r, POLICY_UNEXPECTED_CHARACTER);
		}
		action->error = EPERM;
		if (!colon)
			return 0;
		r.offset++;
		return read_errno(&r, &action->error);
	}
	return wrong_at(&r, 0, POLICY_BAD_ACTION);
}

static const char *const reasons[] = {
	[POLICY_BAD_NAME] = "neither a system call name nor a number",
	[POLICY_BAD_NUMBER] = "not a decimal or 0x-hex number",
	[POLICY_LEADING_ZERO] = "decimal number with a leading zero",
	[POLICY_NUMBER_OVERFLOW] = "number too large",
	[POLICY_X32_NUMBER] = "system call number of the x32 ABI",
	[POLICY_UNEXPECTED_CHARACTER] = "unexpected character",
	[POLICY_EMPTY_CONDITIONS] = "no condition between parentheses",
	[POLICY_BAD_ARGUMENT] = "a condition begins with arg0 to arg5",
	[POLICY_BAD_OPERATOR] = "expected one of == != < <= > >=",
	[POLICY_MASK_NEEDS_EQ] = "a mask is only possible with ==",
	[POLICY_VALUE_OUTSIDE_MASK] = "value has bits outside the mask",
	[POLICY_MISSING_CLOSE] = "entry ends before its )",
	[POLICY_DUPLICATE_ARGUMENT] = "argument twice in one entry",
	[POLICY_BAD_ACTION] = "not one of kill, kill_thread, trap, errno, log",
	[POLICY_BAD_ERRNO] = "unknown errno name",
	[POLICY_ERRNO_RANGE] = "errno is not in 1 to 4095",
};

int policy_unknown_parse(const char *text, size_t length, uint32_t *newest)
{
	static const char word[] = "enosys";
	const char *end = text + length;
	unsigned int digits = 0, numbers = 0, number = 0;

	*newest = POLICY_NEWEST;
	if (length < sizeof(word) - 1 ||
	    memcmp(text, word, sizeof(word) - 1) != 0)
		return -EINVAL;
	text += sizeof(word) - 1;
	if (text == end)
		return 0;
	if (*text++ != ':')
		return -EINVAL;
	*newest = 0;
	for (;; text++) {
		if (text < end && *text >= '0' && *text <= '9' && digits < 4) {
			number = 10 * number + (unsigned int)(*text - '0');
			digits++;
			continue;
		}
		if (digits == 0 || numbers == 4 || (text < end && *text != '.'))
			return -EINVAL;
		/* No kernel since 2.6 has a number above, nor our table. */
		*newest |= (uint32_t)(number > 255 ? 255 : number)
			   << (24 - 8 * numbers++);
		if (text == end)
			return numbers < 2 ? -EINVAL : 0;
		digits = number = 0;
	}
}

const char *policy_mistake_reason(enum policy_mistake_kind kind)
{
	return reasons[kind];
}
