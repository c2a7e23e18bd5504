// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.elf;

import java.util.ArrayList;
import java.util.List;

/** The head of an ELF file with its program headers (Elf64_Ehdr and Elf64_Phdr, elf.h). */
public final class ElfHeader {
    /** How long the head is. */
    public static final int SIZE = 64;

    private static final int PROGRAM_HEADER_SIZE = 56;
    private static final int MOST_SEGMENTS = 4096;
    private static final int ET_EXEC = 2;
    private static final int ET_DYN = 3;

    private final FileBytes bytes;
    private final Machine machine;

    /** A program header. */
    record Part(int type, int flags, long offset, long address, long fileSize, long memorySize) {}

    /**
     * @param start the file, or its beginning
     * @throws ElfException if it is damaged, or of another kind
     */
    public ElfHeader(byte[] start) {
        this(new FileBytes(start));
    }

    ElfHeader(FileBytes bytes) {
        this.bytes = bytes;
        if (bytes.size() < SIZE || bytes.i32(0) != 0x464c457f) {
            throw new ElfException("not an ELF file");
        }
        if (bytes.u8(5) != 1) {
            throw new ElfException(
                    "made for a big-endian machine: only x86_64 and aarch64 can be answered");
        }
        machine = Machine.of(bytes.u16(18), bytes.u8(4));
        if (bytes.u16(16) != ET_EXEC && bytes.u16(16) != ET_DYN) {
            throw new ElfException("an ELF file, but neither a program nor a library");
        }
    }

    public Machine machine() {
        return machine;
    }

    boolean hasFixedAddress() {
        return bytes.u16(16) == ET_EXEC;
    }

    long entry() {
        return bytes.i64(24);
    }

    List<Part> parts() {
        int count = bytes.u16(56);
        if (bytes.u16(54) != PROGRAM_HEADER_SIZE || count > MOST_SEGMENTS) {
            throw new ElfException("damaged: its program headers cannot be right");
        }
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long at = bytes.i64(32) + (long) PROGRAM_HEADER_SIZE * i;
            parts.add(
                    new Part(
                            bytes.i32(at),
                            bytes.i32(at + 4),
                            bytes.i64(at + 8),
                            bytes.i64(at + 16),
                            bytes.i64(at + 32),
                            bytes.i64(at + 40)));
        }
        return parts;
    }
}
