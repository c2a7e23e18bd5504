// SPDX-License-Identifier: Apache-2.0
/*
 * Calls time(2) in the vsyscall page, before any call that has an instruction
 * of its own: from the first instruction, or with MAIN from main. Then prints
 * "ran".
 */
#ifdef MAIN
#define START "main"
#else
#define START "_start"
#endif

__asm__(".globl " START "\n"
	".type " START ", @function\n" START ":\n"
	"	mov $0xffffffffff600400, %rax\n"
	"	xor %edi, %edi\n"
	"	push %rdi\n"
	"	call *%rax\n"
	"	mov $1, %eax\n"
	"	mov $1, %edi\n"
	"	lea text(%rip), %rsi\n"
	"	mov $4, %edx\n"
	"	syscall\n"
	"	mov $231, %eax\n"
	"	xor %edi, %edi\n"
	"	syscall\n"
	"	ud2\n"
	"text:	.ascii \"ran\\n\"\n"
	".section .note.GNU-stack,\"\",@progbits\n");
