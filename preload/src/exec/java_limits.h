/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXEC_JAVA_LIMITS_H
#define EXEC_JAVA_LIMITS_H

/*
 * Says which setting, such as one of a systemd unit, keeps Java from running in
 * this process; NULL if none is known.
 */
const char *forbidding_memory(void);

/* Says which limit kept Java, which failed, from creating threads, or NULL. */
const char *forbidding_threads(void);

#endif
