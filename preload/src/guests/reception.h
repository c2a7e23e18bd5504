/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guests/keeper.h"
#include "guests/watch.h"

/*
 * The most connections that have not yet sent everything. A program connects before it is
 * executed, and many may start at once, such as when the machine boots.
 */
#define MAX_ARRIVALS 512

/*
 * A connection. What it sends is one JSON object, OCI's container process
 * state, and with it one descriptor.
 * @socket: or -1
 * @listener: what has come with it, or -1
 * @joins: it waits until its calls are counted, and has no listener
 */
struct arrival {
	int socket;
	int peer;
	int listener;
	char *text;
	size_t length;
	bool joins;
};

/* A listener that has been handed over. @kept: it has a keeper */
struct guest {
	int number;
	bool kept;
	struct watch watch;
};

/*
 * The socket at which container runtimes and services hand over the listeners
 * of their filters. Java answers the calls. We keep a copy of each listener, so
 * that no call hangs or fails when Java is gone.
 * @path: the path of the socket; empty if there is none
 * @unit: a unit of systemd whose processes may connect too; empty for none
 * @counts: arrivals without a listener want to join
 * @keeping: whether guests get keepers, set before the socket is made
 * @spare: a descriptor that is closed to turn somebody away if there are no others
 * @events: an epoll(7) of the socket and of all connections
 * @questions: an epoll(7) of the listeners that are answered here; -1 before
 *	the socket is made
 * @refused_since, @refused: how many connections have been refused since then
 */
struct reception {
	char path[108];
	char unit[256];
	bool counts;
	struct keeping keeping;
	int socket;
	int spare;
	int events;
	int questions;
	struct arrival arrivals[MAX_ARRIVALS];
	unsigned int evicted;
	int64_t refused_since;
	unsigned int refused;
	struct guest *guests;
	int guest_count;
	int numbers;
};

#define RECEPTION_INIT { .socket = -1, .events = -1, .questions = -1 }

/*
 * Listens at @path, which must be new and lie in a folder of ours into which
 * nobody else can write. Our user and root may connect, and the processes of the service @unit under
 * any user; NULL for no service. Returns NULL, or in words what is wrong.
 */
const char *open_reception(struct reception *self, const char *path,
			   const char *unit);

/*
 * Reads from all connections, and passes each complete listener on to @java, as
 * "handed NUMBER PEER\n" and the state; whoever wants to join, as "joining
 * PEER\n" and the state. A refused connection is closed, after one
 * line for the user that begins with @name, and its calls are let through. Java
 * is then told "unrecorded", unless the connection was another user's.
 */
void receive_arrivals(struct reception *self, const char *name, int java);

/*
 * Lets a process that wants to join execute its program; with @counted its calls
 * are counted. Returns whether it still waits.
 */
bool release_joining(struct reception *self, int peer, bool counted);

/* Forgets a guest: its calls fail from now on if nobody else answers them. */
void dismiss_guest(struct reception *self, int number);

/* From now on, lets the calls of a guest be made without asking Java. */
void answer_guest(struct reception *self, int number);

/* Does this for all guests. */
void answer_all_guests(struct reception *self);

/* Answers the calls that wait at @questions. */
void answer_questions(struct reception *self);

/*
 * Leaves a process behind that lets the calls of all guests without a keeper through until the
 * last of their processes has ended. Returns its number, 0 if none is needed,
 * or -errno.
 */
int leave_answering(struct reception *self);

/*
 * Removes the socket: nobody can connect any more. Who has connected is still
 * received, since his calls would fail if his listener was lost. @name and @java
 * as for receive_arrivals().
 */
void close_reception(struct reception *self, const char *name, int java);
