// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The memory of a process, read by address. */
interface ProcessMemory extends Closeable {
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
