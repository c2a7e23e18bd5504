// SPDX-License-Identifier: Apache-2.0
/* Finds where seccomp records begin in a block of auditd's lines. */
#pragma once

/*
 * Does what io.sandbox.audit.RecordIndex describes. @starts has room for @room
 * + 1 entries. Reads only from @from to @to.
 */
int find_records(const char *block, int from, int to, int *starts, int room);
