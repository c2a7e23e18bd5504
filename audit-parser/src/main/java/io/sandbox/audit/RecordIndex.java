// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

/**
 * Finds where the records begin in a log of auditd, many at once and so faster than {@link
 * LogScanner} does by itself: for code that is not Java.
 *
 * <p>It goes through plain lines. Such a line begins with {@code type=NAME msg=audit(} and lies
 * with at least 48 bytes in the block. NAME is {@code SECCOMP}, and then a digit follows; or up to
 * 32 upper-case letters and underscores that do not begin with {@code U} or {@code AN}, as the
 * types do that may be seccomp's under another name.
 */
@FunctionalInterface
public interface RecordIndex {
    /**
     * Goes on to the first line that is not plain, to the end, or until {@code starts} is full. It
     * may always stop earlier, but not at once where a plain line begins.
     *
     * @param from where a line begins
     * @param to behind the last byte that may be read
     * @param starts receives where the lines of SECCOMP begin, and behind them where the search
     *     ended: where a line begins, or {@code to}
     * @return how many lines of SECCOMP there are
     */
    int find(byte[] block, int from, int to, int[] starts);
}
