// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

/** What one line or one netlink payload is. A caller has to handle all four. */
public enum ParseOutcome {
    /** A seccomp record; {@link SeccompRecordParser#record()} holds its fields. */
    RECORD,
    /** The kernel dropped records or messages; see {@link SeccompRecordParser#lossKind()}. */
    LOSS,
    /** Anything else: other audit records, other log lines, empty lines. */
    NOT_OURS,
    /**
     * The beginning of a seccomp record that cannot be trusted, for example because it was cut. It
     * counts as a lost record. {@link SeccompRecordParser#malformedReason()} tells why.
     */
    MALFORMED
}
