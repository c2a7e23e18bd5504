// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.code;

/**
 * Decodes x86_64 instructions no further than it takes to find where each ends, and which addresses
 * are in it (Intel's manual, volume 2: chapter 2 and appendix A). A disassembler takes twenty times
 * as long, because it writes text.
 */
final class X86Decoder {
    /** In {@link #opcode}: the opcode comes after 0x0f. */
    static final int TWO_BYTES = 0x100;

    /** In {@link #opcode}: an instruction of another table, which refers to nothing but memory. */
    static final int OTHER = 0x200;

    /** What an instruction says about the memory that it works on. */
    enum Memory {
        NONE,

        /** The displacement counts from the next instruction. */
        RELATIVE,

        /** The displacement is the address. */
        ABSOLUTE,

        /** The displacement of four bytes is added to registers. */
        INDEXED
    }

    /**
     * What follows each opcode: m (a ModRM byte), b, w, z, v (a constant of 1 byte, of 2, of 4, of
     * 4 or 8), B and Z (both), j and J (a distance of 1 byte or 4), a (an address), n (nothing); p
     * and r: a prefix, x: no instruction. The others have code of their own.
     */
    private static final String FIRST_TABLE =
            "mmmmbzxxmmmmbzx2"
                    + "mmmmbzxxmmmmbzxx"
                    + "mmmmbzpxmmmmbzpx"
                    + "mmmmbzpxmmmmbzpx"
                    + "rrrrrrrrrrrrrrrr"
                    + "nnnnnnnnnnnnnnnn"
                    + "xx6mppppzZbBnnnn"
                    + "jjjjjjjjjjjjjjjj"
                    + "BZxBmmmmmmmmmmm8"
                    + "nnnnnnnnnnxnnnnn"
                    + "aaaannnnbznnnnnn"
                    + "bbbbbbbbvvvvvvvv"
                    + "BBwn45BZenwnnbxn"
                    + "mmmmxxxnmmmmmmmm"
                    + "jjjjbbbbJJxjnnnn"
                    + "pnppnnttnnnnnnmm";

    private static final String SECOND_TABLE =
            "mmmmxnnnnnxnxmnB"
                    + "mmmmmmmmmmmmmmmm"
                    + "mmmmxxxxmmmmmmmm"
                    + "nnnnnnxnmxBxxxxx"
                    + "mmmmmmmmmmmmmmmm"
                    + "mmmmmmmmmmmmmmmm"
                    + "mmmmmmmmmmmmmmmm"
                    + "BBBBmmmnmmxxmmmm"
                    + "JJJJJJJJJJJJJJJJ"
                    + "mmmmmmmmmmmmmmmm"
                    + "nnnmBmmmnnnmBmmm"
                    + "mmmmmmmmmmBmmmmm"
                    + "mmBmBBBmnnnnnnnn"
                    + "mmmmmmmmmmmmmmmm"
                    + "mmmmmmmmmmmmmmmm"
                    + "mmmmmmmmmmmmmmmm";

    private final byte[] bytes;
    private int at;
    private int end;
    private int opcode;
    private int modRm;
    private Memory memory = Memory.NONE;
    private int displacement;
    private long constant;

    /** Whether constants have two bytes instead of four. */
    private boolean isShort;

    /** The REX prefix; 0 without one. */
    private int rex;

    X86Decoder(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Decodes the instruction at a place.
     *
     * @param limit where the code ends
     * @return where the instruction ends; 0 if there is none before the limit
     */
    int decode(int place, int limit) {
        at = place;
        end = limit;
        modRm = 0;
        memory = Memory.NONE;
        displacement = 0;
        constant = 0;
        isShort = false;
        rex = 0;
        return decode() && at <= end ? at : 0;
    }

    /** The last byte of the opcode, with a mark for its table. */
    int opcode() {
        return opcode;
    }

    /** The middle part of the ModRM byte, which belongs to some opcodes. */
    int extension() {
        return modRm >> 3 & 7;
    }

    Memory memory() {
        return memory;
    }

    int displacement() {
        return displacement;
    }

    /** The constant, or the distance of a jump; 0 if there is none. */
    long constant() {
        return constant;
    }

    private int next() {
        return at < end ? bytes[at++] & 0xff : at++ & 0;
    }

    private long number(int size) {
        long value = 0;
        for (int i = 0; i < size; i++) {
            value |= (long) next() << 8 * i;
        }
        int unused = 64 - 8 * size;
        return value << unused >> unused;
    }

    private boolean decode() {
        int first = at;
        opcode = next();
        char form = FIRST_TABLE.charAt(opcode);
        while (form == 'p' || form == 'r') {
            isShort |= opcode == 0x66;
            rex = form == 'r' ? opcode : 0;
            if (at - first > 14) {
                return false;
            }
            opcode = next();
            form = FIRST_TABLE.charAt(opcode);
        }
        return switch (form) {
            case '2' -> decodeSecondTable();
            case '4' -> {
                int map = next() & 0x1f;
                next();
                yield decodeVector(map);
            }
            case '5' -> {
                next();
                yield decodeVector(1);
            }
            case '6' -> {
                int map = next() & 7;
                next();
                next();
                yield decodeVector(map);
            }
            case '8' -> {
                // pop, or the prefix of AMD's XOP.
                int map = at < end ? bytes[at] & 0x1f : 0;
                yield map < 8 ? decodeRest('m') : decodeXop(map);
            }
            case 't' -> {
                boolean byteSized = (opcode & 1) == 0;
                yield decodeRest('m') && (extension() > 1 || decodeRest(byteSized ? 'b' : 'z'));
            }
            default -> decodeRest(form);
        };
    }

    private boolean decodeSecondTable() {
        int second = next();
        if (second == 0x38 || second == 0x3a) {
            next();
            opcode = OTHER;
            return decodeRest(second == 0x38 ? 'm' : 'B');
        }
        opcode = TWO_BYTES | second;
        return decodeRest(SECOND_TABLE.charAt(second));
    }

    /** Instructions with the prefixes VEX and EVEX. */
    private boolean decodeVector(int map) {
        int second = next();
        opcode = OTHER;
        boolean constants =
                second >= 0x70 && second <= 0x73
                        || second == 0xc2
                        || second >= 0xc4 && second <= 0xc6;
        return switch (map) {
            case 1 -> decodeRest(second == 0x77 ? 'n' : constants ? 'B' : 'm');
            case 2, 5, 6 -> decodeRest('m');
            case 3 -> decodeRest('B');
            default -> false;
        };
    }

    private boolean decodeXop(int map) {
        next();
        next();
        next();
        opcode = OTHER;
        return decodeRest(map == 8 ? 'B' : map == 9 ? 'm' : 'Z');
    }

    private boolean decodeRest(char form) {
        if (form == 'm' || form == 'B' || form == 'Z') {
            decodeMemory();
        }
        switch (form) {
            case 'b', 'B', 'j' -> constant = number(1);
            case 'w' -> constant = number(2);
            case 'z', 'Z' -> constant = number(isShort ? 2 : 4);
            case 'v' -> constant = number((rex & 8) != 0 ? 8 : isShort ? 2 : 4);
            case 'J' -> constant = number(4);
            case 'e' -> number(3);
            case 'a' -> constant = number(8);
            default -> {}
        }
        return form != 'x';
    }

    private void decodeMemory() {
        modRm = next();
        int mode = modRm >> 6;
        int base = modRm & 7;
        if (mode == 3) {
            return;
        }
        boolean indexed = base == 4;
        int index = 4;
        if (indexed) {
            int sib = next();
            index = sib >> 3 & 7 | (rex & 2) << 2;
            base = sib & 7;
        }
        if (mode == 1) {
            number(1);
        } else if (mode == 2) {
            displacement = (int) number(4);
            memory = Memory.INDEXED;
        } else if (base == 5) {
            displacement = (int) number(4);
            boolean plain = index == 4 && opcode != OTHER;
            memory = !indexed ? Memory.RELATIVE : plain ? Memory.ABSOLUTE : Memory.INDEXED;
        }
    }
}
