/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXEC_JAVA_H
#define EXEC_JAVA_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

/* What sandbox-exec itself was started with, and the program gets back. */
struct start_state {
	sigset_t signal_mask;
	bool child_signal_ignored;
	bool dumpable;
};

/*
 * The Java child that thinks for sandbox-exec. It has one end of a
 * SOCK_SEQPACKET pair at descriptor 3 and asks; each message is one line of
 * ASCII, words separated by one blank.
 * @signals: a signalfd of what the user may send to us, and of SIGCHLD
 * @interrupted: the first signal that was passed on to it, or 0
 */
struct java {
	const char *name;
	pid_t pid;
	int control;
	int signals;
	int interrupted;
	struct start_state start;
};

/*
 * Starts @command in a session of its own, so that neither Ctrl-C nor a stopped
 * job interrupts it. From here on the signals are blocked and read from
 * @signals. Call it first of all: it makes sure that no descriptor of ours
 * lands on 0 to 3. Returns 0 or -errno.
 */
int start_java(struct java *java, const char *name, char **command);

/* Gives the process, or a child of it, the signal state it was started with. */
void restore_start_state(const struct start_state *start);

/*
 * A program of the same user could trace us, and take the listener from us
 * with pidfd_getfd(2) or change the evidence. So nobody may, until the process
 * is about to become the program.
 */
void forbid_tracing(struct start_state *start);
void allow_tracing(const struct start_state *start);

/*
 * Becomes @command, a Java command, free from what the user set for a program.
 * Returns only when it did not: STATUS_OWN_FAILURE, after one line for the
 * user.
 */
int become_java(const char *name, char **command);

/* One message to Java; that nobody listens any more is found out by reading. */
__attribute__((format(printf, 2, 3))) void tell_java(const struct java *java,
						     const char *format, ...);

/*
 * The next message into @message, terminated by a zero byte. Returns its
 * length, 0 if there is none yet, -1 if Java has closed its end.
 */
ssize_t read_message(const struct java *java, char *message, size_t size);

/* Passes on a signal that ends Java in order: it puts back what it changed. */
void interrupt_java(struct java *java, int signal);

/* Its wait status if it has ended, else -1. */
int reap_java(const struct java *java);

/*
 * The exit status for the user: the one that Java @announced, as far as it
 * ended with it. A JVM that could not start or broke down announces none (-1),
 * and its own numbers must not be taken for a program's status.
 */
int java_status(const struct java *java, int wait_status, int announced);

#endif
