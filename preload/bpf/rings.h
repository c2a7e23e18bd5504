/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef BPF_RINGS_H
#define BPF_RINGS_H

/* The operations of io_uring. */

#include "members.h"

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
