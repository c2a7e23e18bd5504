// SPDX-License-Identifier: Apache-2.0
/* SIGSTOP stops Java, which goes on if we die (exec/java.c). */
#include "supervise/nap.h"

#include <signal.h>

#include "process/clock.h"

/* So long Java has for an answer, or to look whether the time of the program is over. */
#define AWAKE_MILLIS  10
#define ASLEEP_MILLIS 1000

static void turn(struct supervisor *self, bool asleep)
{
	struct nap *nap = &self->nap;

	if (nap->asleep != asleep && self->java.pid)
		kill(self->java.pid, asleep ? SIGSTOP : SIGCONT);
	nap->asleep = asleep;
	nap->until = now_millis() + (asleep ? ASLEEP_MILLIS : AWAKE_MILLIS);
}

void begin_nap(struct supervisor *self)
{
	self->nap.begun = self->nap.wanted;
	self->nap.wanted = false;
	turn(self, false);
}

void end_nap(struct supervisor *self)
{
	turn(self, false);
	self->nap.begun = false;
}

int nap_descriptor(const struct supervisor *self)
{
	return self->nap.asleep ? self->watch.listener : -1;
}

int nap_timeout(const struct supervisor *self)
{
	int64_t left = self->nap.until - now_millis();

	if (!self->nap.begun)
		return -1;
	return left > 0 ? (int)left : 0;
}

void take_nap(struct supervisor *self, bool asked)
{
	if (asked)
		turn(self, false);
	else if (nap_timeout(self) == 0)
		turn(self, !self->nap.asleep);
}
