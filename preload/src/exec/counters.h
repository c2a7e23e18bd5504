/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What "tally" tells Java (see supervise/supervisor.h): each number of struct tally,
 * and the sums of sum_up_recording(). ROW(NAME, VALUE) is called for each one.
 * TraceCounter.java has the same names, and SandboxExecTest compares them. Java
 * refuses an answer with other names: a sign of loss that it did not know would
 * be missing from its verdict.
 */
#define EACH_COUNTER(ROW)                      \
	ROW(alive, tally->alive)               \
	ROW(marked, tally->marked)             \
	ROW(processes, tally->processes)       \
	ROW(distinct, tally->calls)            \
	ROW(entered, tally->entered)           \
	ROW(programs, tally->programs)         \
	ROW(paths, tally->paths)               \
	ROW(lost_tasks, tally->lost_tasks)     \
	ROW(lost_calls, tally->lost_calls)     \
	ROW(lost_others, tally->lost_others)   \
	ROW(orphans, tally->orphans)           \
	ROW(deep, tally->deep)                 \
	ROW(unnamed, tally->unnamed)           \
	ROW(filters, tally->filters)           \
	ROW(listeners, tally->listeners)       \
	ROW(unwatched, tally->unwatched)       \
	ROW(answered, tally->answered)         \
	ROW(no_call_copy, tally->no_call_copy) \
	ROW(no_task_copy, tally->no_task_copy) \
	ROW(target_ended, tally->target_ended) \
	ROW(lost_uses, tally->lost_uses)       \
	ROW(failed, tally->failed)             \
	ROW(capabilities, capabilities)        \
	ROW(operations, operations)            \
	ROW(calls, calls)                      \
	ROW(misses, misses)
