// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import io.sandbox.audit.JournalExportReader;
import io.sandbox.audit.LineBlocks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/** A source of which we have looked at the beginning, to find out its form. */
final class PeekedSource implements LineBlocks.Source {
    /** Enough bytes to recognise a journal or an array. */
    private static final int BEGINNING = 16;

    /** Also if the beginning ends before the first object. */
    private static final Pattern ARRAY = Pattern.compile("\\s*\\[\\s*(\\{.*)?", Pattern.DOTALL);

    private static final byte[] LAUREL = "{\"ID\":\"1".getBytes(StandardCharsets.US_ASCII);

    private final LineBlocks.Source source;
    private final byte[] start = new byte[BEGINNING];
    private int length;
    private int given;

    PeekedSource(LineBlocks.Source source) throws IOException {
        this.source = source;
        int count = 0;
        // Stops at a line feed, since a pipe may bring nothing more for a long time.
        while (count >= 0 && length < BEGINNING && !holdsFeed()) {
            count = source.read(start, length, BEGINNING - length);
            length += Math.max(0, count);
        }
        refuseWideText();
    }

    /**
     * No search finds a word in text of two bytes for each character, so that it would look like a
     * log without records. It begins with a mark, or with a letter beside a zero byte.
     */
    private void refuseWideText() throws IOException {
        if (length < 4) {
            return;
        }
        boolean marked =
                start[0] == (byte) 0xff && start[1] == (byte) 0xfe
                        || start[0] == (byte) 0xfe && start[1] == (byte) 0xff;
        boolean little = start[0] != 0 && start[1] == 0 && start[2] != 0 && start[3] == 0;
        boolean big = start[0] == 0 && start[1] != 0 && start[2] == 0 && start[3] != 0;
        if (marked || little || big) {
            throw new IOException(
                    "text in UTF-16, which cannot be read (convert it first: iconv -f UTF-16"
                            + " -t UTF-8 FILE)");
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

    /** Whether the log may be an array of JSON objects, in which no line is a record. */
    boolean startsArray() {
        return ARRAY.matcher(new String(start, 0, length, StandardCharsets.US_ASCII)).matches();
    }

    /**
     * Whether nobody can begin in the middle of it, or it may have a record twice: a journal, which
     * is an export or lines of {@code journalctl -o json}, or an array of JSON.
     */
    boolean isReadInOrder() {
        return startsExport() || startsArray() || startsJournal() && !startsLaurel();
    }

    private boolean startsJournal() {
        return length > 2
                && start[0] == '{'
                && start[1] == '"'
                && (start[2] == '_' || start[2] >= 'A' && start[2] <= 'Z');
    }

    /** A journal that began so would be read as well, but might count records twice. */
    private boolean startsLaurel() {
        return Arrays.equals(start, 0, LAUREL.length, LAUREL, 0, LAUREL.length);
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
