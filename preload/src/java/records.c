// SPDX-License-Identifier: Apache-2.0
/* Finds quickly where seccomp records begin. */
#include "java/records.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define LENGTH(text)	 (sizeof(text) - 1)
#define STARTS(at, text) (!memcmp(at, text, LENGTH(text)))

#define TYPE	   "type="
#define STAMP	   " msg=audit("
#define SECCOMP	   "SECCOMP"
#define NAME_LIMIT 32

/* The kinds of lines that io.sandbox.audit.RecordIndex distinguishes. */
enum line {
	SECCOMP_RECORD,
	OTHER_TYPE,
	NOT_PLAIN
};

static bool is_name_part(char c)
{
	return (c >= 'A' && c <= 'Z') || c == '_';
}

static enum line line_at(const char *at, const char *end)
{
	const char *name = at + LENGTH(TYPE), *name_end = name;

	if ((size_t)(end - at) < LENGTH(TYPE) + NAME_LIMIT + LENGTH(STAMP) ||
	    !STARTS(at, TYPE))
		return NOT_PLAIN;
	if (STARTS(name, SECCOMP STAMP)) {
		char digit = name[LENGTH(SECCOMP STAMP)];

		return digit >= '0' && digit <= '9' ? SECCOMP_RECORD
						    : NOT_PLAIN;
	}
	/* Records with such names may be seccomp's, at least in old logs. */
	if (*name == 'U' || STARTS(name, "AN"))
		return NOT_PLAIN;
	while (name_end < name + NAME_LIMIT && is_name_part(*name_end))
		name_end++;
	return STARTS(name_end, STAMP) ? OTHER_TYPE : NOT_PLAIN;
}

static const char *line_end(const char *at, const char *end)
{
	const char *feed = memchr(at, '\n', (size_t)(end - at));

	return feed ? feed + 1 : end;
}

int find_records(const char *block, int from, int to, int *starts, int room)
{
	const char *at = block + from, *end = block + to;
	enum line line = OTHER_TYPE;
	int count = 0;

	while (at < end && count < room) {
		line = line_at(at, end);
		if (line == NOT_PLAIN)
			break;
		if (line == SECCOMP_RECORD)
			starts[count++] = (int)(at - block);
		at = line_end(at, end);
	}
	starts[count] = (int)(at - block);
	return count;
}
