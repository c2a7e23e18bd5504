// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.process;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The memory of a process, read by address. */
public interface ProcessMemory extends Closeable {
    int PAGE = 4096;
    int MAX_PATH = 4096;

    /** Throws {@link IOException} when not all of it can be read. */
    byte[] read(long address, int length) throws IOException;

    @Override
    void close() throws IOException;

    /** Some bytes of {@code thread}'s process, in the order of this machine. */
    static ByteBuffer read(int thread, long address, int length) throws IOException {
        try (ProcessMemory memory = of(thread)) {
            return ByteBuffer.wrap(memory.read(address, length)).order(ByteOrder.nativeOrder());
        }
    }

    /** The path at an address of {@code thread}'s process, up to the byte 0. */
    static String readPath(int thread, long address) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try (ProcessMemory memory = of(thread)) {
            while (text.size() <= MAX_PATH) {
                long at = address + text.size();
                // The next page may not be there.
                for (byte each : memory.read(at, PAGE - (int) (at & PAGE - 1))) {
                    if (each == 0) {
                        return text.toString(StandardCharsets.UTF_8);
                    }
                    text.write(each);
                }
            }
        }
        throw new IOException("too long");
    }

    /** The memory of {@code thread}'s process. Read it only while the thread waits for us. */
    static ProcessMemory of(int thread) throws IOException {
        RandomAccessFile file = new RandomAccessFile("/proc/" + thread + "/mem", "r");
        return new ProcessMemory() {
            @Override
            public byte[] read(long address, int length) throws IOException {
                byte[] bytes = new byte[length];
                file.seek(address);
                file.readFully(bytes);
                return bytes;
            }

            @Override
            public void close() throws IOException {
                file.close();
            }
        };
    }
}
