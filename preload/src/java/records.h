// SPDX-License-Identifier: Apache-2.0
/* Where the seccomp records begin in a block of auditd's lines. */
#ifndef JAVA_RECORDS_H
#define JAVA_RECORDS_H

/*
 * As io.sandbox.audit.RecordIndex says; @starts has a place more than @room.
 * Reads nothing outside of @from to @to.
 */
int find_records(const char *block, int from, int to, int *starts, int room);

#endif
