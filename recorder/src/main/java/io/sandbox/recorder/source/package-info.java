// SPDX-License-Identifier: Apache-2.0
/**
 * Where records of calls come from while a program runs: the audit netlink socket and the kernel
 * log, with what they say about losses and what must be put back afterwards. The package hands over
 * bytes. It does not decide whose record something is, which is for {@code run}. Logs that already
 * exist are read in {@code log}.
 */
package io.sandbox.recorder.source;
