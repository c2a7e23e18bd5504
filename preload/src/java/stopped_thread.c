// SPDX-License-Identifier: Apache-2.0
/*
 * io.sandbox.enforcer.launch.StoppedThread: a thread of another process is
 * stopped while its filters are read, which the kernel shows to a tracer only
 * (seccomp_get_filter of kernel/seccomp.c). A failure is -errno.
 */
#include <linux/filter.h>
#include <signal.h>
#include <stdint.h>
#include <sys/wait.h>
#include <time.h>

#include "inject/ptrace.h"
#include "inject/regs.h"
#include "java/natives.h"

#define NATIVE(...) NATIVE_OF(enforcer_launch_StoppedThread, __VA_ARGS__)

/* BPF_MAXINSNS of linux/bpf_common.h */
#define MAX_INSTRUCTIONS 4096

/* A thread may be in a wait of the kernel that nothing interrupts. */
#define STOP_WAITS 6000
#define WAIT_NANOS 500000

/* Since Linux 4.14 and 4.16 */
#ifndef PTRACE_SECCOMP_GET_FILTER
#define PTRACE_SECCOMP_GET_FILTER 0x420c
#endif
#ifndef PTRACE_SECCOMP_GET_METADATA
#define PTRACE_SECCOMP_GET_METADATA 0x420d
#endif

struct filter_metadata {
	uint64_t index;
	uint64_t flags;
};

/* To be followed by awaitStop(), even if it takes long. */
NATIVE(jint, attach, jint thread)
{
	int err = trace_request(PTRACE_SEIZE, thread, 0, 0);

	return err ? err : trace_request(PTRACE_INTERRUPT, thread, 0, 0);
}

/* Waits for a thread's stop. Returns its signal, 0 if not the thread's own. */
NATIVE(jint, awaitStop, jint thread, jboolean patient)
{
	const struct timespec wait = { .tv_nsec = WAIT_NANOS };
	int waits, status, options = __WALL | (patient ? 0 : WNOHANG);
	pid_t stopped;

	for (waits = 0; waits < STOP_WAITS; waits++) {
		stopped = waitpid(thread, &status, options);
		if (stopped < 0 && errno != EINTR)
			return -errno;
		if (stopped > 0 && !WIFSTOPPED(status))
			return -ESRCH;
		if (stopped > 0)
			return status >> 16 ? 0 : WSTOPSIG(status);
		if (!patient)
			nanosleep(&wait, NULL);
	}
	return -ETIMEDOUT;
}

/* The number of instructions, which are put into a direct buffer for 4096. */
NATIVE(jint, readFilter, jint thread, jint index, jobject code)
{
	if (size_of(env, code) < MAX_INSTRUCTIONS * sizeof(struct sock_filter))
		return -EINVAL;
	return or_errno(syscall(SYS_ptrace, (long)PTRACE_SECCOMP_GET_FILTER,
				(long)thread, (long)index,
				bytes_of(env, code)));
}

/* SECCOMP_FILTER_FLAG_LOG is the only one that the kernel tells. */
NATIVE(jint, readFlags, jint thread, jint index)
{
	struct filter_metadata metadata = { .index = (uint64_t)index };
	int err = trace_request(PTRACE_SECCOMP_GET_METADATA, thread,
				sizeof(metadata), (uintptr_t)&metadata);

	return err ? err : (jint)metadata.flags;
}

/* The AUDIT_ARCH value of the thread's calls; 0 before Linux 5.3. */
NATIVE(jint, readArch, jint thread)
{
	struct ptrace_syscall_info info = { 0 };
	int err = trace_request(PTRACE_GET_SYSCALL_INFO, thread, sizeof(info),
				(uintptr_t)&info);

	return err ? 0 : (jint)info.arch;
}

/*
 * Lets it go on.
 * @signal: as awaitStop() has returned it
 * @avoid_restart: see avoid_restart_syscall()
 */
NATIVE(jint, release, jint thread, jint signal, jboolean avoid_restart)
{
	if (avoid_restart && !signal)
		avoid_restart_syscall(thread);
	return trace_request(PTRACE_DETACH, thread, 0, (uintptr_t)signal);
}
