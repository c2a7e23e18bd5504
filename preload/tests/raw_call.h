/* SPDX-License-Identifier: Apache-2.0 */
/* System calls of test programs without a C library. */
#pragma once

#if defined(__x86_64__)

static inline long raw_call(long number, long a, long b, long c)
{
	register long r10 __asm__("r10") = 0;
	register long r8 __asm__("r8") = 0;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "0"(number), "D"(a), "S"(b), "d"(c), "r"(r10),
			   "r"(r8)
			 : "rcx", "r11", "memory");
	return result;
}

#define END_BY_SIGILL() __asm__ volatile("ud2")
#define END_BY_OTHER()	__asm__ volatile("int3")
#define OTHER_SIGNAL	SIGTRAP

/* The entry point, for a function that takes the initial stack. */
#define START(function)                                \
	__asm__(".globl _start\n_start:\n"             \
		"\tmov %rsp, %rdi\n\tand $-16, %rsp\n" \
		"\tcall " #function "\n")

#elif defined(__aarch64__)

static inline long raw_call(long number, long a, long b, long c)
{
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = 0;
	register long x4 __asm__("x4") = 0;

	__asm__ volatile("svc 0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4)
			 : "memory");
	return x0;
}

#define END_BY_SIGILL() __asm__ volatile("udf 0")
/* Not SIGTRAP, by which abort(3) and _exit(2) end if they can make no call. */
#define END_BY_OTHER()	__asm__ volatile("br %0" : : "r"(1L)) /* misaligned */
#define OTHER_SIGNAL	SIGBUS

#define START(function)                    \
	__asm__(".globl _start\n_start:\n" \
		"\tmov x0, sp\n\tb " #function "\n")

#endif
