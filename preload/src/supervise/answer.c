// SPDX-License-Identifier: Apache-2.0
#include "supervise/answer.h"

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

int answer_ok(const struct java *java)
{
	tell_java(java, "ok");
	return 0;
}

void tell_failure(const struct java *java, const struct failure *why)
{
	tell_java(java, "refused %d %s", why->status, why->text);
}
