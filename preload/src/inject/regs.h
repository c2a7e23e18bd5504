/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INJECT_REGS_H
#define INJECT_REGS_H

/*
 * All that depends on the registers of one architecture, for a program that
 * is stopped by ptrace(2). One file for each architecture implements it.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/user.h>

/* The calls that the tracer has the target make. */
enum remote_call {
	CALL_MMAP,
	CALL_READ,
	CALL_CLOSE,
	CALL_PRCTL,
	CALL_SECCOMP,
	CALL_COUNT
};

/*
 * The target's own call, as it stood at its entry stop; or its registers
 * between two instructions, where it makes no call.
 * @instruction: in that case, the address of one that enters the kernel, else 0
 */
struct own_call {
	uint32_t arch;
	uint64_t instruction;
	struct user_regs_struct regs;
};

/* Whether a target that makes calls of this AUDIT_ARCH can be handled. */
bool arch_supported(uint32_t arch);

/* Size in bytes of a pointer in the structures of that architecture's calls. */
size_t arch_pointer_size(uint32_t arch);

/* The number of @call on @arch, which must be a supported one. */
uint64_t arch_call_number(uint32_t arch, enum remote_call call);

/* What a call that a filter kills for or traps seems to have returned. */
uint64_t arch_unmade_result(uint32_t arch, enum remote_call call,
			    const uint64_t args[6]);

/* The functions below return 0 or -errno. */

/* Notes where the target is stopped; @instruction as in struct own_call. */
int save_own_call(pid_t pid, uint32_t arch, uint64_t instruction,
		  struct own_call *own);

/*
 * Finds an instruction by which a program of that architecture enters the
 * kernel: its offset in @code, or -1. On an architecture where no call can
 * be made without one, none is looked for, since the target's own will do.
 */
ssize_t find_call_instruction(uint32_t arch, const void *code, size_t size);

/* At that stop: what the kernel runs is @call instead. */
int replace_own_call(pid_t pid, const struct own_call *own,
		     enum remote_call call, const uint64_t args[6]);

/*
 * At a later exit stop, or between two instructions: the instruction is run,
 * for @call.
 */
int prepare_remote_call(pid_t pid, const struct own_call *own,
			enum remote_call call, const uint64_t args[6]);

/* At a later exit stop: the target goes on where it was stopped. */
int restore_own_call(pid_t pid, const struct own_call *own);

/* At a later exit stop: its own call is not made, as if it had this result. */
int skip_own_call(pid_t pid, const struct own_call *own, int64_t result);

int get_instruction_pointer(pid_t pid, uint64_t *address);
int set_instruction_pointer(pid_t pid, uint64_t address);

/*
 * For a thread that was interrupted in a call which the kernel would continue
 * by restart_syscall: has it make the same call again, so that a filter need
 * not allow the other. Where this cannot be done, nothing is changed.
 */
int avoid_restart_syscall(pid_t pid);

/* Stops this thread with SIGTRAP before it runs the instruction at @address. */
int set_hardware_breakpoint(pid_t pid, uint64_t address);
int clear_hardware_breakpoint(pid_t pid);

/*
 * The instruction that does the same when it is written over another.
 * @advance: how far past its start the instruction pointer is at the stop
 */
extern const struct breakpoint_instruction {
	unsigned char bytes[4];
	size_t length;
	size_t advance;
} breakpoint_instruction;

#endif
