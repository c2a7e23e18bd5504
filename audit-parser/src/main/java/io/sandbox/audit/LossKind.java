// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

/** What a loss line counts. The numbers of different kinds must not be added up. */
public enum LossKind {
    /**
     * {@code kauditd_printk_skb: N callbacks suppressed} ({@code audit_printk_skb} before Linux
     * 4.10): the printk limiter kept N audit records, of any type, out of the kernel log since the
     * last such line.
     */
    PRINTK_SUPPRESSED,
    /**
     * {@code audit_log_start: N callbacks suppressed} and other audit functions: N warnings about
     * losses were not printed; each stands for at least one lost record.
     */
    WARNINGS_SUPPRESSED,
    /**
     * {@code audit_lost=N} of {@code audit_log_lost}: the running total since boot, not a
     * difference.
     */
    LOST_TOTAL,
    /**
     * Records were lost, how many is not said: {@code backlog limit exceeded}, {@code rate limit
     * exceeded}, a queue overflow, out of memory ({@code audit_panic} in kernel/audit.c), {@code
     * audit_backlog=N > audit_backlog_limit=M}.
     */
    UNCOUNTED
}
