/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef BPF_CAPABILITIES_H
#define BPF_CAPABILITIES_H

/* The capabilities that a member is asked for, and its operations of io_uring. */

#include "members.h"

/* One mask of struct cred; it was an array of two halves before Linux 6.3. */
static __always_inline __u64 mask_of(const kernel_cap_t *address)
{
	__u64 mask = 0;

	bpf_probe_read_kernel(&mask, sizeof(mask), address);
	return mask;
}

static __always_inline bool is_our_namespace(const struct cred *cred)
{
	return BPF_CORE_READ(cred, user_ns, ns.inum) == fixed.user_namespace;
}

enum decider {
	ALWAYS_REFUSED,
	EFFECTIVE_SET,
	OWNER,
};

/*
 * Who decides whether a process has a capability in a namespace: its effective set,
 * or the rule that who owns a namespace may do anything in it (cap_capable_helper
 * in security/commoncap.c). Integers, as for number_of_path. In a loop of ours, the
 * kernel would verify each length of the way.
 */
__noinline int decider_of(__u64 credentials, __u64 target)
{
	const struct cred *cred = (void *)credentials;
	__u32 user = BPF_CORE_READ(cred, euid.val);
	struct ascent ascent = { .above = (void *)target,
				 .own = BPF_CORE_READ(cred, user_ns),
				 .owner = ~user };

	bpf_loop(MAX_NAMESPACES, go_up, &ascent, 0);
	if (ascent.above != ascent.own)
		return ALWAYS_REFUSED;
	return ascent.owner == user ? OWNER : EFFECTIVE_SET;
}

/* mmap, mprotect, munmap, brk, mremap, and whatever touches memory. */
static __always_inline bool only_takes_memory(int number, bool compat)
{
#if defined(__TARGET_ARCH_x86)
	return number < 0 ||
	       (!compat && ((number >= 9 && number <= 12) || number == 25));
#else
	return number < 0 || (!compat && ((number >= 214 && number <= 216) ||
					  number == 222 || number == 226));
#endif
}

/*
 * What these calls ask without an audit record decides whether they fail:
 * without no_new_privs, a filter needs CAP_SYS_ADMIN.
 */
static __always_inline bool fails_if_refused(int number, bool compat)
{
	return number == (compat ? COMPAT_PRCTL : NATIVE_PRCTL) ||
	       number == (compat ? COMPAT_SECCOMP : NATIVE_SECCOMP) ||
	       number == (compat ? COMPAT_BPF : NATIVE_BPF) ||
	       number == IO_URING_REGISTER;
}

/*
 * The functions that ask for a capability without an audit record (CAP_OPT_NOAUDIT):
 * kernel/capability.c and security/security.c. The last one asks whoever takes
 * memory whether more may be taken than there is.
 */
#define QUIET_SITES  4
#define QUIET_MEMORY 3
static const char quiet_sites[QUIET_SITES][32] = {
	"ns_capable_noaudit",
	"has_capability_noaudit",
	"has_ns_capability_noaudit",
	"security_vm_enough_memory_mm",
};
static const char name_format[] = "%ps";

/*
 * Which of them the address lies in, or none. The kernel names a function in a
 * microsecond; /proc/kallsyms takes 40 milliseconds. Verified once, as number_of_path.
 */
__noinline int site_of(__u64 address)
{
	char name[sizeof(quiet_sites[0])] = {};
	int i;

	bpf_snprintf(name, sizeof(name), name_format, &address,
		     sizeof(address));
	for (i = 0; i < QUIET_SITES; i++)
		if (bpf_strncmp(name, sizeof(name), quiet_sites[i]) == 0)
			return i;
	return QUIET_SITES;
}

/* Which of them has asked, or none. */
static __always_inline int quiet_site(void *context)
{
	__u64 callers[MAX_CALLERS] = {};
	int site = QUIET_SITES;
	__u32 i;

	bpf_get_stack(context, callers, sizeof(callers), 0);
	for (i = 0; i < MAX_CALLERS && callers[i] && site == QUIET_SITES; i++)
		site = site_of(callers[i]);
	return site;
}

static __always_inline void refuse(struct capabilities *masks,
				   const struct cred *cred, __u64 bits)
{
	__u64 bounding = mask_of(&cred->cap_bset);

	add(&masks->refused, bits & bounding);
	add(&masks->lacking, bits & ~bounding);
}

/* The masks of capset(2): effective, permitted, inheritable, each in two halves. */
static __always_inline bool read_capset(__u64 head, __u64 data, __u64 *masks)
{
	__u32 halves[6] = {}, version = 0;

	if (bpf_probe_read_user(&version, sizeof(version), (void *)head) ||
	    bpf_probe_read_user(halves, version == CAPSET_FIRST ? 12 : 24,
				(void *)data))
		return false;
	masks[0] = halves[0] | (__u64)halves[3] << 32;
	masks[1] = halves[1] | (__u64)halves[4] << 32;
	masks[2] = halves[2] | (__u64)halves[5] << 32;
	return true;
}

/*
 * capset is no check of a capability, but fails if it names one that the process
 * lacks. It always asks for CAP_SETPCAP, after it has read its masks. Who leaves
 * the permitted set as it is, has it from the kernel. Returns whether CAP_SETPCAP
 * decides (cap_capset).
 */
static __always_inline bool take_capset(struct capabilities *masks,
					const struct cred *cred, __u64 head,
					__u64 data)
{
	__u64 permitted = mask_of(&cred->cap_permitted);
	__u64 inheritable = mask_of(&cred->cap_inheritable);
	__u64 wanted[3], bits;

	if (!read_capset(head, data, wanted)) {
		add(&masks->capset, permitted);
		return true;
	}
	bits = wanted[0] & ~mask_of(&cred->cap_effective);
	bits |= wanted[2] & ~inheritable;
	if (wanted[1] != permitted)
		bits |= wanted[1];
	add(&masks->capset, bits & permitted);
	refuse(masks, cred, bits & ~permitted);
	return wanted[2] & ~(inheritable | permitted);
}

/*
 * The program of the running task, or NO_PROGRAM if nothing that it does counts.
 * Membership is by process: io_uring has threads that never were members. Verified
 * once, as number_of_path.
 */
__noinline __u32 program_of_asker(void)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct member *member = membership(task);

	if (!member)
		member = membership(task->group_leader);
	return member && is_recorded(task, member) &&
			       member->called != IS_CANARY &&
			       !shared.orders.closed
		       ? member->program
		       : NO_PROGRAM;
}

/* What the file system's owner may, while the kernel acts for it (overlayfs). */
static __always_inline bool is_borrowed(struct task_struct *task,
					const struct cred *cred)
{
	return cred == BPF_CORE_READ(task, cred) &&
	       cred != BPF_CORE_READ(task, real_cred) &&
	       !(task->flags & PF_IO_WORKER);
}

/* Where its bits are set; NULL is counted as a loss. */
static __always_inline struct program_calls *calls_of(__u32 place)
{
	struct program_calls *program = bpf_map_lookup_elem(&programs, &place);

	if (!program)
		__sync_fetch_and_add(&shared.tally.lost_calls, 1);
	return program;
}

/*
 * A bit is set, whichever copy does it: nothing can be counted twice. Nearly nine of
 * ten checks are about memory, so these end first.
 */
static __always_inline int check(void *context, const struct cred *cred,
				 struct user_namespace *target, int capability,
				 bool refused)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(task);
	bool compat = is_compat(task), borrowed;
	int number = number_in(regs);
	struct program_calls *program;
	struct capabilities *masks;
	__u64 bit = 1ULL << (capability & 63);
	int site = QUIET_SITES;
	__u64 known;
	__u32 place;

	if (capability == CAP_SYS_ADMIN && only_takes_memory(number, compat))
		return 0;
	place = program_of_asker();
	program = place == NO_PROGRAM ? NULL : calls_of(place);
	if (!program)
		return 0;
	masks = &program->capabilities;
	if (!masks->bounding)
		masks->bounding = mask_of(&cred->cap_bset);
	borrowed = is_borrowed(task, cred);
	known = refused	   ? masks->refused | masks->lacking
		: borrowed ? masks->borrowed
			   : masks->granted;
	if (known & bit && capability != CAP_SETPCAP)
		return 0;
	if (!is_our_namespace(cred) ||
	    decider_of((__u64)cred, (__u64)target) == OWNER) {
		if (!refused)
			add(&masks->inside, bit);
		return 0;
	}
	if (number == (compat ? COMPAT_CAPSET : NATIVE_CAPSET) &&
	    !take_capset(masks, cred, first_argument(regs, compat),
			 second_argument(regs, compat)))
		return 0;
	if (!fails_if_refused(number, compat))
		site = quiet_site(context);
	if (site < QUIET_SITES) {
		if (!refused && site != QUIET_MEMORY)
			add(&masks->quiet, bit);
		return 0;
	}
	if (refused)
		refuse(masks, cred, bit);
	else
		add(borrowed ? &masks->borrowed : &masks->granted, bit);
	return 0;
}

static __always_inline void add_operation(__u64 *words, __u32 number)
{
	add(&words[number >> 6 & (OPERATION_WORDS - 1)], 1ULL << (number & 63));
}

/*
 * A socket that a ring makes counts among those that the call makes: a list then
 * allows them, and by the same conditions the ring is held to them. What the
 * operation asks for lies at the beginning of the request (io_kiocb_to_cmd).
 */
static __always_inline void note_socket(struct io_kiocb *request, __u32 program)
{
	struct io_socket *asked = (struct io_socket *)request;
	__u32 place = NATIVE_SOCKET;
	struct watched_call *watched =
		bpf_map_lookup_elem(&watched_calls, &place);

	if (!watched || !bpf_core_field_exists(asked->domain))
		return;
	store_values(program, place,
		     (__u32)BPF_CORE_READ(asked, domain) & watched->masks[0],
		     (__u32)BPF_CORE_READ(asked, type) & watched->masks[1],
		     (__u32)BPF_CORE_READ(asked, protocol) & watched->masks[2]);
}

/*
 * An operation that the running task, or a thread of the kernel for its process,
 * submits. No call tells of it. As for check(), a bit is set.
 */
static __always_inline int submit(struct io_kiocb *request, __u32 number,
				  bool accepted)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u32 place = program_of_asker();
	struct program_calls *program;

	/* A kernel without it has no such tracepoint. */
	if (place == NO_PROGRAM ||
	    !bpf_core_field_exists(request->ctx->mm_account))
		return 0;
	program = calls_of(place);
	if (!program)
		return 0;
	add_operation(program->operations.submitted, number);
	if (accepted && number == OPERATION_SOCKET)
		note_socket(request, place);
	if (task->flags & PF_IO_WORKER)
		add_operation(program->operations.polled, number);
	else if (BPF_CORE_READ(request, ctx, mm_account) !=
		 BPF_CORE_READ(task, mm))
		add_operation(program->operations.shared, number);
	return 0;
}

static __always_inline int submit_accepted(struct io_kiocb *request)
{
	if (!bpf_core_field_exists(request->opcode))
		return 0;
	return submit(request, BPF_CORE_READ(request, opcode), true);
}

/* What the kernel refuses at once has no number that it knows, or wrong fields. */
static __always_inline int submit_refused(const void *entry,
					  struct io_kiocb *request)
{
	__u8 number = 0; /* the first field of struct io_uring_sqe */

	bpf_probe_read_kernel(&number, sizeof(number), entry);
	return submit(request, number, false);
}

#endif
