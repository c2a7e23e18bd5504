// SPDX-License-Identifier: Apache-2.0
/*
 * Checks that its first call changes neither registers nor the memory below the
 * stack pointer. It is built without a C library, as x86_64 (syscall), x86_64
 * with FIRST_BY_INT80, i386 (int 0x80), and aarch64. Exits with 0, or with the
 * number of the first change.
 */
// clang-format off: it takes the lists in macros apart
#if defined(__x86_64__)
/* getpid is 39, and 20 for int 0x80; exit_group is 231. */
#ifdef FIRST_BY_INT80
#define GETPID "	mov $20, %eax\n	int $0x80\n"
#else
#define GETPID "	mov $39, %eax\n	syscall\n"
#endif
#define OTHERS(DO)                                                             \
	DO(rbx, 1) DO(rdx, 2) DO(rsi, 3) DO(rdi, 4) DO(rbp, 5) DO(r8, 6)       \
	DO(r9, 7) DO(r10, 8) DO(r12, 9) DO(r13, 10) DO(r14, 11)
#define FILL(name, n) "	mov $0x1111111111111111 * " #n ", %" #name "\n"
#define CHECK(name, n)                                       \
	"	mov $" #n ", %ecx\n"                        \
	"	mov $0x1111111111111111 * " #n ", %rax\n"   \
	"	cmp %rax, %" #name "\n"                     \
	"	jne 9f\n"

__asm__(".globl _start\n"
	"_start:\n"
	"	mov $1000, %rcx\n"
	"	mov %rsp, %rbx\n"
	"1:	sub $8, %rbx\n"
	"	mov %rcx, (%rbx)\n"
	"	loop 1b\n"
	OTHERS(FILL)
	"	mov %rsp, %r15\n"
	GETPID
	"	mov $20, %ecx\n"
	"	cmp $0, %rax\n"
	"	jle 9f\n"
	OTHERS(CHECK)
	"	mov $12, %ecx\n"
	"	cmp %rsp, %r15\n"
	"	jne 9f\n"
	"	mov $1000, %rcx\n"
	"	mov %rsp, %rbx\n"
	"2:	sub $8, %rbx\n"
	"	cmp %rcx, (%rbx)\n"
	"	jne 8f\n"
	"	loop 2b\n"
	"	jmp 9f\n"
	"8:	mov $13, %ecx\n"
	"9:	mov %ecx, %edi\n"
	"	mov $231, %eax\n"
	"	syscall\n");
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
#else
/* getpid is 20, exit_group is 252. */
#define OTHERS(DO)                                                             \
	DO(ebx, 1) DO(ecx, 2) DO(edx, 3) DO(esi, 4) DO(edi, 5) DO(ebp, 6)
#define FILL(name, n) "	mov $0x11111111 * " #n ", %" #name "\n"
#define CHECK(name, n)                                   \
	"	mov $" #n ", %eax\n"                    \
	"	cmp $0x11111111 * " #n ", %" #name "\n" \
	"	jne 9f\n"

__asm__(".globl _start\n"
	"_start:\n"
	"	mov $1000, %ecx\n"
	"	mov %esp, %ebx\n"
	"1:	sub $4, %ebx\n"
	"	mov %ecx, (%ebx)\n"
	"	loop 1b\n"
	OTHERS(FILL)
	"	mov $20, %eax\n"
	"	int $0x80\n"
	"	cmp $0, %eax\n"
	"	mov $20, %eax\n"
	"	jle 9f\n"
	OTHERS(CHECK)
	"	mov $1000, %ecx\n"
	"	mov %esp, %ebx\n"
	"2:	sub $4, %ebx\n"
	"	cmp %ecx, (%ebx)\n"
	"	jne 8f\n"
	"	loop 2b\n"
	"	xor %eax, %eax\n"
	"	jmp 9f\n"
	"8:	mov $13, %eax\n"
	"9:	mov %eax, %ebx\n"
	"	mov $252, %eax\n"
	"	int $0x80\n");
#endif
// clang-format on
