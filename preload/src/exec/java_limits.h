/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXEC_JAVA_LIMITS_H
#define EXEC_JAVA_LIMITS_H

/*
 * Why no Java can run in this process, as units of systemd and other settings
 * have it; NULL if nothing is known to forbid it.
 */
const char *forbidding_memory(void);

/* Why a Java that has just failed could not have its threads; NULL if it could.
 */
const char *forbidding_threads(void);

#endif
