/* SPDX-License-Identifier: Apache-2.0 */
/* A whole policy as one text of tests: "ALLOW errno:1 enosys:4.19 read:write". */
#pragma once

#include <string.h>

#include "library/filter.h"
#include "library/policy_text.h"

/* Reads it; a "-" is for no word about unknown calls. Changes the text. */
static bool read_policy(char *text, size_t length, struct filter_policy *policy)
{
	const char *end = text + length;
	char *mode = strsep(&text, " "), *action = strsep(&text, " ");
	char *unknown = strsep(&text, " ");
	struct policy_mistake mistake;

	*policy = (struct filter_policy){
		.allow = strcmp(mode, "ALLOW") == 0,
		.refuses_unknown = strcmp(unknown, "-") != 0,
		.variable = "TEST",
		.list = text,
		.length = end - text,
	};
	return !policy_action_parse(action, strlen(action), &policy->action,
				    &mistake) &&
	       (!policy->refuses_unknown ||
		!policy_unknown_parse(unknown, strlen(unknown),
				      &policy->newest));
}
