// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import io.sandbox.audit.JournalExportReader;
import io.sandbox.audit.LineBlocks;
import java.io.IOException;

/** A source whose beginning was looked at. */
final class PeekedSource implements LineBlocks.Source {
    /** As many bytes as tell a journal export from all else. */
    private static final int BEGINNING = 16;

    private final LineBlocks.Source source;
    private final byte[] start = new byte[BEGINNING];
    private int length;
    private int given;

    PeekedSource(LineBlocks.Source source) throws IOException {
        this.source = source;
        int count = 0;
        // A line feed ends the waiting: what a pipe holds so far may be all for long.
        while (count >= 0 && length < BEGINNING && !holdsFeed()) {
            count = source.read(start, length, BEGINNING - length);
            length += Math.max(0, count);
        }
    }

    private boolean holdsFeed() {
        for (int i = 0; i < length; i++) {
            if (start[i] == '\n') {
                return true;
            }
        }
        return false;
    }

    boolean startsExport() {
        return JournalExportReader.isAt(start, 0, length);
    }

    @Override
    public int read(byte[] buf, int off, int len) throws IOException {
        if (given == length) {
            return source.read(buf, off, len);
        }
        int count = Math.min(len, length - given);
        System.arraycopy(start, given, buf, off, count);
        given += count;
        return count;
    }
}
