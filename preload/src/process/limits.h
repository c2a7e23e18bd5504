/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Which setting forbids another process or thread, and what to do, as the end
 * of a sentence. To be asked just after that has failed with EAGAIN.
 */
const char *lack_of_processes(void);

/* Which setting, as of a systemd unit, forbids Java here; NULL if none. */
const char *forbidding_memory(void);

/* Raises the limit of open files for Java; says why it cannot, or NULL. */
const char *forbidding_files(void);

/* Says which limit kept Java, which failed, from creating threads, or NULL. */
const char *forbidding_threads(void);
