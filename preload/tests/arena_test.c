/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Uses the arena randomly: blocks keep their contents, do not overlap and are
 * aligned. Calls the arena by its linker names; the test itself uses libc's
 * malloc.
 */
#include "library/arena.h"

#include <stdint.h>
#include <string.h>

#include "check.h"

#define BLOCKS 500

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void __wrap_free(void *memory);
char *__wrap_strdup(const char *text);
void *__real_malloc(size_t size);
void __real_free(void *memory);

static unsigned int real_mallocs, real_frees;

void *__real_malloc(size_t size)
{
	real_mallocs++;
	return malloc(size);
}

void __real_free(void *memory)
{
	real_frees++;
	free(memory);
}

static struct {
	unsigned char *memory;
	size_t size;
	unsigned char fill;
} blocks[BLOCKS];

static bool intact(unsigned int i, size_t size)
{
	for (size_t at = 0; at < size; at++) {
		if (blocks[i].memory[at] != blocks[i].fill)
			return false;
	}
	return true;
}

static void set(unsigned int i, void *memory, size_t size)
{
	check(memory != NULL && (uintptr_t)memory % 16 == 0, "block of %zu: %p",
	      size, memory);
	blocks[i].memory = memory;
	blocks[i].size = size;
	blocks[i].fill = (unsigned char)rand();
	memset(memory, blocks[i].fill, size);
}

static size_t random_size(void)
{
	static const size_t limits[] = { 8, 64, 1100, 5000, 400000 };

	return rand() % limits[rand() % (rand() % 20 ? 4 : 5)];
}

static void step(unsigned int i)
{
	size_t size = random_size();
	size_t smaller;
	void *memory;

	if (!blocks[i].memory) {
		if (rand() % 2) {
			set(i, __wrap_malloc(size), size);
			return;
		}
		memory = __wrap_calloc(1, size);
		blocks[i].memory = memory;
		blocks[i].fill = 0;
		check(intact(i, size), "calloc(%zu) is not zero", size);
		set(i, memory, size);
		return;
	}
	check(intact(i, blocks[i].size), "block of %zu", blocks[i].size);
	if (rand() % 2) {
		__wrap_free(blocks[i].memory);
		blocks[i].memory = NULL;
		return;
	}
	smaller = size < blocks[i].size ? size : blocks[i].size;
	blocks[i].memory = __wrap_realloc(blocks[i].memory, size);
	check(blocks[i].memory && intact(i, smaller), "realloc to %zu", size);
	set(i, blocks[i].memory, size);
}

int main(void)
{
	char *copy;

	srand(1);
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 20000; i++)
			step(rand() % BLOCKS);
		arena_release();
		memset(blocks, 0, sizeof(blocks));
	}
	copy = __wrap_strdup("text");
	check(copy && strcmp(copy, "text") == 0, "strdup");
	__wrap_free(NULL);
	copy = __wrap_realloc(NULL, 10);
	check(copy != NULL, "realloc(NULL)");
	check(!__wrap_malloc(SIZE_MAX), "malloc(SIZE_MAX)");
	check(!__wrap_calloc(SIZE_MAX, 2), "calloc overflow");
	check(real_mallocs == 0 && real_frees == 0, "the heap was used");
	arena_warm_program_heap();
	check(real_mallocs == 1 && real_frees == 1, "warming the heap");
	arena_release();
	arena_release();
	return check_summary();
}
