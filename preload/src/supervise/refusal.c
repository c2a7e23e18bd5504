// SPDX-License-Identifier: Apache-2.0
#include "supervise/refusal.h"

#include <string.h>

int refuse_request(struct failure *why, const char *text)
{
	return set_failure(why, STATUS_OWN_FAILURE, "%s", text);
}

int refuse_for(struct failure *why, const char *what, int err)
{
	return set_failure(why, STATUS_OWN_FAILURE, "%s: %s", what,
			   strerror(-err));
}
