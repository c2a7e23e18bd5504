/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef BPF_ARGUMENTS_H
#define BPF_ARGUMENTS_H

/* What the current call is, and what it is made with. */

#include "paths.h"

static bool is_compat(struct task_struct *task)
{
#if defined(__TARGET_ARCH_x86)
	return task->thread_info.status & TS_COMPAT;
#else
	return task->thread_info.flags & TIF_32BIT_ARM64;
#endif
}

/* Whether a call of the member counts in @before (struct program_calls). */
static bool is_before(const struct member *member)
{
	return shared.orders.base < 0 ? member->call == CALL_UNKNOWN
				      : !shared.tally.entered;
}

static __u64 instruction_of(struct pt_regs *regs)
{
#if defined(__TARGET_ARCH_x86)
	return regs->ip;
#else
	return regs->pc;
#endif
}

/* The number of the current call, or of the last one if none is made. */
static int number_in(struct pt_regs *regs)
{
#if defined(__TARGET_ARCH_x86)
	return (int)regs->orig_ax;
#else
	return regs->syscallno;
#endif
}

/* By the other ABI, the kernel takes only the lower half of a register. */
static __u64 first_argument(struct pt_regs *regs, bool compat)
{
#if defined(__TARGET_ARCH_x86)
	return compat ? (__u32)regs->bx : regs->di;
#else
	return regs->orig_x0;
#endif
}

static __u64 second_argument(struct pt_regs *regs, bool compat)
{
#if defined(__TARGET_ARCH_x86)
	return compat ? (__u32)regs->cx : regs->si;
#else
	return regs->regs[1];
#endif
}

struct arguments {
	__u64 values[WATCHED_POSITIONS];
};

static __always_inline void read_arguments(struct pt_regs *regs, bool compat,
					   struct arguments *arguments)
{
	__u64 *values = arguments->values;

	values[0] = first_argument(regs, compat);
	values[1] = second_argument(regs, compat);
#if defined(__TARGET_ARCH_x86)
	values[2] = compat ? (__u32)regs->dx : regs->dx;
	values[3] = compat ? (__u32)regs->si : regs->r10;
	values[4] = compat ? (__u32)regs->di : regs->r8;
	values[5] = compat ? (__u32)regs->bp : regs->r9;
#else
	values[2] = regs->regs[2];
	values[3] = regs->regs[3];
	values[4] = regs->regs[4];
	values[5] = regs->regs[5];
#endif
	values[6] = values[7] = 0;
}

/*
 * Stores values of a call, unless they are known or there are too many. @place
 * has the bit VALUES_UNKNOWN if it is not known with which values the call was
 * made. Returns whether the values are stored.
 */
static __always_inline int store_values(__u32 program, __u64 place, __u64 first,
					__u64 second, __u64 third)
{
	struct values_key key = { .program = program,
				  .place = (__u32)place,
				  .values = { first, second, third } };
	bool known = !(place & VALUES_UNKNOWN);
	struct watched_call *watched;
	struct value_counts *counts;
	__u32 slot, one = 1;

	if (known && bpf_map_lookup_elem(&values, &key))
		return true;
	watched = bpf_map_lookup_elem(&watched_calls, &key.place);
	counts = bpf_map_lookup_elem(&value_counts, &program);
	if (!watched || !counts)
		return false;
	slot = watched->slot - 1;
	/* The kernel wants the check of the range that the compiler would omit. */
	barrier_var(slot);
	if (slot >= MAX_WATCHED || counts->counts[slot] > MAX_VALUES)
		return false;
	/* A number beyond the limit says that not all values are known. */
	if (!known || counts->counts[slot] == MAX_VALUES ||
	    (bpf_map_update_elem(&values, &key, &one, BPF_NOEXIST) &&
	     !bpf_map_lookup_elem(&values, &key)))
		counts->counts[slot] = MAX_VALUES + 1;
	else
		__sync_fetch_and_add(&counts->counts[slot], 1);
	return known && counts->counts[slot] <= MAX_VALUES;
}

static __u32 place_of(int number, bool compat)
{
	return (__u32)number + (compat ? NUMBERS : 0);
}

/*
 * Stores the flags of clone3 that lie at the address. @known: those that the
 * kernel has taken from there, or NOT_KNOWN. @how: CLONE3_*. Returns whether
 * they could be read; the last time, they are unknown then.
 */
__noinline int store_clone3(__u32 program, __u64 address, __u64 known,
			    __u32 how)
{
	__u32 place = place_of(CALL_CLONE3, how & CLONE3_COMPAT);
	struct watched_call *watched =
		bpf_map_lookup_elem(&watched_calls, &place);
	__u64 flags = known, count = 0, unknown = 0;

	if (!watched || !watched->slot)
		return true;
	if ((known == NOT_KNOWN &&
	     bpf_probe_read_user(&flags, sizeof(flags),
				 (void *)address + CLONE3_FLAGS)) ||
	    (how & CLONE3_LONG &&
	     bpf_probe_read_user(&count, sizeof(count),
				 (void *)address + CLONE3_SET_TID_SIZE))) {
		if (!(how & CLONE3_LAST))
			return false;
		unknown = VALUES_UNKNOWN;
	}
	/* posix_spawn of glibc makes clone if it cannot have this. */
	if ((flags & SPAWN) == SPAWN)
		flags &= ~SPAWN;
	store_values(program, place | unknown,
		     (flags & watched->masks[0]) |
			     (flags >> 32 || count ? CLONE3_ALONE : 0),
		     0, 0);
	return true;
}

/* Memory that could not be read at the entry of clone3: the kernel has read it. */
static __always_inline void read_again(struct member *member)
{
	store_clone3(member->program, member->unread, NOT_KNOWN,
		     member->unread_how | CLONE3_LAST);
	member->unread = 0;
}

static __always_inline __u32 how_clone3(struct pt_regs *regs, bool compat)
{
	bool whole = second_argument(regs, compat) >=
		     CLONE3_SET_TID_SIZE + sizeof(__u64);

	return (compat ? CLONE3_COMPAT : 0) | (whole ? CLONE3_LONG : 0);
}

/* @place: gets VALUES_UNKNOWN if the memory could not be read. */
static __always_inline __u64 value_of(const struct watched_call *watched, int i,
				      const __u64 *values, __u64 *place)
{
	__u32 argument = watched->arguments[i];
	__u64 value = values[argument & (WATCHED_POSITIONS - 1)];
	__u64 offset = sizeof(value) * (argument >> WATCHED_WORD);

	if (offset && bpf_probe_read_user(&value, sizeof(value),
					  (void *)(value + offset)))
		*place |= VALUES_UNKNOWN;
	value &= watched->masks[i];
	return argument & WATCHED_ANY ? !!value : value;
}

/* Stores what a watched call was made with, if it is new. Verified once, as number_of_path. */
__noinline int note_values(struct arguments *arguments, struct member *member,
			   __u32 place)
{
	struct watched_call *watched =
		bpf_map_lookup_elem(&watched_calls, &place);
	__u64 first, second, third, known = place;
	struct values_key *last;

	if (!watched || !arguments || !member)
		return 0;
	first = value_of(watched, 0, arguments->values, &known);
	second = value_of(watched, 1, arguments->values, &known);
	third = value_of(watched, 2, arguments->values, &known);
	last = &member->stored;
	if (last->program == member->program && last->place == known &&
	    last->values[0] == first && last->values[1] == second &&
	    last->values[2] == third)
		return 0;
	if (store_values(member->program, known, first, second, third))
		*last = (struct values_key){
			.program = member->program,
			.place = place,
			.values = { first, second, third },
		};
	return 0;
}

static __always_inline void note_arguments(struct pt_regs *regs,
					   struct member *member, int number,
					   bool compat)
{
	__u32 place = place_of(number, compat);
	struct watched_call *watched =
		bpf_map_lookup_elem(&watched_calls, &place);
	struct arguments arguments;

	if (!watched || !watched->count)
		return;
	read_arguments(regs, compat, &arguments);
	note_values(&arguments, member, place);
}

static __always_inline void
count_other(struct task_struct *task, const struct member *member,
	    struct other_key *key, __u64 instruction, bool once, __u32 copy)
{
	struct other_call *call = bpf_map_lookup_elem(&others, key);

	if (!call) {
		struct other_call new = {};

		take_down(task, instruction, copy, &new.first);
		bpf_map_update_elem(&others, key, &new, BPF_NOEXIST);
		call = bpf_map_lookup_elem(&others, key);
	}
	if (!call) {
		__sync_fetch_and_add(&shared.tally.lost_others, 1);
		return;
	}
	if (once && call->count)
		return;
	__sync_fetch_and_add(&call->count, 1);
	if (is_before(member))
		__sync_fetch_and_add(&call->before, 1);
}

static __always_inline void add(__u64 *mask, __u64 bits)
{
	if (bits & ~*mask)
		__sync_fetch_and_or(mask, bits);
}

/* The highest bit of its number only says how the ring is named. */
static __always_inline void note_registration(__u32 place, __u32 number)
{
	struct program_calls *program = bpf_map_lookup_elem(&programs, &place);

	number &= ~(1U << 31);
	if (number > LAST_REGISTERED)
		number = LAST_REGISTERED;
	if (program)
		add(&program->operations.registered, 1ULL << number);
}

#ifndef COPIES
__noinline int expect_own_check(__u32 place, __u32 sets, __u64 first,
				__u64 second);
#endif

#endif
