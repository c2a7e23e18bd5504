// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import com.github.luben.zstd.ZstdInputStream;
import io.sandbox.audit.LineBlocks;
import io.sandbox.audit.LinesOfPart;
import io.sandbox.enforcer.launch.file.RegularFile;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * One log. A log compressed by gzip or zstd is decompressed while it is read; other compressions
 * are refused. The first bytes tell the compression, not the file's name. The need for memory does
 * not depend on the decompressed size.
 */
public final class LogInput implements LineBlocks.Source, Closeable {
    private static final int MAGIC = 6;
    private static final byte[] GZIP = {0x1f, (byte) 0x8b};
    private static final byte[] ZSTD = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};
    private static final byte[] XZ = {(byte) 0xfd, '7', 'z', 'X', 'Z', 0};
    private static final byte[] BZIP2 = {'B', 'Z', 'h'};

    /** Follows the digit after bzip2's magic number. */
    private static final byte BZIP2_BLOCK = 0x31;

    private static final int PIECE = 1 << 17;

    private final String name;
    private final InputStream in;

    /** Null if the file is compressed or cannot seek. */
    private final LinesOfPart.File file;

    private long packedRead;

    private LogInput(String name, InputStream raw, LinesOfPart.File file) throws IOException {
        this.name = name;
        // With a buffer, since the first read is only of the magic number.
        BufferedInputStream counted = new BufferedInputStream(new Counting(raw), 1 << 16);
        in = unpacked(counted);
        this.file = in == counted ? file : null;
    }

    /** Throws {@link IOException} if the file cannot be read, or is a folder. */
    public static LogInput open(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FileSystemException(file.toString(), null, "Is a directory");
        }
        FileInputStream in = new FileInputStream(file.toFile());
        return new LogInput(
                file.toString(),
                new ChannelStream(in.getChannel()),
                Files.isRegularFile(file) ? new LocalFile(in) : null);
    }

    /**
     * Opens a file that the user has not named: a pipe in its place could be waited for for ever.
     *
     * @throws IOException also if it is no regular file
     */
    public static LogInput openRegular(Path file) throws IOException {
        try (RegularFile regular = RegularFile.open(file)) {
            FileInputStream in = new FileInputStream(regular.path().toFile());
            return new LogInput(
                    file.toString(), new ChannelStream(in.getChannel()), new LocalFile(in));
        }
    }

    /** A file of another file system. */
    public static LogInput of(String name, LogFile file) throws IOException {
        return new LogInput(name, new FileStream(file), file);
    }

    static LogInput standardInput() throws IOException {
        NativeLog.widen(FileDescriptor.in);
        return of("standard input", new FileInputStream(FileDescriptor.in));
    }

    static LogInput of(String name, InputStream in) throws IOException {
        return new LogInput(name, in, null);
    }

    private static InputStream unpacked(BufferedInputStream in) throws IOException {
        byte[] magic = beginning(in, MAGIC);
        if (startsWith(magic, GZIP)) {
            return new WholeGzip(in, 1 << 16);
        }
        if (startsWith(magic, ZSTD)) {
            return new ZstdInputStream(in);
        }
        if (startsWith(magic, XZ)) {
            throw unreadable("xz");
        }
        if (startsWith(magic, BZIP2) && magic.length > 4 && magic[4] == BZIP2_BLOCK) {
            throw unreadable("bzip2");
        }
        return in;
    }

    private static byte[] beginning(InputStream in, int length) throws IOException {
        in.mark(length);
        byte[] bytes = in.readNBytes(length);
        in.reset();
        return bytes;
    }

    /** The first bytes, which are still to be read; none if the file is compressed. */
    public byte[] beginning(int length) throws IOException {
        return in.markSupported() ? beginning(in, length) : new byte[0];
    }

    /** All that was not read yet. */
    public byte[] readAll() throws IOException {
        return in.readAllBytes();
    }

    private static boolean startsWith(byte[] bytes, byte[] magic) {
        return bytes.length >= magic.length
                && Arrays.equals(bytes, 0, magic.length, magic, 0, magic.length);
    }

    private static IOException unreadable(String packer) {
        return new IOException(
                String.format(
                        "compressed with %1$s, which cannot be read (unpack it first:"
                                + " %1$s -dc FILE)",
                        packer));
    }

    /** The name in messages. */
    String name() {
        return name;
    }

    /** Whether {@link #part} works, as it does for a file that is not compressed. */
    boolean hasParts() {
        return file != null;
    }

    /** The current size of a file of this machine. */
    long size() throws IOException {
        return ((LocalFile) file).size();
    }

    /** The lines that begin in a part, see {@link LinesOfPart}. For any thread. */
    LinesOfPart part(long from, long to) {
        return new LinesOfPart(file, from, to);
    }

    /** How many bytes of the file, before decompression, {@link #read} has read. */
    long packedRead() {
        return packedRead;
    }

    @Override
    public int read(byte[] buf, int off, int len) throws IOException {
        return in.read(buf, off, len);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private final class Counting extends FilterInputStream {
        Counting(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] buf, int off, int len) throws IOException {
            int count = in.read(buf, off, len);
            packedRead += Math.max(0, count);
            return count;
        }
    }

    private static final class LocalFile implements LinesOfPart.File {
        private final FileInputStream in;

        /** The size before anything was read. */
        private final long firstSize;

        LocalFile(FileInputStream in) throws IOException {
            this.in = in;
            firstSize = size();
        }

        long size() throws IOException {
            return in.getChannel().size();
        }

        @Override
        public int read(byte[] buf, int off, int len, long position) throws IOException {
            int count = NativeLog.read(in.getFD(), buf, off, Math.min(len, PIECE), position);
            if (count < 0 && position < firstSize && size() < firstSize) {
                throw new IOException("the file became shorter while it was read");
            }
            return count;
        }
    }

    /** A stream that is read in blocks. */
    private abstract static class BlockStream extends InputStream {
        @Override
        public final int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }
    }

    /** Reads a file from its beginning to its end. */
    private static final class FileStream extends BlockStream {
        private final LogFile file;
        private long position;

        FileStream(LogFile file) {
            this.file = file;
        }

        @Override
        public int read(byte[] buf, int off, int len) throws IOException {
            int count = file.read(buf, off, len, position);
            position += Math.max(0, count);
            return count;
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    /** A FileInputStream would allocate a buffer for each large read. */
    private static final class ChannelStream extends BlockStream {
        private final FileChannel channel;
        private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);

        ChannelStream(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public int read(byte[] buf, int off, int len) throws IOException {
            piece.clear().limit(Math.min(len, PIECE));
            int count = channel.read(piece);
            if (count > 0) {
                piece.flip().get(buf, off, count);
            }
            return count;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
