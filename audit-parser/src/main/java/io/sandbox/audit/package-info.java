// SPDX-License-Identifier: Apache-2.0
/**
 * Turns the bytes of logs into fields of seccomp records and into losses. {@link
 * io.sandbox.audit.SeccompRecordParser} reads one record, {@link io.sandbox.audit.LogScanner} a
 * whole log. The package gets its bytes from the caller: it opens no file, reads no clock, and
 * translates no number to a name. The recorder decides what records mean for a program.
 */
package io.sandbox.audit;
