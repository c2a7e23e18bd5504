// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

/** The kinds of loss lines. Counts of different kinds must not be added up. */
public enum LossKind {
    /**
     * {@code kauditd_printk_skb: N callbacks suppressed} ({@code audit_printk_skb} before Linux
     * 4.10): since the last such line, the printk rate limit kept N audit records of any type out
     * of the kernel log.
     */
    PRINTK_SUPPRESSED,
    /**
     * {@code audit_log_start: N callbacks suppressed} and other audit functions: N warnings about
     * losses were not printed. Each means at least one lost record.
     */
    WARNINGS_SUPPRESSED,
    /** {@code audit_lost=N} of {@code audit_log_lost}: the total since boot. */
    LOST_TOTAL,
    /**
     * An unknown number of records was lost: {@code backlog limit exceeded}, {@code rate limit
     * exceeded}, a queue overflow, out of memory ({@code audit_panic} in kernel/audit.c), {@code
     * audit_backlog=N > audit_backlog_limit=M}.
     */
    UNCOUNTED
}
