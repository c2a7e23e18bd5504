// SPDX-License-Identifier: Apache-2.0
/*
 * Checks that its first call changes neither registers nor the memory below the
 * stack pointer. It is built without a C library, as x86_64 (syscall), x86_64
 * with FIRST_BY_INT80, i386 (int 0x80), and aarch64. Exits with 0, or with the
 * number of the first change.
 */
#if defined(__x86_64__)
/* getpid is 39, and 20 for int 0x80; exit_group is 231. */
__asm__(".globl _start\n"
	"_start:\n"
	"	mov $1000, %rcx\n"
	"	mov %rsp, %rbx\n"
	"1:	sub $8, %rbx\n"
	"	mov %rcx, (%rbx)\n"
	"	loop 1b\n"
	"	mov $0x1111111111111111, %rbx\n"
	"	mov $0x2222222222222222, %rdx\n"
	"	mov $0x3333333333333333, %rsi\n"
	"	mov $0x4444444444444444, %rdi\n"
	"	mov $0x5555555555555555, %rbp\n"
	"	mov $0x6666666666666666, %r8\n"
	"	mov $0x7777777777777777, %r9\n"
	"	mov $0x8888888888888888, %r10\n"
	"	mov $0x9999999999999999, %r12\n"
	"	mov $0xaaaaaaaaaaaaaaaa, %r13\n"
	"	mov $0xbbbbbbbbbbbbbbbb, %r14\n"
	"	mov %rsp, %r15\n"
#ifdef FIRST_BY_INT80
	"	mov $20, %eax\n"
	"	int $0x80\n"
#else
	"	mov $39, %eax\n"
	"	syscall\n"
#endif
	"	cmp $0, %rax\n	jle 20f\n"
	"	mov $0x1111111111111111, %rax\n cmp %rax, %rbx\n jne 1f\n"
	"	mov $0x2222222222222222, %rax\n cmp %rax, %rdx\n jne 2f\n"
	"	mov $0x3333333333333333, %rax\n cmp %rax, %rsi\n jne 3f\n"
	"	mov $0x4444444444444444, %rax\n cmp %rax, %rdi\n jne 4f\n"
	"	mov $0x5555555555555555, %rax\n cmp %rax, %rbp\n jne 5f\n"
	"	mov $0x6666666666666666, %rax\n cmp %rax, %r8\n jne 6f\n"
	"	mov $0x7777777777777777, %rax\n cmp %rax, %r9\n jne 7f\n"
	"	mov $0x8888888888888888, %rax\n cmp %rax, %r10\n jne 8f\n"
	"	mov $0x9999999999999999, %rax\n cmp %rax, %r12\n jne 9f\n"
	"	mov $0xaaaaaaaaaaaaaaaa, %rax\n cmp %rax, %r13\n jne 10f\n"
	"	mov $0xbbbbbbbbbbbbbbbb, %rax\n cmp %rax, %r14\n jne 11f\n"
	"	cmp %rsp, %r15\n jne 12f\n"
	"	mov $1000, %rcx\n"
	"	mov %rsp, %rbx\n"
	"21:	sub $8, %rbx\n"
	"	cmp %rcx, (%rbx)\n	jne 13f\n"
	"	loop 21b\n"
	"	mov $0, %edi\n	jmp 30f\n"
	"1:	mov $1, %edi\n	jmp 30f\n"
	"2:	mov $2, %edi\n	jmp 30f\n"
	"3:	mov $3, %edi\n	jmp 30f\n"
	"4:	mov $4, %edi\n	jmp 30f\n"
	"5:	mov $5, %edi\n	jmp 30f\n"
	"6:	mov $6, %edi\n	jmp 30f\n"
	"7:	mov $7, %edi\n	jmp 30f\n"
	"8:	mov $8, %edi\n	jmp 30f\n"
	"9:	mov $9, %edi\n	jmp 30f\n"
	"10:	mov $10, %edi\n	jmp 30f\n"
	"11:	mov $11, %edi\n	jmp 30f\n"
	"12:	mov $12, %edi\n	jmp 30f\n"
	"13:	mov $13, %edi\n	jmp 30f\n"
	"20:	mov $20, %edi\n"
	"30:	mov $231, %eax\n"
	"	syscall\n");
// clang-format off: it takes the lists in macros apart
#elif defined(__aarch64__)
/* getpid is 172, exit_group is 94. What is in register N begins as 4096 + N. */
#define OTHERS(DO)                                                             \
	DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7) DO(9) DO(10) DO(11) DO(12)   \
	DO(13) DO(14) DO(15) DO(16) DO(17) DO(18) DO(19) DO(20) DO(21) DO(22)  \
	DO(23) DO(24) DO(25) DO(26) DO(27) DO(29) DO(30)
#define FILL(n) "	mov x" #n ", #(4096 + " #n ")\n"
#define CHECK(n)                               \
	"	mov x0, #(4096 + " #n ")\n" \
	"	cmp x" #n ", x0\n"          \
	"	b.ne 9f\n"

__asm__(".globl _start\n"
	"_start:\n"
	"	mov x9, #1000\n"
	"	mov x10, sp\n"
	"1:	str x9, [x10, #-8]!\n"
	"	subs x9, x9, #1\n"
	"	b.ne 1b\n"
	"	mov x28, sp\n"
	OTHERS(FILL)
	"	mov x8, #172\n"
	"	svc #0\n"
	"	cmp x0, #0\n"
	"	mov x0, #(4096 + 40)\n"
	"	b.le 9f\n"
	"	mov x0, #(4096 + 8)\n"
	"	cmp x8, #172\n"
	"	b.ne 9f\n"
	OTHERS(CHECK)
	"	mov x0, #(4096 + 31)\n"
	"	mov x10, sp\n"
	"	cmp x10, x28\n"
	"	b.ne 9f\n"
	"	mov x9, #1000\n"
	"	mov x0, #(4096 + 32)\n"
	"2:	ldr x11, [x10, #-8]!\n"
	"	cmp x11, x9\n"
	"	b.ne 9f\n"
	"	subs x9, x9, #1\n"
	"	b.ne 2b\n"
	"	mov x0, #4096\n"
	"9:	sub x0, x0, #4096\n"
	"	mov x8, #94\n"
	"	svc #0\n");
// clang-format on
#else
/* getpid is 20, exit_group is 252. */
__asm__(".globl _start\n"
	"_start:\n"
	"	mov $1000, %ecx\n"
	"	mov %esp, %ebx\n"
	"1:	sub $4, %ebx\n"
	"	mov %ecx, (%ebx)\n"
	"	loop 1b\n"
	"	mov $0x11111111, %ebx\n"
	"	mov $0x22222222, %ecx\n"
	"	mov $0x33333333, %edx\n"
	"	mov $0x44444444, %esi\n"
	"	mov $0x55555555, %edi\n"
	"	mov $0x66666666, %ebp\n"
	"	mov $20, %eax\n"
	"	int $0x80\n"
	"	cmp $0, %eax\n	jle 20f\n"
	"	cmp $0x11111111, %ebx\n	jne 1f\n"
	"	cmp $0x22222222, %ecx\n	jne 2f\n"
	"	cmp $0x33333333, %edx\n	jne 3f\n"
	"	cmp $0x44444444, %esi\n	jne 4f\n"
	"	cmp $0x55555555, %edi\n	jne 5f\n"
	"	cmp $0x66666666, %ebp\n	jne 6f\n"
	"	mov $1000, %ecx\n"
	"	mov %esp, %ebx\n"
	"21:	sub $4, %ebx\n"
	"	cmp %ecx, (%ebx)\n	jne 13f\n"
	"	loop 21b\n"
	"	mov $0, %ebx\n	jmp 30f\n"
	"1:	mov $1, %ebx\n	jmp 30f\n"
	"2:	mov $2, %ebx\n	jmp 30f\n"
	"3:	mov $3, %ebx\n	jmp 30f\n"
	"4:	mov $4, %ebx\n	jmp 30f\n"
	"5:	mov $5, %ebx\n	jmp 30f\n"
	"6:	mov $6, %ebx\n	jmp 30f\n"
	"13:	mov $13, %ebx\n	jmp 30f\n"
	"20:	mov $20, %ebx\n"
	"30:	mov $252, %eax\n"
	"	int $0x80\n");
#endif
