// SPDX-License-Identifier: Apache-2.0
#include "bpf/capabilities.h"

#include <endian.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>

/* kernel/capability.c and security/security.c; each asks with CAP_OPT_NOAUDIT. */
static const char *const quiet_sites[QUIET_SITES] = {
	[QUIET_SITE] = "ns_capable_noaudit",
	[QUIET_SITE_HAS] = "has_capability_noaudit",
	[QUIET_SITE_HAS_IN] = "has_ns_capability_noaudit",
	[QUIET_MEMORY] = "security_vm_enough_memory_mm",
};

/* The file is sorted by address, so a function ends where the next one begins. */
int find_quiet_sites(struct code_range *sites)
{
	FILE *symbols = fopen("/proc/kallsyms", "re");
	struct code_range *open = NULL;
	unsigned long long address;
	char line[256], name[128];
	int left = QUIET_SITES, i;

	if (!symbols)
		return -1;
	while ((left > 0 || open) && fgets(line, sizeof(line), symbols)) {
		if (!open && !strstr(line, "_noaudit\n") &&
		    !strstr(line, "_enough_memory_mm\n"))
			continue;
		if (sscanf(line, "%llx %*c %127s", &address, name) != 2)
			continue;
		if (open)
			open->end = address;
		open = NULL;
		for (i = 0; address && i < QUIET_SITES; i++)
			if (strcmp(name, quiet_sites[i]) == 0)
				open = &sites[i];
		if (open) {
			open->begin = address;
			left--;
		}
	}
	fclose(symbols);
	return left > 0 ? -1 : 0;
}

uint64_t capabilities_of_file(const char *path)
{
	struct vfs_ns_cap_data data = { 0 };

	if (getxattr(path, "security.capability", &data, sizeof(data)) < 0)
		return 0;
	return le32toh(data.data[0].permitted) |
	       (uint64_t)le32toh(data.data[1].permitted) << 32;
}
