/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bump allocation in mapped chunks. Freed small blocks are kept by size and
 * reused, because libseccomp copies its rules whenever one is added.
 */
#include "library/arena.h"

#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#define PAGE_SIZE    ((size_t)4096)
#define CHUNK_SIZE   ((size_t)256 * 1024)
#define ALIGNMENT    ((size_t)16)
#define SMALL_LIMIT  ((size_t)1024)
#define SIZE_CLASSES (SMALL_LIMIT / ALIGNMENT)

struct chunk {
	alignas(16) struct chunk *next;
	size_t size; /* of the mapping */
};

struct block {
	alignas(16) size_t size; /* without this header, a multiple of 16 */
	struct block *next_free;
};

static struct chunk *chunks;
static char *free_start;
static char *free_end;
static struct block *free_blocks[SIZE_CLASSES + 1];

void *__real_malloc(size_t size);
void __real_free(void *memory);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void __wrap_free(void *memory);
char *__wrap_strdup(const char *text);

static int add_chunk(size_t need)
{
	size_t size = CHUNK_SIZE;
	struct chunk *chunk;

	if (need > CHUNK_SIZE - sizeof(*chunk))
		size = (need + sizeof(*chunk) + PAGE_SIZE - 1) &
		       ~(PAGE_SIZE - 1);
	chunk = mmap(NULL, size, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (chunk == MAP_FAILED)
		return -1;
	chunk->next = chunks;
	chunk->size = size;
	chunks = chunk;
	free_start = (char *)(chunk + 1);
	free_end = (char *)chunk + size;
	return 0;
}

void *__wrap_malloc(size_t size)
{
	struct block *block;

	if (size > PTRDIFF_MAX / 2)
		return NULL;
	size = size ? (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1) : ALIGNMENT;

	if (size <= SMALL_LIMIT && free_blocks[size / ALIGNMENT]) {
		block = free_blocks[size / ALIGNMENT];
		free_blocks[size / ALIGNMENT] = block->next_free;
		return block + 1;
	}
	if ((size_t)(free_end - free_start) < sizeof(*block) + size &&
	    add_chunk(sizeof(*block) + size) < 0)
		return NULL;
	block = (struct block *)free_start;
	block->size = size;
	free_start += sizeof(*block) + size;
	return block + 1;
}

void *__wrap_calloc(size_t count, size_t size)
{
	size_t total;
	void *memory;

	if (__builtin_mul_overflow(count, size, &total))
		return NULL;
	memory = __wrap_malloc(total);
	if (memory)
		memset(memory, 0, total);
	return memory;
}

void *__wrap_realloc(void *memory, size_t size)
{
	struct block *block;
	void *copy;

	if (!memory)
		return __wrap_malloc(size);
	block = (struct block *)memory - 1;
	if (size <= block->size)
		return memory;
	copy = __wrap_malloc(size);
	if (copy) {
		memcpy(copy, memory, block->size);
		__wrap_free(memory);
	}
	return copy;
}

/* A large block is reused only if it was the last one allocated. */
void __wrap_free(void *memory)
{
	struct block *block;

	if (!memory)
		return;
	block = (struct block *)memory - 1;
	if ((char *)memory + block->size == free_start) {
		free_start = (char *)block;
	} else if (block->size <= SMALL_LIMIT) {
		block->next_free = free_blocks[block->size / ALIGNMENT];
		free_blocks[block->size / ALIGNMENT] = block;
	}
}

char *__wrap_strdup(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = __wrap_malloc(size);

	if (copy)
		memcpy(copy, text, size);
	return copy;
}

void arena_release(void)
{
	struct chunk *next;

	for (; chunks; chunks = next) {
		next = chunks->next;
		munmap(chunks, chunks->size);
	}
	free_start = NULL;
	free_end = NULL;
	memset(free_blocks, 0, sizeof(free_blocks));
}

void arena_warm_program_heap(void)
{
	void *memory = __real_malloc(ALIGNMENT);

	/* Without this the compiler may drop the pair. */
	__asm__ volatile("" : : "r"(memory) : "memory");
	__real_free(memory);
}
