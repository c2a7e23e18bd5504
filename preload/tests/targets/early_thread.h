/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The result of getppid in the constructor's thread: 0 or errno. */
int early_thread_result(void);
