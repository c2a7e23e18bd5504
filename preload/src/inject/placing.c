// SPDX-License-Identifier: Apache-2.0
/*
 * The kernel copies the filter when it is set, so the target needs its bytes
 * only for a moment. They are written below the stack pointer. If the stack is
 * too small, they go into a new mapping, which stays, because munmap may not be
 * allowed once the filter is in force. The tracer cannot access the memory of a
 * program whose file cannot be read. Such a target reads the bytes itself, from
 * a pipe that it inherited.
 */
#include "inject/placing.h"

#include <errno.h>
#include <linux/filter.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "inject/remote.h"
#include "inject/start.h"
#include "inject/stops.h"

/* Compilers may use these bytes below the stack pointer (System V ABI). */
#define RED_ZONE 128
/* The target's struct sock_fprog, which the filter follows. */
#define HEADER_SIZE 16
/* Fits into the smallest possible pipe. */
#define FEED_SIZE  4096
#define IMAGE_SIZE (HEADER_SIZE + BPF_MAXINSNS * sizeof(struct sock_filter))

static unsigned char image[IMAGE_SIZE], before[IMAGE_SIZE];

static void put_pointer(unsigned char *to, uint64_t value, size_t size)
{
	uint32_t half = (uint32_t)value;

	memcpy(to, size == sizeof(half) ? (void *)&half : (void *)&value, size);
}

/* Composes the image for the address that it will have. */
static void compose_image(const struct injection *injection)
{
	const struct filter_image *filter = &injection->tracee->start->filter;
	size_t size = arch_pointer_size(injection->own.arch);

	memset(image, 0, HEADER_SIZE);
	memcpy(image, &filter->length, sizeof(filter->length));
	put_pointer(image + size, injection->address + HEADER_SIZE, size);
	memcpy(image + HEADER_SIZE, filter->code,
	       filter->length * sizeof(*filter->code));
}

static int copy_in(const struct injection *injection, const void *data)
{
	ssize_t n = pwrite(injection->memory, data, injection->size,
			   (off_t)injection->address);

	if (n < 0)
		return -errno;
	return (size_t)n == injection->size ? 0 : -EFAULT;
}

/* Borrows memory below the stack pointer, if there is certainly enough. */
static bool place_on_stack(struct injection *injection)
{
	uint64_t top = injection->stack_pointer - RED_ZONE;
	bool narrow =
		arch_pointer_size(injection->own.arch) == sizeof(uint32_t);

	/* A 64-bit program may make an i386 call, which truncates pointers. */
	if (top <= injection->size || (narrow && top > UINT32_MAX))
		return false;
	injection->address = (top - injection->size) & ~(uint64_t)15;
	if (!memory_covers(injection->tracee->proc, injection->address,
			   injection->stack_pointer) ||
	    pread(injection->memory, before, injection->size,
		  (off_t)injection->address) != (ssize_t)injection->size)
		return false;
	compose_image(injection);
	if (copy_in(injection, image))
		return false;
	injection->borrowed = true;
	return true;
}

static int map_memory(struct injection *injection)
{
	const uint64_t args[6] = { 0,
				   injection->size,
				   PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS,
				   (uint64_t)-1,
				   0 };
	int64_t result;
	int err = call_remotely(injection, CALL_MMAP, args, &result);

	if (err)
		return err;
	if (result < 0)
		return fail_injection(injection, (int)result,
				      "no memory for the filter");
	injection->address = (uint64_t)result;
	return 0;
}

static int feed_image(struct injection *injection)
{
	const struct tracee *tracee = injection->tracee;
	size_t piece;
	int err;

	for (size_t at = 0; at < injection->size; at += piece) {
		uint64_t args[6] = { (uint64_t)tracee->feed_in_target,
				     injection->address + at };

		piece = injection->size - at;
		if (piece > FEED_SIZE)
			piece = FEED_SIZE;
		if (write(tracee->feed, image + at, piece) != (ssize_t)piece)
			return fail_injection(injection, errno ? -errno : -EIO,
					      "cannot pass it the filter");
		args[2] = piece;
		err = expect_remotely(injection, CALL_READ, args,
				      (int64_t)piece, "cannot read the filter");
		if (err)
			return err;
	}
	return 0;
}

int place_image(struct injection *injection)
{
	int err;

	injection->size =
		HEADER_SIZE + injection->tracee->start->filter.length *
				      sizeof(struct sock_filter);
	if (injection->memory >= 0 && place_on_stack(injection))
		return 0;
	err = map_memory(injection);
	if (err)
		return err;
	compose_image(injection);
	if (injection->memory >= 0) {
		err = copy_in(injection, image);
		return err ? fail_injection(injection, err,
					    "cannot write the filter")
			   : 0;
	}
	if (injection->tracee->feed < 0)
		return fail_injection(
			injection, injection->memory,
			"cannot access its memory (one of its files "
			"cannot be read)");
	return feed_image(injection);
}

int remove_image(struct injection *injection)
{
	return injection->borrowed ? copy_in(injection, before) : 0;
}

int close_feed(struct injection *injection)
{
	const uint64_t args[6] = {
		(uint64_t)injection->tracee->feed_in_target
	};

	if (injection->tracee->feed < 0)
		return 0;
	return expect_remotely(injection, CALL_CLOSE, args, 0,
			       "cannot close the filter's pipe");
}
