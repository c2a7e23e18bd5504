// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import io.sandbox.enforcer.launch.SourceException;

/**
 * The start of a message of {@code /dev/kmsg}: {@code
 * PRIORITY,SEQUENCE,MICROSECONDS,FLAGS[,...];TEXT} (Documentation/ABI/testing/dev-kmsg). The
 * facility is the priority without its three lowest bits.
 *
 * @param facility 0 for messages of the kernel itself, and only for these
 * @param sequence the message's number, one higher than that of the message before
 * @param textOffset where the text begins
 */
record KmsgHeader(int facility, long sequence, int textOffset) {
    static KmsgHeader parse(byte[] message, int length) {
        int[] at = {0};
        long priority = parseNumber(message, length, at, ',');
        long sequence = parseNumber(message, length, at, ',');
        int text = at[0];
        while (text < length && message[text] != ';') {
            text++;
        }
        if (priority < 0 || sequence < 0 || text == length) {
            throw new SourceException(
                    "kmsg: a message does not have the form that the kernel documents");
        }
        return new KmsgHeader((int) (priority >> 3), sequence, text + 1);
    }

    /** Reads a number before {@code end}, and moves {@code at} behind it; -1 if it is none. */
    private static long parseNumber(byte[] message, int length, int[] at, char end) {
        long value = 0;
        int start = at[0];
        int i = start;
        for (; i < length && message[i] != end; i++) {
            if (message[i] < '0' || message[i] > '9' || i - start > 17) {
                return -1;
            }
            value = value * 10 + (message[i] - '0');
        }
        at[0] = i + 1;
        return i > start && i < length ? value : -1;
    }
}
