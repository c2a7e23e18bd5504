// SPDX-License-Identifier: Apache-2.0
#include "supervise/input.h"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

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
