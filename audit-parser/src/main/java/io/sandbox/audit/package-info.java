// SPDX-License-Identifier: Apache-2.0
/**
 * Turns the bytes of logs into fields of seccomp records and into losses. {@link
 * io.sandbox.audit.SeccompRecordParser} reads one record, {@link io.sandbox.audit.LogScanner} a
 * whole log. The package gets its bytes from the caller: it opens no file, looks at no clock, and
 * gives no number a name. What records mean for a program is decided in the recorder.
 */
package io.sandbox.audit;
