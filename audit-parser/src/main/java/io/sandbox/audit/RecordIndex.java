// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

/**
 * Finds where records begin in a log of auditd, many at once. It is meant for native code, which
 * does this faster than {@link LogScanner} itself.
 *
 * <p>It goes through plain lines. A plain line begins with {@code type=NAME msg=audit(} and has at
 * least 48 bytes in the block. NAME is {@code SECCOMP}, with a digit after the parenthesis; or up
 * to 32 upper-case letters and underscores that do not begin with {@code U} or {@code AN}, since
 * other names of seccomp's type begin so.
 */
@FunctionalInterface
public interface RecordIndex {
    /**
     * Searches up to the first line that is not plain, to the end, or until {@code starts} is full.
     * It may stop earlier, but must go past at least one plain line if it begins at one.
     *
     * @param from the beginning of a line
     * @param to the end of the bytes that may be read
     * @param starts receives the beginnings of the SECCOMP lines, followed by the position where
     *     the search ended: the beginning of a line, or {@code to}
     * @return the number of SECCOMP lines
     */
    int find(byte[] block, int from, int to, int[] starts);
}
