// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import java.util.Optional;

/** The part of an ELF header that tells the architecture (elf(5)). */
record ElfHeader(int machine, int elfClass, boolean littleEndian) {
    /** How many bytes of a file {@link #parse} needs. */
    static final int SIZE = 20;

    /** Empty if there are too few bytes, or if they are not the beginning of an ELF file. */
    static Optional<ElfHeader> parse(byte[] head) {
        if (head.length < SIZE
                || head[0] != 0x7f
                || head[1] != 'E'
                || head[2] != 'L'
                || head[3] != 'F') {
            return Optional.empty();
        }
        boolean class32 = head[4] == 1;
        boolean little = head[5] == 1;
        if (!class32 && head[4] != 2 || !little && head[5] != 2) {
            return Optional.empty();
        }
        int first = head[18] & 0xff;
        int second = head[19] & 0xff;
        int machine = little ? second << 8 | first : first << 8 | second;
        return Optional.of(new ElfHeader(machine, class32 ? 32 : 64, little));
    }
}
