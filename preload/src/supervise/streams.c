// SPDX-License-Identifier: Apache-2.0
/* The program's standard input and output, which have to serve several runs. */
#include "supervise/streams.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int begin_output(struct kept_output *output)
{
	int fd = memfd_create("output", MFD_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (output->before >= 0)
		close(output->before);
	output->before = output->last;
	output->last = fd;
	return 0;
}

static int write_whole(int fd, const char *data, size_t size)
{
	ssize_t n;

	while (size > 0) {
		n = write(fd, data, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		size -= (size_t)n;
	}
	return 0;
}

/* Reads bytes at @offset; fewer than @size at the end of the file. */
static ssize_t read_at(int fd, char *data, size_t size, off_t offset)
{
	ssize_t n;

	do
		n = pread(fd, data, size, offset);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

int show_output(const struct kept_output *output, int fd)
{
	static char last[65536], before[sizeof(last)];
	bool same = true;
	off_t offset = 0;
	ssize_t n, m = 0;
	int err;

	do {
		n = read_at(output->last, last, sizeof(last), offset);
		if (n >= 0 && output->before >= 0)
			m = read_at(output->before, before, sizeof(before),
				    offset);
		if (n < 0 || m < 0)
			return (int)(n < 0 ? n : m);
		err = write_whole(fd, last, (size_t)n);
		if (err)
			return err;
		same &= n == m && memcmp(last, before, (size_t)n) == 0;
		offset += n;
	} while (n > 0);
	if (output->before < 0)
		return OUTPUT_FIRST;
	return same ? OUTPUT_SAME : OUTPUT_DIFFERENT;
}

struct shared_input note_input(void)
{
	struct shared_input input = { .start = lseek(STDIN_FILENO, 0,
						     SEEK_CUR) };

	return input;
}

/* Whether standard input is a pipe that is empty, and that nobody can fill. */
static bool input_has_ended(void)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	struct stat st;

	return fstat(STDIN_FILENO, &st) == 0 && S_ISFIFO(st.st_mode) &&
	       poll(&input, 1, 0) > 0 && input.revents == POLLHUP;
}

bool offer_input(struct shared_input *input)
{
	if (input->start >= 0)
		lseek(STDIN_FILENO, input->start, SEEK_SET);
	if (input->is_used_up || !input_has_ended())
		return false;
	input->is_used_up = true;
	return true;
}
