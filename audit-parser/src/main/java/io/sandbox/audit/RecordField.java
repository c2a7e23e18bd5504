// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

/**
 * The fields of a seccomp record, in the order in which the kernel writes them: {@code
 * audit_log_task} and {@code audit_seccomp} in kernel/auditsc.c (seen in Linux 6.18). {@code
 * reason} existed only while seccomp used record type 1701 (before Linux 3.8). Kernels before 3.16
 * have no {@code arch}, and some of them no {@code compat} or {@code exe}.
 */
public enum RecordField {
    AUID,
    UID,
    GID,
    SES,
    SUBJ,
    PID,
    COMM,
    EXE,
    REASON,
    SIG,
    ARCH,
    SYSCALL,
    COMPAT,
    IP,
    CODE
}
