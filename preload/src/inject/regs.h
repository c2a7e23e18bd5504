/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The register access that depends on the architecture, for a program stopped
 * by ptrace(2). Each architecture has one file that implements it.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/user.h>

/* The calls that the tracer makes the target make. */
enum remote_call {
	CALL_MMAP,
	CALL_READ,
	CALL_CLOSE,
	CALL_PRCTL,
	CALL_SECCOMP,
	CALL_COUNT
};

/*
 * The target's registers at the entry stop of its own call, or between two
 * instructions, outside of a call.
 * @instruction: outside of a call, the address of a system call instruction,
 *	else 0
 */
struct own_call {
	uint32_t arch;
	uint64_t instruction;
	struct user_regs_struct regs;
};

/* Whether a target that makes calls of this AUDIT_ARCH can be handled. */
bool arch_supported(uint32_t arch);

/* Whether a target can be handled that is a program for this @machine (EM_). */
bool machine_supported(unsigned int machine);

/* The size in bytes of a pointer in the structures of @arch's calls. */
size_t arch_pointer_size(uint32_t arch);

/* The number of @call on @arch, which must be a supported one. */
uint64_t arch_call_number(uint32_t arch, enum remote_call call);

/* What a call seems to return if a filter kills or traps it. */
uint64_t arch_unmade_result(uint32_t arch, enum remote_call call,
			    const uint64_t args[6]);

/* The functions below return 0 or -errno. */

/* Saves the target's registers; @instruction as in struct own_call. */
int save_own_call(pid_t pid, uint32_t arch, uint64_t instruction,
		  struct own_call *own);

/*
 * Returns the offset in @code of a system call instruction of @arch, or -1.
 * Always returns -1 on architectures where every call has such an instruction,
 * because then the target's own can be used.
 */
ssize_t find_call_instruction(uint32_t arch, const void *code, size_t size);

/* At the entry stop: makes the kernel run @call instead. */
int replace_own_call(pid_t pid, const struct own_call *own,
		     enum remote_call call, const uint64_t args[6]);

/* At a later exit stop, or outside of a call: readies the target for @call. */
int prepare_remote_call(pid_t pid, const struct own_call *own,
			enum remote_call call, const uint64_t args[6]);

/* At a later exit stop: makes the target continue where it was stopped. */
int restore_own_call(pid_t pid, const struct own_call *own);

/* At a later exit stop: skips the own call, which seems to return @result. */
int skip_own_call(pid_t pid, const struct own_call *own, int64_t result);

int get_instruction_pointer(pid_t pid, uint64_t *address);
int set_instruction_pointer(pid_t pid, uint64_t address);

/*
 * For a thread that was interrupted in a call: makes it repeat that call
 * instead of restart_syscall, so that a filter need not allow the latter.
 * Changes nothing where this is impossible.
 */
int avoid_restart_syscall(pid_t pid);

/* Stops this thread with SIGTRAP before it runs the instruction at @address. */
int set_hardware_breakpoint(pid_t pid, uint64_t address);
int clear_hardware_breakpoint(pid_t pid);

/*
 * The instruction that stops a thread with SIGTRAP.
 * @advance: how far the instruction pointer is past its start at the stop
 */
extern const struct breakpoint_instruction {
	unsigned char bytes[4];
	size_t length;
	size_t advance;
} breakpoint_instruction;
