/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Uses blocks of exact size, so that a sanitizer detects each read outside of
 * them. LogFuzzIT tests that the right lines are found.
 */
#include "java/records.h"

#include <string.h>

#include "check.h"

#define NAME_31 "ABCDEFGHIJKLMNOPQRSTUVWXYZ_ABCD"
#define REST	" msg=audit(1700000000.001:7): auid=1 uid=1 pid=7\n"

static const char *const lines[] = {
	"type=SECCOMP" REST,
	"type=SYSCALL" REST,
	"type=" NAME_31 REST,
	"type=" NAME_31 "E" REST,
	"type=" NAME_31 "EF" REST,
	"type=" NAME_31 "EFGHIJKLMNOPQ" REST,
	"type=ANOM_ABEND" REST,
	"type=1326" REST,
	"type=SECCOMP msg=audit(",
	"node=n type=SECCOMP" REST,
	"\n",
};

#define LINES (sizeof(lines) / sizeof(lines[0]))

static void check_block(const char *text, size_t from, size_t length)
{
	char *block = malloc(length ? length : 1);
	int starts[2], count;

	check(block != NULL, "out of memory");
	memcpy(block, text, length);
	count = find_records(block, (int)from, (int)length, starts, 1);
	check(count == 0 || (count == 1 && starts[0] >= (int)from),
	      "%d records from %zu of %zu", count, from, length);
	check(starts[count] >= (int)from && starts[count] <= (int)length,
	      "ended at %d of %zu", starts[count], length);
	free(block);
}

int main(void)
{
	char text[1024];

	for (size_t first = 0; first < LINES; first++) {
		for (size_t second = 0; second < LINES; second++) {
			int length = snprintf(text, sizeof(text), "%s%s",
					      lines[first], lines[second]);

			for (int cut = 0; cut <= length; cut++)
				check_block(text, 0, (size_t)cut);
			check_block(text, strlen(lines[first]), (size_t)length);
		}
	}
	return check_summary();
}
