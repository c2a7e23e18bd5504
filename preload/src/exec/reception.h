/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXEC_RECEPTION_H
#define EXEC_RECEPTION_H

#include <stdbool.h>
#include <stddef.h>

#include "exec/watch.h"

/* Who has connected and not yet said all. */
#define MAX_ARRIVALS 16

/*
 * A connection. What it sends is one JSON object, OCI's container process
 * state, and with it one descriptor.
 * @socket: or -1
 * @listener: what has come with it, or -1
 */
struct arrival {
	int socket;
	int peer;
	int listener;
	char *text;
	size_t length;
};

/* A listener that has been handed over. */
struct guest {
	int number;
	struct watch watch;
};

/*
 * The socket at which container runtimes and services hand over the listeners
 * of their filters. Java answers the calls; a copy of each listener is kept, so
 * that nothing hangs or fails should Java be gone.
 * @path: of the socket; empty when there is none
 * @unit: of systemd, whose processes may connect besides; empty for none
 * @events: an epoll(7) of the socket and of those who have connected
 * @questions: one of the listeners that are answered here; -1 as long as
 *	Java answers all
 */
struct reception {
	char path[108];
	char unit[256];
	int socket;
	int events;
	int questions;
	struct arrival arrivals[MAX_ARRIVALS];
	unsigned int evicted;
	struct guest *guests;
	int guest_count;
	int numbers;
};

#define RECEPTION_INIT { .socket = -1, .events = -1, .questions = -1 }

/*
 * Listens at @path, which must be new and lie in a folder of ours into which
 * nobody else can write. We and root may connect, and the processes of the
 * service @unit, whoever's they are; NULL for none. Returns NULL, or what is
 * wrong with it, in words.
 */
const char *open_reception(struct reception *self, const char *path,
			   const char *unit);

/*
 * Takes what has come, and passes on to @java each listener that is whole:
 * "handed NUMBER PEER\n" and the state. What is refused is closed, after one
 * line for the user behind @name.
 */
void receive_arrivals(struct reception *self, const char *name, int java);

/* Forgets a guest: its calls fail from now on if nobody else answers them. */
void dismiss_guest(struct reception *self, int number);

/* Answers the calls of a guest here from now on: they are made. */
void answer_guest(struct reception *self, int number);

/* The same of all of them; nobody can come any more. */
void answer_all_guests(struct reception *self);

/* Answers what waits at @questions. */
void answer_questions(struct reception *self);

/* Whether a process of a guest is left. */
bool has_guests(struct reception *self);

/*
 * Leaves a process behind that lets the calls of all guests through until the
 * last of their processes has ended. Returns its number, 0 if none is needed,
 * or -errno.
 */
int leave_answering(struct reception *self);

/* Takes the socket away: nobody can come any more. */
void close_reception(struct reception *self);

#endif
