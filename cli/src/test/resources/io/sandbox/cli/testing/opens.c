// SPDX-License-Identifier: Apache-2.0
/*
 * Makes calls that an ordinary program makes too, but as each argument says: for
 * what kernel exploits need them. Ends with 0 if the call was made, whatever it
 * gave, and with its errno if that is ENOSYS.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/sched.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void *thread(void *unused)
{
	return unused;
}

static long make_child(long pid)
{
	if (pid == 0)
		_exit(0);
	return pid < 0 ? pid : waitpid((pid_t)pid, NULL, 0);
}

static long call(const char *what)
{
	struct clone_args args = { .exit_signal = SIGCHLD };
	int one = 1, tcp = socket(AF_INET, SOCK_STREAM, 0);
	pthread_t id;

	setsockopt(tcp, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	sendto(tcp, "", 0, MSG_NOSIGNAL, NULL, 0);
	ioctl(0, TIOCGWINSZ, &args);
	prctl(PR_SET_NAME, "opens");
	chmod("/nonexistent", 0644);
	mprotect(
		mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
		4096, PROT_READ | PROT_WRITE);
	make_child(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
	unshare(0);
	if (pthread_create(&id, NULL, thread, NULL) || pthread_join(id, NULL))
		return -1;
	errno = 0;
	if (strcmp(what, "clone") == 0)
		return make_child(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0,
					  0, 0, 0));
	if (strcmp(what, "clone3") == 0) {
		args.flags = CLONE_NEWUSER;
		return make_child(syscall(SYS_clone3, &args, sizeof(args)));
	}
	if (strcmp(what, "unshare") == 0)
		return unshare(CLONE_NEWUSER);
	if (strcmp(what, "netfilter") == 0)
		return socket(AF_NETLINK, SOCK_RAW, 12);
	if (strcmp(what, "crypto") == 0)
		return socket(AF_ALG, SOCK_SEQPACKET, 0);
	if (strcmp(what, "tls") == 0)
		return setsockopt(tcp, SOL_TCP, TCP_ULP, "tls", 4);
	if (strcmp(what, "urgent") == 0)
		return sendto(tcp, "", 0, MSG_NOSIGNAL | MSG_OOB, NULL, 0);
	if (strcmp(what, "address") == 0)
		return sendto(tcp, "", 0, MSG_NOSIGNAL, (void *)&args, 8);
	if (strcmp(what, "terminal") == 0)
		return ioctl(0, TIOCSTI, "x");
	if (strcmp(what, "tracer") == 0)
		return prctl(PR_SET_PTRACER, 1);
	if (strcmp(what, "set-id") == 0)
		return chmod("/nonexistent", 04755);
	if (strcmp(what, "code") == 0)
		return mprotect((void *)4096, 4096, PROT_READ | PROT_EXEC);
	if (strcmp(what, "writable-code") == 0)
		return mmap(NULL, 4096, PROT_WRITE | PROT_EXEC,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED;
	return 0;
}

int main(int argc, char **argv)
{
	call(argc > 1 ? argv[1] : "");
	return errno == ENOSYS ? ENOSYS : 0;
}
