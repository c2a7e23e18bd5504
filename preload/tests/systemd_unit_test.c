// SPDX-License-Identifier: Apache-2.0
/* Which processes belong to a unit of systemd, by what /proc/PID/cgroup says. */
#include "exec/unit.h"

#include <stdint.h>
#include <string.h>

#include "check.h"

#define UNIT "web.service"

static bool is_of_unit(const char *text)
{
	FILE *groups = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
	bool found = groups && names_unit(groups, UNIT);

	if (groups)
		fclose(groups);
	return found;
}

static void expect(bool expected, const char *text)
{
	check(is_of_unit(text) == expected, "%s: %d", text, expected);
}

/* A name that ends a line where it was once cut, at 4096 bytes. */
static void long_line_is_not_cut(void)
{
	char text[4200] = "4:memory:/";

	memset(text + 10, 'x', 4085);
	strcpy(text + 4095, "0::/" UNIT "\n0::/other.service\n");
	expect(false, text);
}

int main(void)
{
	expect(true, "0::/system.slice/" UNIT "\n");
	expect(true, "1:name=systemd:/system.slice/" UNIT "\n0::/\n");
	expect(true, "0::/a.slice/a-b.slice/" UNIT "\n");
	expect(true, "0::/system.slice/" UNIT "/sub");
	expect(false, "0::/user.slice/user@1000.service/" UNIT "\n");
	expect(false, "0::/system.slice/x" UNIT "\n");
	expect(false, "0::/system.slice/other.service\n");
	expect(false, "");
	/* The cgroups of another hierarchy may be those of any user. */
	expect(false, "4:memory:/own/x:name=systemd:/" UNIT "\n");
	expect(false, "4:memory:/own/0::/" UNIT "\n");
	expect(false, "2:name=other:/" UNIT "\n");
	expect(false, "0::/user.slice/x:name=systemd:/" UNIT "\n");
	long_line_is_not_cut();
	return check_summary();
}
