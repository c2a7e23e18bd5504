/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Which setting forbids another process or thread, and what to do, as the end
 * of a sentence. To be asked just after that has failed with EAGAIN.
 */
const char *lack_of_processes(void);

/*
 * Says which setting, such as one of a systemd unit, keeps Java from running in
 * this process; NULL if none is known.
 */
const char *forbidding_memory(void);

/*
 * Raises the limit of open files of this process, which becomes Java, if it is
 * too small; says why that is not possible, or NULL.
 */
const char *forbidding_files(void);

/* Says which limit kept Java, which failed, from creating threads, or NULL. */
const char *forbidding_threads(void);
