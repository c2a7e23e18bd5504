// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/**
 * Decompresses all members of a gzip file. Java's class silently stops at anything that is no
 * member, which is an error here. In older releases it also stops if the next member has not come
 * through the pipe yet, and we wait for it. Zeros may fill the end, as for gzip.
 */
final class WholeGzip extends GZIPInputStream {
    /** CRC32 and length after each member (RFC 1952). */
    private static final int TRAILER = 8;

    private final InputStream packed;
    private boolean ended;

    WholeGzip(BufferedInputStream packed, int size) throws IOException {
        super(new Patient(packed), size);
        this.packed = packed;
    }

    @Override
    public int read(byte[] out, int off, int len) throws IOException {
        int count = super.read(out, off, len);
        if (count < 0 && !ended) {
            ended = true;
            requireNothingMore();
        }
        return count;
    }

    private void requireNothingMore() throws IOException {
        boolean more = false;
        for (int i = this.len - inf.getRemaining() + TRAILER; i < this.len; i++) {
            more |= buf[i] != 0;
        }
        for (int b = packed.read(); b >= 0 && !more; b = packed.read()) {
            more = b != 0;
        }
        if (more) {
            throw new IOException("the compressed data is followed by other data");
        }
    }

    /** Reports 0 available bytes only at the end, because GZIPInputStream then stops. */
    private static final class Patient extends FilterInputStream {
        private final BufferedInputStream buffered;

        Patient(BufferedInputStream in) {
            super(in);
            buffered = in;
        }

        @Override
        public int available() throws IOException {
            buffered.mark(1);
            int next = buffered.read();
            buffered.reset();
            return next < 0 ? 0 : Math.max(1, buffered.available());
        }
    }
}
