// SPDX-License-Identifier: Apache-2.0
/*
 * Loops without a call: forever, or SPIN_FOR times if that is defined, and then
 * calls getpid and exits with 0. Built without a C library.
 */
#if defined(__x86_64__)
__asm__(".globl _start\n"
	"_start:\n"
#ifdef SPIN_FOR
	"	mov $" SPIN_FOR ", %rcx\n"
	"1:	dec %rcx\n"
	"	jnz 1b\n"
	"	mov $39, %eax\n"
	"	syscall\n"
	"	mov $231, %eax\n"
	"	xor %edi, %edi\n"
	"	syscall\n"
#endif
	"2:	jmp 2b\n");
#else
__asm__(".globl _start\n"
	"_start:\n"
#ifdef SPIN_FOR
	"	ldr x9, =" SPIN_FOR "\n"
	"1:	subs x9, x9, #1\n"
	"	b.ne 1b\n"
	"	mov x8, #172\n"
	"	svc #0\n"
	"	mov x8, #94\n"
	"	mov x0, #0\n"
	"	svc #0\n"
#endif
	"2:	b 2b\n");
#endif
