// SPDX-License-Identifier: Apache-2.0
/** How programs and commands end: exit statuses, failures and their words. */
package io.sandbox.outcome;
