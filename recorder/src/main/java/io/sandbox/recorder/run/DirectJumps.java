// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.process.Mapping;
import io.sandbox.enforcer.launch.process.ProcessMemory;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

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

    /** Answers by file and offset; not for code from no file, which may change. */
    private final Map<String, Boolean> known = new HashMap<>();

    /**
     * @param maps /proc/PID/maps of the process whose memory it is
     * @return whether a direct jump may lead to {@code address}; also true if we cannot know
     */
    boolean mayLeadTo(long address, String maps, ProcessMemory memory) throws IOException {
        Optional<Mapping> found =
                Mapping.parse(maps).filter(mapping -> mapping.contains(address)).findFirst();
        if (found.isEmpty()) {
            return true;
        }
        Mapping code = found.get();
        long size = code.end() - code.start();
        if (size > MAX_CODE) {
            return true;
        }
        int target = (int) (address - code.start());
        if (!code.isFile() || code.permissions().contains("w")) {
            return leadsTo(target, memory.read(code.start(), (int) size));
        }
        String key = code.file() + " " + code.path() + " " + (target + code.offset());
        Boolean before = known.get(key);
        if (before == null) {
            before = leadsTo(target, memory.read(code.start(), (int) size));
            known.put(key, before);
        }
        return before;
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
