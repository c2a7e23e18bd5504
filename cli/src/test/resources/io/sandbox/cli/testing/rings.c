/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rings MODE OPERATION...: submits operations of io_uring one after the other, and
 * prints what became of each. MODE: plain, polled (SQPOLL) or deferred. After "child",
 * a child submits them. "call" makes a socket of the internet by a call.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct {
	const char *name;
	int number;
} operations[] = {
	{ "nop", IORING_OP_NOP },	{ "fsync", IORING_OP_FSYNC },
	{ "close", IORING_OP_CLOSE },	{ "read", IORING_OP_READ },
	{ "openat", IORING_OP_OPENAT }, { "socket", IORING_OP_SOCKET },
	{ "unix", IORING_OP_SOCKET },	{ "unknown", 200 },
};

static struct io_uring_params params;
static int ring;
static char *queue, *results;
static struct io_uring_sqe *requests;

static void make_ring(const char *mode)
{
	if (strcmp(mode, "polled") == 0)
		params.flags = IORING_SETUP_SQPOLL;
	if (strcmp(mode, "deferred") == 0)
		params.flags =
			IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;
	params.sq_thread_idle = 100;
	ring = (int)syscall(SYS_io_uring_setup, 8, &params);
	if (ring < 0) {
		perror("io_uring_setup");
		exit(errno);
	}
	queue = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_SQ_RING);
	results = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_CQ_RING);
	requests = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_SQES);
}

static void fill(struct io_uring_sqe *request, const char *name)
{
	size_t i;

	memset(request, 0, sizeof(*request));
	for (i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
		if (strcmp(name, operations[i].name) == 0)
			request->opcode = (__u8)operations[i].number;
	request->fd = -1;
	if (request->opcode == IORING_OP_OPENAT) {
		request->addr = (__u64)(unsigned long)"/dev/null";
		request->open_flags = O_RDONLY | O_CLOEXEC;
	}
	if (request->opcode == IORING_OP_SOCKET) {
		request->fd = strcmp(name, "unix") ? AF_INET : AF_UNIX;
		request->off = SOCK_STREAM;
	}
}

static void submit(const char *name)
{
	unsigned *tail = (unsigned *)(queue + params.sq_off.tail);
	unsigned place = *tail & (params.sq_entries - 1);
	unsigned *head = (unsigned *)(results + params.cq_off.head);
	struct io_uring_cqe *all = (void *)(results + params.cq_off.cqes);
	int result;

	fill(&requests[place], name);
	((unsigned *)(queue + params.sq_off.array))[place] = place;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	syscall(SYS_io_uring_enter, ring, 1, 1,
		IORING_ENTER_GETEVENTS | (params.flags & IORING_SETUP_SQPOLL
						  ? IORING_ENTER_SQ_WAKEUP
						  : 0),
		NULL, 0);
	result = all[*head & (params.cq_entries - 1)].res;
	++*head;
	printf("%s: %s\n", name, result < 0 ? strerror(-result) : "done");
	fflush(stdout);
}

int main(int argc, char **argv)
{
	int i;

	make_ring(argv[1]);
	for (i = 2; i < argc; i++) {
		if (strcmp(argv[i], "call") == 0) {
			socket(AF_INET, SOCK_STREAM, 0);
			continue;
		}
		if (strcmp(argv[i], "child") != 0) {
			submit(argv[i]);
			continue;
		}
		if (fork() > 0)
			return wait(NULL) < 0;
	}
	return 0;
}
