/* SPDX-License-Identifier: Apache-2.0 */
/* Prints where the heap is, how full it is, and where blocks are allocated. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#if !__GLIBC_PREREQ(2, 33)
#define mallinfo2 mallinfo
#endif

int main(void)
{
	static const size_t sizes[] = { 1,     16,     24,	100,
					500,   1000,   5000,	20000,
					50000, 100000, 1 << 17, 1 << 20 };
	void *blocks[12];
	void *end = sbrk(0);
	struct mallinfo2 info = mallinfo2();
	void *mapped = mmap(NULL, 1 << 20, PROT_READ,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	for (int i = 0; i < 12; i++)
		blocks[i] = malloc(sizes[i]);
	printf("end %p then %p, mapped %p\n", end, sbrk(0), mapped);
	printf("arena %zu ordblks %zu smblks %zu hblks %zu uordblks %zu "
	       "fordblks %zu keepcost %zu\n",
	       (size_t)info.arena, (size_t)info.ordblks, (size_t)info.smblks,
	       (size_t)info.hblks, (size_t)info.uordblks, (size_t)info.fordblks,
	       (size_t)info.keepcost);
	for (int i = 0; i < 12; i++)
		printf("%zu %p\n", sizes[i], blocks[i]);
	return 0;
}
