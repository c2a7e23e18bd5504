// SPDX-License-Identifier: Apache-2.0
/* Makes a process, and detects if a filter answers clone(2). */
#include "process/clone.h"

#include <errno.h>
#include <stddef.h>
#include <sys/syscall.h>

#if defined(__x86_64__)

static long clone_or_0(unsigned long flags, void *top, int (*run)(void *),
		       void *argument)
{
	register void *tid __asm__("r10") = NULL;
	register int (*function)(void *) __asm__("r8") = run;
	register void *parameter __asm__("r9") = argument;
	long result;

	/* clone ignores r8 and r9 without CLONE_SETTLS. */
	__asm__ volatile("syscall\n\t"
			 "testq %%rax, %%rax\n\t"
			 "jnz 1f\n\t"
			 "cmpq %%rsi, %%rsp\n\t"
			 "jne 1f\n\t"
			 "xorl %%ebp, %%ebp\n\t"
			 "movq %%r9, %%rdi\n\t"
			 "callq *%%r8\n\t"
			 "movl %%eax, %%edi\n\t"
			 "movl %[exit], %%eax\n\t"
			 "syscall\n\t"
			 "ud2\n\t"
			 "1:"
			 : "=a"(result)
			 : "0"((long)SYS_clone), "D"(flags), "S"(top),
			   "d"(NULL), "r"(tid), "r"(function),
			   "r"(parameter), [exit] "i"(SYS_exit_group)
			 : "rcx", "r11", "memory");
	return result;
}

#elif defined(__aarch64__)

static long clone_or_0(unsigned long flags, void *top, int (*run)(void *),
		       void *argument)
{
	register long result __asm__("x0") = (long)flags;
	register void *stack __asm__("x1") = top;
	register void *parent_tid __asm__("x2") = NULL;
	register void *tls __asm__("x3") = NULL;
	register void *child_tid __asm__("x4") = NULL;
	register void *parameter __asm__("x5") = argument;
	register int (*function)(void *) __asm__("x6") = run;
	register long number __asm__("x8") = SYS_clone;

	__asm__ volatile("svc #0\n\t"
			 "cbnz x0, 1f\n\t"
			 "mov x9, sp\n\t"
			 "cmp x9, x1\n\t"
			 "b.ne 1f\n\t"
			 "mov x29, xzr\n\t"
			 "mov x0, x5\n\t"
			 "blr x6\n\t"
			 "mov x8, %[exit]\n\t"
			 "svc #0\n\t"
			 "brk #1\n\t"
			 "1:"
			 : "+r"(result)
			 : "r"(stack), "r"(parent_tid), "r"(tls),
			   "r"(child_tid), "r"(parameter), "r"(function),
			   "r"(number), [exit] "i"(SYS_exit_group)
			 : "x9", "cc", "memory");
	return result;
}

#endif

long clone_process(unsigned long flags, int (*run)(void *), void *argument)
{
	static unsigned char stack[64 * 1024] __attribute__((aligned(16)));
	long result = clone_or_0(flags, stack + sizeof(stack), run, argument);

	return result ? result : -ECHILD;
}
