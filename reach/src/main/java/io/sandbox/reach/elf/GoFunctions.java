// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.elf;

import java.util.TreeMap;

/** The functions of a Go program, by the table that its runtime needs (.gopclntab). */
public final class GoFunctions {
    private static final int MAGIC_1_18 = 0xfffffff0;
    private static final int MAGIC_1_20 = 0xfffffff1;
    private static final int MOST = 4_000_000;

    private GoFunctions() {}

    /** The address of each function, with its name; empty if this is no such program. */
    public static TreeMap<Long, String> of(ElfFile file) {
        for (Segment segment : file.segments()) {
            if (!segment.executable()) {
                // The table begins at a multiple of 32.
                long end = segment.offset() + segment.fileSize() - 72;
                for (long at = (segment.offset() + 31) / 32 * 32; at < end; at += 32) {
                    if (isTable(file.bytes(), at)) {
                        return read(file, at);
                    }
                }
            }
        }
        return new TreeMap<>();
    }

    private static boolean isTable(FileBytes bytes, long at) {
        int magic = bytes.i32(at);
        return (magic == MAGIC_1_18 || magic == MAGIC_1_20)
                && bytes.u16(at + 4) == 0
                && (bytes.u8(at + 6) == 1 || bytes.u8(at + 6) == 4)
                && bytes.u8(at + 7) == 8;
    }

    private static TreeMap<Long, String> read(ElfFile file, long table) {
        FileBytes bytes = file.bytes();
        long count = bytes.i64(table + 8);
        long text = bytes.i64(table + 24);
        if (text == 0) {
            // Newer linkers leave it out: there is only one text segment.
            text = file.entrySegmentAddress();
        }
        long names = table + bytes.i64(table + 32);
        long functions = table + bytes.i64(table + 64);
        if (count < 0 || count > MOST) {
            throw new ElfException("damaged: its table of Go functions cannot be right");
        }
        bytes.checked(functions, count * 8);
        TreeMap<Long, String> found = new TreeMap<>();
        for (long i = 0; i < count; i++) {
            long start = text + bytes.u32(functions + i * 8);
            long entry = functions + bytes.u32(functions + i * 8 + 4);
            if (file.isCode(start)) {
                found.put(start, bytes.text(names + bytes.u32(entry + 4)));
            }
        }
        return found;
    }
}
