// SPDX-License-Identifier: Apache-2.0
/*
 * Registers of x86_64, and of i386 programs on it: PTRACE_GETREGS always uses
 * the tracer's layout. Each system call instruction is two bytes long (syscall
 * 0f 05, int 0x80 cd 80). After sysenter the kernel sets the instruction
 * pointer after an int 0x80 of the vDSO, so that the call can be restarted
 * (arch/x86/entry/vdso/vdso32/system_call.S).
 */
#if defined(__x86_64__)

#include "inject/regs.h"

#include <elf.h>
#include <linux/audit.h>
#include <string.h>

#include "inject/ptrace.h"

#define CALL_INSTRUCTION_LENGTH 2

/* See Intel SDM 3B, "Debug Registers". */
#define DEBUG_ADDRESS	   0
#define DEBUG_CONTROL	   7
#define DEBUG_L0_EXECUTION 1

/* include/linux/errno.h: how an interrupted call is to be continued */
#define ERESTARTNOINTR	      513
#define ERESTART_RESTARTBLOCK 516

/* arch/x86/entry/syscalls/syscall_64.tbl and syscall_32.tbl; mmap2 there. */
static const unsigned short numbers[][2] = {
	[CALL_MMAP] = { 9, 192 },      [CALL_READ] = { 0, 3 },
	[CALL_CLOSE] = { 3, 6 },       [CALL_PRCTL] = { 157, 172 },
	[CALL_SECCOMP] = { 317, 354 },
};

_Static_assert(sizeof(numbers) / sizeof(numbers[0]) == CALL_COUNT, "numbers");

const struct breakpoint_instruction breakpoint_instruction = {
	.bytes = { 0xcc },
	.length = 1,
	.advance = 1,
};

bool arch_supported(uint32_t arch)
{
	return arch == AUDIT_ARCH_X86_64 || arch == AUDIT_ARCH_I386;
}

bool machine_supported(unsigned int machine)
{
	return machine == EM_X86_64 || machine == EM_386;
}

size_t arch_pointer_size(uint32_t arch)
{
	return arch == AUDIT_ARCH_X86_64 ? sizeof(uint64_t) : sizeof(uint32_t);
}

uint64_t arch_call_number(uint32_t arch, enum remote_call call)
{
	return numbers[call][arch == AUDIT_ARCH_I386];
}

/* rax still holds the number (arch/x86, syscall_rollback). */
uint64_t arch_unmade_result(uint32_t arch, enum remote_call call,
			    const uint64_t args[6])
{
	return arch_call_number(arch, call);
}

int save_own_call(pid_t pid, uint32_t arch, uint64_t instruction,
		  struct own_call *own)
{
	own->arch = arch;
	own->instruction = instruction;
	return trace_request(PTRACE_GETREGS, pid, 0, (uintptr_t)&own->regs);
}

ssize_t find_call_instruction(uint32_t arch, const void *code, size_t size)
{
	static const unsigned char syscall_64[] = { 0x0f, 0x05 };
	static const unsigned char int_80[] = { 0xcd, 0x80 };
	const void *found = memmem(
		code, size, arch == AUDIT_ARCH_I386 ? int_80 : syscall_64,
		CALL_INSTRUCTION_LENGTH);

	return found ? (const char *)found - (const char *)code : -1;
}

static void set_arguments(struct user_regs_struct *regs, uint32_t arch,
			  const uint64_t args[6])
{
	if (arch == AUDIT_ARCH_X86_64) {
		regs->rdi = args[0];
		regs->rsi = args[1];
		regs->rdx = args[2];
		regs->r10 = args[3];
		regs->r8 = args[4];
		regs->r9 = args[5];
	} else {
		regs->rbx = (uint32_t)args[0];
		regs->rcx = (uint32_t)args[1];
		regs->rdx = (uint32_t)args[2];
		regs->rsi = (uint32_t)args[3];
		regs->rdi = (uint32_t)args[4];
		regs->rbp = (uint32_t)args[5];
	}
}

int replace_own_call(pid_t pid, const struct own_call *own,
		     enum remote_call call, const uint64_t args[6])
{
	struct user_regs_struct regs = own->regs;

	regs.orig_rax = arch_call_number(own->arch, call);
	set_arguments(&regs, own->arch, args);
	return trace_request(PTRACE_SETREGS, pid, 0, (uintptr_t)&regs);
}

int prepare_remote_call(pid_t pid, const struct own_call *own,
			enum remote_call call, const uint64_t args[6])
{
	struct user_regs_struct regs = own->regs;

	regs.rip = own->instruction ? own->instruction
				    : regs.rip - CALL_INSTRUCTION_LENGTH;
	regs.rax = arch_call_number(own->arch, call);
	/* -1 stands for no call, so the kernel does not restart one. */
	regs.orig_rax = (unsigned long)-1;
	set_arguments(&regs, own->arch, args);
	return trace_request(PTRACE_SETREGS, pid, 0, (uintptr_t)&regs);
}

int restore_own_call(pid_t pid, const struct own_call *own)
{
	struct user_regs_struct regs = own->regs;

	if (!own->instruction) {
		regs.rip -= CALL_INSTRUCTION_LENGTH;
		regs.rax = own->regs.orig_rax;
	}
	regs.orig_rax = (unsigned long)-1;
	return trace_request(PTRACE_SETREGS, pid, 0, (uintptr_t)&regs);
}

int skip_own_call(pid_t pid, const struct own_call *own, int64_t result)
{
	struct user_regs_struct regs = own->regs;

	regs.rax = (unsigned long)result;
	regs.orig_rax = (unsigned long)-1;
	return trace_request(PTRACE_SETREGS, pid, 0, (uintptr_t)&regs);
}

int get_instruction_pointer(pid_t pid, uint64_t *address)
{
	struct user_regs_struct regs;
	int err = trace_request(PTRACE_GETREGS, pid, 0, (uintptr_t)&regs);

	*address = err ? 0 : regs.rip;
	return err;
}

int set_instruction_pointer(pid_t pid, uint64_t address)
{
	return trace_request(PTRACE_POKEUSR, pid,
			     offsetof(struct user, regs.rip), address);
}

int avoid_restart_syscall(pid_t pid)
{
	struct user_regs_struct regs;
	int err = trace_request(PTRACE_GETREGS, pid, 0, (uintptr_t)&regs);

	if (err || (long)regs.orig_rax < 0 ||
	    (int)regs.rax != -ERESTART_RESTARTBLOCK)
		return err;
	regs.rax = (unsigned long)-ERESTARTNOINTR;
	return trace_request(PTRACE_SETREGS, pid, 0, (uintptr_t)&regs);
}

static int set_debug_register(pid_t pid, size_t number, uint64_t value)
{
	return trace_request(PTRACE_POKEUSR, pid,
			     offsetof(struct user, u_debugreg) +
				     number * sizeof(value),
			     value);
}

int set_hardware_breakpoint(pid_t pid, uint64_t address)
{
	int err = set_debug_register(pid, DEBUG_CONTROL, 0);

	if (!err)
		err = set_debug_register(pid, DEBUG_ADDRESS, address);
	/* L0 alone enables breakpoint 0, on execution, of one byte. */
	if (!err)
		err = set_debug_register(pid, DEBUG_CONTROL,
					 DEBUG_L0_EXECUTION);
	return err;
}

int clear_hardware_breakpoint(pid_t pid)
{
	int err = set_debug_register(pid, DEBUG_CONTROL, 0);

	return err ? err : set_debug_register(pid, DEBUG_ADDRESS, 0);
}

#else
typedef int not_x86_64;
#endif
