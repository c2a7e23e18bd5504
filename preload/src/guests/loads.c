// SPDX-License-Identifier: Apache-2.0
/* Java's FilterLoads decides the same while a program is recorded. */
#include "guests/loads.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/uio.h>

/* __X32_SYSCALL_BIT of asm/unistd.h, which only x86 has. */
#define X32_BIT	      0x40000000
#define POINTER_OF_64 8
#define POINTER_OF_32 4

/* The kernel looks only at the lower half of these arguments. */
static uint32_t word(const struct seccomp_notif *asked, int argument)
{
	return (uint32_t)asked->data.args[argument];
}

struct numbers {
	uint32_t arch;
	int seccomp;
	int prctl;
};

static const struct numbers *numbers_of(uint32_t arch)
{
	static const struct numbers all[] = {
		{ AUDIT_ARCH_X86_64, 317, 157 },
		{ AUDIT_ARCH_I386, 354, 172 },
		{ AUDIT_ARCH_AARCH64, 277, 167 },
		{ AUDIT_ARCH_ARM, 383, 172 },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (all[i].arch == arch)
			return &all[i];
	return NULL;
}

static bool is_x32(const struct seccomp_notif *asked)
{
	return asked->data.arch == AUDIT_ARCH_X86_64 &&
	       (asked->data.nr & X32_BIT);
}

static int number_of(const struct seccomp_notif *asked)
{
	return is_x32(asked) ? asked->data.nr & ~X32_BIT : asked->data.nr;
}

bool may_load_filter(const struct seccomp_notif *asked)
{
	const struct numbers *numbers = numbers_of(asked->data.arch);

	return numbers && (number_of(asked) == numbers->seccomp ||
			   (number_of(asked) == numbers->prctl &&
			    word(asked, 0) == PR_SET_SECCOMP));
}

static bool read_memory(const struct seccomp_notif *asked, uint64_t from,
			void *to, size_t size)
{
	struct iovec here = { .iov_base = to, .iov_len = size };
	struct iovec there = { .iov_base = (void *)(uintptr_t)from,
			       .iov_len = size };

	return process_vm_readv((pid_t)asked->pid, &here, 1, &there, 1, 0) ==
	       (ssize_t)size;
}

/* Whether a filter may hand calls to a tracer. */
static bool may_hand_over(const struct sock_filter *code, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (BPF_CLASS(code[i].code) == BPF_RET &&
		    (BPF_RVAL(code[i].code) != BPF_K ||
		     (code[i].k & SECCOMP_RET_ACTION_FULL) ==
			     SECCOMP_RET_TRACE))
			return true;
	return false;
}

/* Both calls take the address of a struct sock_fprog as the third argument. */
static bool is_filter_in_vain(const struct seccomp_notif *asked,
			      bool with_listener)
{
	size_t pointer = asked->data.arch & __AUDIT_ARCH_64BIT && !is_x32(asked)
				 ? POINTER_OF_64
				 : POINTER_OF_32;
	static struct sock_filter code[BPF_MAXINSNS];
	unsigned char program[2 * POINTER_OF_64];
	uint64_t address = asked->data.args[2], at = 0;
	uint16_t count;

	/* Programs pass a null address to find out what the kernel can do. */
	if (!read_memory(asked, address, program, 2 * pointer))
		return address != 0;
	if (with_listener)
		return true;
	memcpy(&count, program, sizeof(count));
	/* Both machines have the lower bytes first. */
	memcpy(&at, program + pointer, pointer);
	return count > BPF_MAXINSNS ||
	       !read_memory(asked, at, code, count * sizeof(*code)) ||
	       may_hand_over(code, count);
}

bool is_load_in_vain(const struct seccomp_notif *asked)
{
	const struct numbers *numbers = numbers_of(asked->data.arch);

	if (numbers && number_of(asked) == numbers->prctl)
		return word(asked, 1) == SECCOMP_MODE_STRICT ||
		       (word(asked, 1) == SECCOMP_MODE_FILTER &&
			is_filter_in_vain(asked, false));
	/* Programs find out by wrong arguments whether the kernel has the call. */
	if (word(asked, 0) == SECCOMP_SET_MODE_STRICT)
		return word(asked, 1) == 0 && asked->data.args[2] == 0;
	return word(asked, 0) == SECCOMP_SET_MODE_FILTER &&
	       is_filter_in_vain(asked,
				 word(asked, 1) &
					 SECCOMP_FILTER_FLAG_NEW_LISTENER);
}
