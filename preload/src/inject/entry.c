// SPDX-License-Identifier: Apache-2.0
/*
 * Stops the target at its entry point. A debug register does that without a
 * change to the program's code. But some virtual machines accept a debug
 * register and never stop, and the program would then run on unfiltered. So the
 * register is first tried at the dynamic linker's first instruction, which the
 * target certainly runs, before any call. If the target does not stop there, a
 * breakpoint instruction is written over the entry point.
 */
#include "inject/entry.h"

#include <elf.h>
#include <signal.h>
#include <string.h>

#include "inject/regs.h"
#include "inject/stops.h"
#include "process/canary.h"
#include "process/proc.h"

struct breakpoint {
	bool hardware;
	uint64_t address;
	uint64_t word_address;
	unsigned long word;
};

/* Finds the program's entry point, and the first instruction that will run. */
static int find_entry(struct tracee *tracee, uint64_t *entry, uint64_t *first)
{
	struct ptrace_syscall_info info;
	int err = query_call(tracee, &info);

	if (err)
		return err;
	if (!arch_supported(info.arch))
		return -ENOTSUP;
	*first = info.instruction_pointer;
	err = read_auxiliary(tracee->proc, AT_ENTRY,
			     arch_pointer_size(info.arch), entry);
	if (err == -EACCES || err == -EPERM)
		return fail_tracee(tracee, -ECANCELED,
				   "its file cannot be read, so its entry "
				   "point is not known (--from exec needs "
				   "none)");
	return err;
}

/* Returns 1 if the debug register stops the target, 0 if it does not. */
static int try_hardware(struct tracee *tracee, uint64_t first)
{
	struct stop stop;
	uint64_t at;
	int err;

	if (set_hardware_breakpoint(tracee->thread, first))
		return 0;
	for (;;) {
		err = run_to_stop(tracee, PTRACE_SYSCALL, 0, &stop);
		if (err)
			return err;
		if (stop.kind == STOP_CALL_EXIT)
			continue;
		err = get_instruction_pointer(tracee->thread, &at);
		if (err)
			return err;
		if (stop.kind == STOP_TRAP && at == first)
			return 1;
		if (stop.kind != STOP_CALL_ENTRY)
			return -EPROTO;
		return clear_hardware_breakpoint(tracee->thread);
	}
}

static int write_instruction(struct tracee *tracee, struct breakpoint *point)
{
	const struct breakpoint_instruction *own = &breakpoint_instruction;
	size_t offset;
	unsigned long word;
	int err;

	/* An aligned word lies within one page. */
	offset = point->address % sizeof(word);
	point->word_address = point->address - offset;
	if (offset + own->length > sizeof(word))
		return -EFAULT;
	err = trace_request(PTRACE_PEEKTEXT, tracee->thread,
			    point->word_address, (uintptr_t)&point->word);
	if (err)
		return err;
	word = point->word;
	memcpy((unsigned char *)&word + offset, own->bytes, own->length);
	return trace_request(PTRACE_POKETEXT, tracee->thread,
			     point->word_address, word);
}

static int set_breakpoint(struct tracee *tracee, struct breakpoint *point)
{
	if (point->hardware)
		return set_hardware_breakpoint(tracee->thread, point->address);
	return write_instruction(tracee, point);
}

static int clear_breakpoint(struct tracee *tracee, struct breakpoint *point)
{
	int err;

	if (point->hardware)
		return clear_hardware_breakpoint(tracee->thread);
	err = trace_request(PTRACE_POKETEXT, tracee->thread,
			    point->word_address, point->word);
	return err ? err
		   : set_instruction_pointer(tracee->thread, point->address);
}

static uint64_t stop_address(const struct breakpoint *point)
{
	return point->hardware
		       ? point->address
		       : point->address + breakpoint_instruction.advance;
}

/* Returns 1 at the breakpoint, 0 if another program has been executed. */
static int run_to_breakpoint(struct tracee *tracee, struct breakpoint *point)
{
	int signal = 0, err;
	struct stop stop;
	uint64_t at;

	for (;;) {
		err = run_to_stop(tracee, PTRACE_CONT, signal, &stop);
		if (err)
			return err;
		if (stop.kind == STOP_EXEC)
			return 0;
		signal = 0;
		if (stop.kind != STOP_TRAP)
			continue;
		err = get_instruction_pointer(tracee->thread, &at);
		if (err)
			return err;
		if (at == stop_address(point)) {
			err = clear_breakpoint(tracee, point);
			return err ? err : 1;
		}
		/* This is the program's own breakpoint. */
		signal = SIGTRAP;
	}
}

int run_to_entry(struct tracee *tracee)
{
	struct breakpoint point;
	uint64_t first = 0;
	int result;

	tracee->expects_trap = true;
	do {
		result = find_entry(tracee, &point.address, &first);
		if (result)
			return result;
		if (point.address == first) {
			result = 1;
			break;
		}
		result = try_hardware(tracee, first);
		if (result < 0)
			return result;
		point.hardware = result;
		result = set_breakpoint(tracee, &point);
		if (!result)
			result = run_to_breakpoint(tracee, &point);
	} while (result == 0);
	tracee->expects_trap = false;
	return result < 0 ? result : 0;
}

/* A breakpoint instruction: it is too late to try a debug register. */
static int run_to_written_breakpoint(struct tracee *tracee, uint64_t entry)
{
	struct breakpoint point = { .address = entry };
	int result = write_instruction(tracee, &point);

	if (result)
		return result;
	tracee->expects_trap = true;
	result = run_to_breakpoint(tracee, &point);
	tracee->expects_trap = false;
	return result;
}

int mark_entry(struct tracee *tracee)
{
	struct ptrace_syscall_info info;
	uint64_t entry = 0, linker = 0;
	unsigned int size;
	int result = query_call(tracee, &info);

	if (result)
		return result == -ESRCH ? result : 0;
	size = arch_pointer_size(info.arch);
	if (read_auxiliary(tracee->proc, AT_ENTRY, size, &entry))
		return 0;
	/* Without a dynamic linker the target started at the entry point. */
	if (read_auxiliary(tracee->proc, AT_BASE, size, &linker) || linker) {
		result = run_to_written_breakpoint(tracee, entry);
		if (result != 1)
			return result == -ESRCH ? result : 0;
	}
	make_canary(tracee->start->entry_mark);
	return 0;
}
