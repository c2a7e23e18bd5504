// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Where the direct jumps of x86_64 code lead: those with their target in the instruction. We do not
 * know where instructions begin, so a jump may begin at any byte. This overlooks no jump, but can
 * report one that does not exist.
 */
final class DirectJumps {
    private static final long MAX_CODE = 64L << 20;

    private static final int SHORT_JMP = 0xeb;
    private static final int FIRST_SHORT_JCC = 0x70;
    private static final int LAST_SHORT_JCC = 0x7f;
    private static final int LOOPNE = 0xe0;
    private static final int JRCXZ = 0xe3;
    private static final int JMP = 0xe9;
    private static final int CALL = 0xe8;

    /** The first byte of opcodes of two bytes, such as jcc. */
    private static final int TWO_BYTES = 0x0f;

    private static final int FIRST_JCC = 0x80;
    private static final int LAST_JCC = 0x8f;

    /**
     * The answers, by file and offset. Code that comes from no file may change, so its answer is
     * not kept.
     */
    private final Map<String, Boolean> known = new HashMap<>();

    /**
     * @param maps /proc/PID/maps of the process whose memory it is
     * @return whether a direct jump may lead to {@code address}; also true if we cannot know
     */
    boolean mayLeadTo(long address, String maps, ProcessMemory memory) throws IOException {
        for (String line : maps.split("\n")) {
            String[] fields = line.split(" +", 6);
            int dash = fields[0].indexOf('-');
            // For a thread that has been killed, the text is empty.
            if (dash < 0) {
                continue;
            }
            long start = Long.parseUnsignedLong(fields[0], 0, dash, 16);
            long end = Long.parseUnsignedLong(fields[0], dash + 1, fields[0].length(), 16);
            if (address < start || address >= end) {
                continue;
            }
            if (end - start > MAX_CODE) {
                return true;
            }
            boolean isFile = fields.length == 6 && fields[5].startsWith("/");
            if (!isFile || fields[1].contains("w")) {
                return leadsTo((int) (address - start), memory.read(start, (int) (end - start)));
            }
            long offset = address - start + Long.parseUnsignedLong(fields[2], 16);
            String key = fields[3] + " " + fields[4] + " " + fields[5] + " " + offset;
            Boolean before = known.get(key);
            if (before == null) {
                before = leadsTo((int) (address - start), memory.read(start, (int) (end - start)));
                known.put(key, before);
            }
            return before;
        }
        return true;
    }

    /** Whether something that can be read as a jump or call leads to the byte at {@code target}. */
    static boolean leadsTo(int target, byte[] code) {
        for (int at = Math.max(0, target - 129);
                at < Math.min(code.length - 1, target + 127);
                at++) {
            if (isShortJump(code[at] & 0xff) && at + 2 + code[at + 1] == target) {
                return true;
            }
        }
        // The distance counts from its own end, so it shrinks by one with each byte.
        int distance = target - 5;
        int found = 0;
        for (int at = 0; at < code.length; at++) {
            found = found >>> 8 | (code[at] & 0xff) << 24;
            if (at >= 4 && found == distance - (at - 4) && isLongJump(code, at - 4)) {
                return true;
            }
        }
        return false;
    }

    /** jmp, jcc, loopne, loope, loop and jrcxz, followed by a distance of one byte. */
    private static boolean isShortJump(int opcode) {
        return opcode == SHORT_JMP
                || opcode >= FIRST_SHORT_JCC && opcode <= LAST_SHORT_JCC
                || opcode >= LOOPNE && opcode <= JRCXZ;
    }

    /** jmp, call and jcc; {@code at} is the last byte before their distance of four bytes. */
    private static boolean isLongJump(byte[] code, int at) {
        int opcode = code[at] & 0xff;
        return opcode == JMP
                || opcode == CALL
                || opcode >= FIRST_JCC && opcode <= LAST_JCC && at > 0 && code[at - 1] == TWO_BYTES;
    }
}
