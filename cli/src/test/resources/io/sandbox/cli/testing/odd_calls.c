// SPDX-License-Identifier: Apache-2.0
/* Calls that take another way into the kernel than most, for x86_64. */
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <unistd.h>

#define X32_BIT	      0x40000000
#define I386_GETPID   20
#define VSYSCALL_TIME 0xffffffffff600400UL

int main(void)
{
	long (*vsyscall_time)(long *) = (long (*)(long *))VSYSCALL_TIME;
	long result;

	syscall(X32_BIT + SYS_getpid);
	syscall(600);
	/* The numbers of our own test calls, which are made by chance, look like this. */
	syscall(0x20000001);
	syscall(-1);
	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(I386_GETPID)
			 : "memory");
	vsyscall_time(NULL);
	return 0;
}
