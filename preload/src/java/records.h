// SPDX-License-Identifier: Apache-2.0
/* Finds where seccomp records begin in a block of auditd's lines. */
#pragma once

/* See io.sandbox.audit.RecordIndex. @starts has room for @room + 1 entries. */
int find_records(const char *block, int from, int to, int *starts, int room);
