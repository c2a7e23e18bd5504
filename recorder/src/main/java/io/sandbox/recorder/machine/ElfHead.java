// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.machine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Optional;

/** An ELF file's program headers (elf(5)), which linkers put into the first page. */
final class ElfHead {
    private static final int MAGIC = 0x7f << 24 | 'E' << 16 | 'L' << 8 | 'F';
    private static final int PT_INTERP = 3;
    private static final int PT_NOTE = 4;
    private static final int NT_GNU_BUILD_ID = 3;
    private static final int GNU_IN_NOTE = 4;
    private static final int NOTE_HEADER = 12;

    /** That of a linker has 8, 16 or 20 bytes; a packager may choose another. */
    private static final int MAX_BUILD_ID = 64;

    private final ByteBuffer page;
    private String interpreter = "";
    private Optional<String> buildId = Optional.empty();

    /**
     * @throws IllegalArgumentException if the file is not ELF, or its first page does not hold what
     *     its headers name
     */
    ElfHead(byte[] firstPage) {
        page = ByteBuffer.wrap(firstPage);
        try {
            readHeaders();
        } catch (IndexOutOfBoundsException | ArithmeticException e) {
            throw new IllegalArgumentException("an ELF file with headers elsewhere", e);
        }
    }

    /** The path of the dynamic linker; empty if there is none. */
    String interpreter() {
        return interpreter;
    }

    /** Tells builds of a program apart, as {@code file} shows it; empty if there is none. */
    Optional<String> buildId() {
        return buildId;
    }

    private void readHeaders() {
        if (page.order(ByteOrder.BIG_ENDIAN).getInt(0) != MAGIC) {
            throw new IllegalArgumentException("not an ELF file");
        }
        boolean wide = page.get(4) == 2;
        page.order(page.get(5) == 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        int header = Math.toIntExact(wide ? page.getLong(32) : page.getInt(28));
        int size = page.getShort(wide ? 54 : 42);
        int count = page.getShort(wide ? 56 : 44);
        for (int i = 0; i < count; i++, header += size) {
            int type = page.getInt(header);
            long offset = wide ? page.getLong(header + 8) : page.getInt(header + 4);
            long length = wide ? page.getLong(header + 32) : page.getInt(header + 16);
            if (type == PT_INTERP) {
                interpreter = readText(Math.toIntExact(offset));
            } else if (type == PT_NOTE && offset + length <= page.limit()) {
                readNotes(Math.toIntExact(offset), Math.toIntExact(offset + length));
            }
        }
    }

    private String readText(int start) {
        StringBuilder text = new StringBuilder();
        for (int i = start; page.get(i) != 0; i++) {
            text.append((char) (page.get(i) & 0xff));
        }
        return text.toString();
    }

    private void readNotes(int start, int end) {
        int note = start;
        while (note >= start && note + NOTE_HEADER <= end) {
            int nameLength = page.getInt(note);
            int length = page.getInt(note + 4);
            if (nameLength < 0 || length < 0) {
                return;
            }
            int content = note + NOTE_HEADER + aligned(nameLength);
            if (page.getInt(note + 8) == NT_GNU_BUILD_ID
                    && nameLength == GNU_IN_NOTE
                    && readText(note + NOTE_HEADER).equals("GNU")
                    && length > 0
                    && length <= MAX_BUILD_ID) {
                byte[] id = new byte[length];
                page.get(content, id);
                buildId = Optional.of(HexFormat.of().formatHex(id));
            }
            note = Math.addExact(content, aligned(length));
        }
    }

    private static int aligned(int length) {
        return Math.addExact(length, 3) & ~3;
    }
}
