// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static io.sandbox.audit.AsciiBytes.ascii;
import static io.sandbox.audit.AsciiBytes.isDigit;
import static io.sandbox.audit.AsciiBytes.matches;

/**
 * The head that a CRI runtime puts before each line of a container's output: {@code
 * 2016-10-06T00:17:09.669794202Z stdout F }, with {@code P} if the line continues in the next one
 * (kubernetes/cri-api and design-proposals/node/kubelet-cri-logging.md).
 */
final class CriLine {

    /** {@code 2016-10-06T00:17:09.669794202+02:00} has 35 bytes. */
    private static final int STAMP_LIMIT = 40;

    private static final byte[] STDOUT = ascii(" stdout ");
    private static final byte[] STDERR = ascii(" stderr ");

    /** Where the text of the container begins; -1 if there is no such head. */
    static int textAt(byte[] buf, int off, int end) {
        if (end - off < STAMP_LIMIT || !isDigit(buf[off]) || buf[off + 10] != 'T') {
            return -1;
        }
        int stream = AsciiBytes.indexOf(buf, off, off + STAMP_LIMIT, (byte) ' ');
        int tag = stream + STDOUT.length;
        boolean there =
                (matches(buf, stream, end, STDOUT) || matches(buf, stream, end, STDERR))
                        && tag + 1 < end
                        && (buf[tag] == 'F' || buf[tag] == 'P')
                        && (buf[tag + 1] == ' ' || buf[tag + 1] == ':');
        return there ? tag + 2 : -1;
    }
}
