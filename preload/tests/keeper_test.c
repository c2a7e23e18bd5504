// SPDX-License-Identifier: Apache-2.0
/* A listener that is handed over while its recorder ends, and goes on to the next recorder. */
#include "guests/reception.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "inject/listener.h"

#define CHECK(condition) check((condition), "%s: %s", __func__, #condition)

#define NOBODY 65534

/* The longest state that a runtime may send. */
#define STATE_SIZE 61440

static char state[STATE_SIZE + 1];
static struct sockaddr_un address = { .sun_family = AF_UNIX };

/* What is allocated for all bytes of the address is a name of its own: the abstract one of zeros. */
static const struct sockaddr_un empty = { .sun_family = AF_UNIX };

static int stream(void)
{
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static int listen_at(const struct sockaddr_un *place, uid_t user)
{
	int fd = stream();

	CHECK(bind(fd, (const struct sockaddr *)place, sizeof(*place)) == 0);
	CHECK(seteuid(user) == 0);
	CHECK(listen(fd, 1) == 0);
	CHECK(seteuid(0) == 0);
	return fd;
}

/* Loads a filter that asks about one call, hands its listener over, and waits. */
static void be_guest(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = { .len = 4, .filter = code };
	int to = stream(), listener;

	CHECK(connect(to, (struct sockaddr *)&address, sizeof(address)) == 0);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	listener = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
				SECCOMP_FILTER_FLAG_NEW_LISTENER, &filter);
	CHECK(send_listener(listener, -1, state, to) == 0);
	close(listener);
	pause();
}

static pid_t start(void (*make)(void))
{
	pid_t pid = fork();

	if (pid == 0) {
		make();
		_exit(0);
	}
	return pid;
}

/* Receives until something is told to Java; returns whether it is that a guest has come. */
static bool receive(struct reception *reception, int java, int javas_end)
{
	struct pollfd told = { .fd = javas_end, .events = POLLIN };
	char text[8] = "";
	int i;

	for (i = 0; i < 500 && poll(&told, 1, 10) == 0; i++)
		receive_arrivals(reception, "keeper_test", java);
	recv(javas_end, text, sizeof(text) - 1, MSG_DONTWAIT);
	return strcmp(text, "handed ") == 0;
}

static struct reception *open_one(pid_t java)
{
	static struct reception reception = RECEPTION_INIT;

	strcpy(reception.keeping.cgroups, "/nowhere");
	reception.keeping.java = java;
	CHECK(open_reception(&reception, address.sun_path, NULL) == NULL);
	return &reception;
}

static void wait_for_ever(void)
{
	pause();
}

/* A recorder that ends when the guest has connected. Returns the guest. */
static pid_t end_early(void)
{
	pid_t java = start(wait_for_ever), recorder, guest;
	int ready[2], go[2], javas[2];
	char byte;

	CHECK(pipe2(ready, O_CLOEXEC) == 0 && pipe2(go, O_CLOEXEC) == 0);
	recorder = fork();
	if (recorder == 0) {
		struct reception *reception = open_one(java);

		socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, javas);
		CHECK(write(ready[1], "", 1) == 1);
		CHECK(read(go[0], &byte, 1) == 1);
		close_reception(reception, "keeper_test", javas[0]);
		_exit(0);
	}
	CHECK(read(ready[0], &byte, 1) == 1);
	guest = start(be_guest);
	usleep(200000);
	CHECK(write(go[1], "", 1) == 1);
	waitpid(recorder, NULL, 0);
	waitpid(java, NULL, 0);
	return guest;
}

static void keeper_knows_its_recorder(void)
{
	int abstract = listen_at(&empty, 0), foreign, one, javas[2];
	pid_t java = start(wait_for_ever), guest = end_early();
	struct reception *reception;
	struct pollfd others = { .fd = abstract, .events = POLLIN };
	char byte;

	CHECK(poll(&others, 1, 1000) == 0);
	foreign = listen_at(&address, NOBODY);
	one = accept(foreign, NULL, NULL);
	CHECK(recv(one, &byte, 1, 0) == 0);
	close(one);
	close(foreign);
	CHECK(unlink(address.sun_path) == 0);
	CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, javas) ==
	      0);
	reception = open_one(java);
	CHECK(receive(reception, javas[0], javas[1]));
	CHECK(reception->guest_count == 1);
	close_reception(reception, "keeper_test", javas[0]);
	kill(guest, SIGKILL);
	kill(java, SIGKILL);
	waitpid(guest, NULL, 0);
	waitpid(java, NULL, 0);
	close(abstract);
}

int main(void)
{
	char folder[] = "/tmp/keeper_test.XXXXXX";

	if (geteuid() != 0) {
		puts("needs root\n0 passed, 0 failed, 1 skipped");
		return 0;
	}
	CHECK(mkdtemp(folder) != NULL);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/socket",
		 folder);
	memset(state, ' ', STATE_SIZE);
	state[0] = '{';
	state[STATE_SIZE - 1] = '}';
	/* A keeper that comes to nobody would be waited for. */
	alarm(60);
	keeper_knows_its_recorder();
	CHECK(rmdir(folder) == 0);
	return check_summary();
}
