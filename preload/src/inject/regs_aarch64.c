// SPDX-License-Identifier: Apache-2.0
/*
 * Registers of aarch64. A call's number is in x8, which the kernel reads once.
 * At the entry stop the number is changed through a separate register set
 * (NT_ARM_SYSTEM_CALL). Writes to x7 at a call's stop are lost, because the
 * kernel uses x7 to tell entry from exit and restores it after the stop
 * (arch/arm64/kernel/ptrace.c, report_syscall). 32-bit programs are not
 * supported.
 */
#if defined(__aarch64__)

#include "inject/regs.h"

#include <asm/ptrace.h>
#include <elf.h>
#include <linux/audit.h>
#include <string.h>
#include <sys/uio.h>

#include "inject/ptrace.h"

#define CALL_INSTRUCTION_LENGTH 4

/* include/uapi/asm-generic/unistd.h */
static const unsigned short numbers[] = {
	[CALL_MMAP] = 222,  [CALL_READ] = 63,	  [CALL_CLOSE] = 57,
	[CALL_PRCTL] = 167, [CALL_SECCOMP] = 277,
};

_Static_assert(sizeof(numbers) / sizeof(numbers[0]) == CALL_COUNT, "numbers");

/* brk #0, d4200000, least byte first */
const struct breakpoint_instruction breakpoint_instruction = {
	.bytes = { 0x00, 0x00, 0x20, 0xd4 },
	.length = 4,
	.advance = 0,
};

bool arch_supported(uint32_t arch)
{
	return arch == AUDIT_ARCH_AARCH64;
}

bool machine_supported(unsigned int machine)
{
	return machine == EM_AARCH64;
}

size_t arch_pointer_size(uint32_t arch)
{
	return sizeof(uint64_t);
}

uint64_t arch_call_number(uint32_t arch, enum remote_call call)
{
	return numbers[call];
}

/* x0 still holds the first argument (arch/arm64, syscall_rollback). */
uint64_t arch_unmade_result(uint32_t arch, enum remote_call call,
			    const uint64_t args[6])
{
	return args[0];
}

static int get_registers(pid_t pid, struct user_regs_struct *regs)
{
	struct iovec part = { .iov_base = regs, .iov_len = sizeof(*regs) };

	return trace_request(PTRACE_GETREGSET, pid, NT_PRSTATUS,
			     (uintptr_t)&part);
}

static int set_registers(pid_t pid, struct user_regs_struct *regs)
{
	struct iovec part = { .iov_base = regs, .iov_len = sizeof(*regs) };

	return trace_request(PTRACE_SETREGSET, pid, NT_PRSTATUS,
			     (uintptr_t)&part);
}

static int set_call_number(pid_t pid, int number)
{
	struct iovec part = { .iov_base = &number, .iov_len = sizeof(number) };

	return trace_request(PTRACE_SETREGSET, pid, NT_ARM_SYSTEM_CALL,
			     (uintptr_t)&part);
}

int save_own_call(pid_t pid, uint32_t arch, uint64_t instruction,
		  struct own_call *own)
{
	own->arch = arch;
	own->instruction = instruction;
	return get_registers(pid, &own->regs);
}

/* Here every call has one: there is no vsyscall page as on x86_64. */
ssize_t find_call_instruction(uint32_t arch, const void *code, size_t size)
{
	return -1;
}

static void set_arguments(struct user_regs_struct *regs, const uint64_t args[6])
{
	for (size_t i = 0; i < 6; i++)
		regs->regs[i] = args[i];
}

int replace_own_call(pid_t pid, const struct own_call *own,
		     enum remote_call call, const uint64_t args[6])
{
	struct user_regs_struct regs = own->regs;
	int err;

	set_arguments(&regs, args);
	regs.regs[8] = numbers[call];
	err = set_registers(pid, &regs);
	return err ? err : set_call_number(pid, numbers[call]);
}

int prepare_remote_call(pid_t pid, const struct own_call *own,
			enum remote_call call, const uint64_t args[6])
{
	struct user_regs_struct regs = own->regs;
	int err;

	regs.pc -= CALL_INSTRUCTION_LENGTH;
	regs.regs[8] = numbers[call];
	set_arguments(&regs, args);
	err = set_registers(pid, &regs);
	/* -1 stands for no call, so the kernel does not restart one. */
	return err ? err : set_call_number(pid, -1);
}

int restore_own_call(pid_t pid, const struct own_call *own)
{
	struct user_regs_struct regs = own->regs;
	int err;

	regs.pc -= CALL_INSTRUCTION_LENGTH;
	err = set_registers(pid, &regs);
	return err ? err : set_call_number(pid, -1);
}

int skip_own_call(pid_t pid, const struct own_call *own, int64_t result)
{
	struct user_regs_struct regs = own->regs;
	int err;

	regs.regs[0] = (uint64_t)result;
	err = set_registers(pid, &regs);
	return err ? err : set_call_number(pid, -1);
}

int get_instruction_pointer(pid_t pid, uint64_t *address)
{
	struct user_regs_struct regs;
	int err = get_registers(pid, &regs);

	*address = err ? 0 : regs.pc;
	return err;
}

int set_instruction_pointer(pid_t pid, uint64_t address)
{
	struct user_regs_struct regs;
	int err = get_registers(pid, &regs);

	regs.pc = address;
	return err ? err : set_registers(pid, &regs);
}

/* Impossible: the kernel decides before the stop (signal.c, do_signal). */
int avoid_restart_syscall(pid_t pid)
{
	return 0;
}

static int write_breakpoint(pid_t pid, uint64_t address, uint32_t control)
{
	struct user_hwdebug_state state;
	struct iovec part = { .iov_base = &state };

	memset(&state, 0, sizeof(state));
	state.dbg_regs[0].addr = address;
	state.dbg_regs[0].ctrl = control;
	part.iov_len = offsetof(struct user_hwdebug_state, dbg_regs[1]);
	return trace_request(PTRACE_SETREGSET, pid, NT_ARM_HW_BREAK,
			     (uintptr_t)&part);
}

/* DBGBCR: enabled, for EL0, four bytes (Arm ARM, D17.3.2). */
int set_hardware_breakpoint(pid_t pid, uint64_t address)
{
	return write_breakpoint(pid, address, 0xf << 5 | 2 << 1 | 1);
}

int clear_hardware_breakpoint(pid_t pid)
{
	return write_breakpoint(pid, 0, 0);
}

#else
typedef int not_aarch64;
#endif
