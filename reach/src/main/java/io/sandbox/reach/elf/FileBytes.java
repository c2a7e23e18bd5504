// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.elf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The bytes of a file, little-endian. A read outside of them is an {@link ElfException}. */
final class FileBytes {
    /** Only hostile files have longer names. */
    private static final int LONGEST_NAME = 4096;

    private final ByteBuffer bytes;

    FileBytes(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    int size() {
        return bytes.capacity();
    }

    int u8(long at) {
        return bytes.get(checked(at, 1)) & 0xff;
    }

    int u16(long at) {
        return bytes.getShort(checked(at, 2)) & 0xffff;
    }

    int i32(long at) {
        return bytes.getInt(checked(at, 4));
    }

    long u32(long at) {
        return Integer.toUnsignedLong(i32(at));
    }

    long i64(long at) {
        return bytes.getLong(checked(at, 8));
    }

    /** The text up to the next NUL. */
    String text(long at) {
        int start = checked(at, 1);
        int end = start;
        while (u8(end) != 0) {
            end++;
            if (end - start > LONGEST_NAME) {
                throw new ElfException("damaged: a name is longer than " + LONGEST_NAME + " bytes");
            }
        }
        return new String(bytes.array(), start, end - start, StandardCharsets.UTF_8);
    }

    /** Checks that a part lies in the file, and returns where it begins. */
    int checked(long at, long length) {
        if (at < 0 || length < 0 || at > size() - length) {
            throw new ElfException("damaged or cut off: it refers to bytes behind its end");
        }
        return (int) at;
    }

    byte[] array() {
        return bytes.array();
    }
}
