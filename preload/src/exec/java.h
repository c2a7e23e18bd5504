/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

/* The state that sandbox-exec was started with, restored for the program. */
struct start_state {
	sigset_t signal_mask;
	sigset_t pending;
	bool child_signal_ignored;
	bool dumpable;
};

/*
 * The Java child that directs sandbox-exec. It sends requests through one end of
 * a SOCK_SEQPACKET pair, whose number is in the variable SANDBOX_CONTROL. Each
 * message is one line of ASCII words, separated by single blanks.
 * @pid: 0 when it has been reaped
 * @asks: Java reads our standard input when the program has ended. It is then
 *	in our process group, so that a stopped job does not read on
 * @signals: a signalfd for the signals that the user may send to us, and
 *	SIGCHLD
 * @interrupted: the first signal that was passed on to Java, or 0
 */
struct java {
	const char *name;
	bool asks;
	pid_t pid;
	int control;
	int signals;
	int interrupted;
	struct start_state start;
};

/*
 * Opens the low descriptors that the user left closed. Otherwise files of ours
 * would take these numbers and receive what is meant for the user's. Java 17
 * crashes if 0 and 2 are closed. Returns 0 or -errno.
 */
int occupy_low_descriptors(int flags);

/*
 * Starts @command in its own session, so that neither Ctrl-C nor a stopped job
 * interrupts it, unless it asks. Blocks the signals, which are then read from
 * @signals. Call it before opening any file: it prevents our files from getting
 * the descriptors 0 to 2. Returns 0 or -errno.
 */
int start_java(struct java *java, const char *name, char **command);

/* Restores the signal state, in this process or a child. */
void restore_start_state(const struct start_state *start);

/* Repeats the blocked signals from before: a child does not inherit them. */
void raise_pending_signals(const struct start_state *start);

/*
 * Forbids others to trace this process until it is about to become the program.
 * Otherwise a program of the same user could take the listener with
 * pidfd_getfd(2) or change the evidence.
 */
void forbid_tracing(struct start_state *start);
void allow_tracing(const struct start_state *start);

/*
 * Becomes the Java command @command, without the environment variables that the
 * user set for a program. If that fails, prints one line for the user and
 * returns STATUS_OWN_FAILURE.
 */
int become_java(const char *name, char **command);

/* Sends a message to Java. Failure is ignored: read_message() reports it. */
__attribute__((format(printf, 2, 3))) void tell_java(const struct java *java,
						     const char *format, ...);

/*
 * Reads the next message into @message and appends a zero byte. Returns its
 * length, 0 if there is none yet, -1 if Java has closed its end.
 */
ssize_t read_message(const struct java *java, char *message, size_t size);

/* Passes on a signal, so that Java restores what it changed and ends. */
void interrupt_java(struct java *java, int signal);

/* Returns Java's wait status if it has ended, else -1. */
int reap_java(struct java *java);

/*
 * Returns the exit status for the user: the status that Java @announced, if it
 * ended with that. A JVM that could not start or crashed has announced none
 * (-1), and its own exit status must not be mistaken for the program's.
 * @wait_status: -1 if it is left behind
 */
int java_status(const struct java *java, int wait_status, int announced);
