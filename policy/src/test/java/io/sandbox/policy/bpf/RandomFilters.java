// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.bpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/** Makes filters of random instructions that the kernel accepts. A seed gives the same filters. */
final class RandomFilters {
    private static final int[] OPCODES = {
        0x20, 0x20, 0x20, 0x20, 0x80, 0x81, 0x00, 0x01, 0x60, 0x61, 0x02, 0x03, 0x07, 0x87, 0x84,
        0x54, 0x54, 0x5c, 0x04, 0x0c, 0x14, 0x24, 0x34, 0x3c, 0x44, 0x64, 0x74, 0xa4, 0xac, 0x05,
        0x06, 0x06, 0x16, 0x15, 0x15, 0x15, 0x15, 0x15, 0x1d, 0x25, 0x25, 0x2d, 0x35, 0x35, 0x3d,
        0x45, 0x45, 0x4d
    };

    static final int[] CONSTANTS = {
        0, 1, 2, 3, 7, 16,
        39, 0xff, 0x100, 0x1000, 0x4000_0000, 0x7fff_ffff,
        0x8000_0000, -1, -2, 0xc000_003e, 0x4000_0003
    };

    private static final int[] RETURNS = {
        BpfNumbers.ALLOW,
        BpfNumbers.KILL_PROCESS,
        BpfNumbers.ERRNO | 1,
        BpfNumbers.LOG,
        BpfNumbers.USER_NOTIF,
        BpfNumbers.TRAP,
        0
    };

    private final Random random;

    RandomFilters(long seed) {
        random = new Random(seed);
    }

    /** Makes a filter that is probably valid. */
    byte[] next(int length) {
        ByteBuffer code = ByteBuffer.allocate(length * 8).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < length; i++) {
            int opcode = i + 1 == length ? 0x06 : pick(OPCODES);
            int left = length - i - 2;
            int k =
                    switch (opcode) {
                        case 0x20 -> 4 * random.nextInt(16);
                        case 0x60, 0x61, 0x02, 0x03 -> random.nextInt(2);
                        case 0x05 -> left > 0 ? random.nextInt(Math.min(left, 8)) : 0;
                        case 0x06 -> pick(RETURNS);
                        case 0x64, 0x74 -> random.nextInt(32);
                        default -> pick(CONSTANTS);
                    };
            boolean jumps = (opcode & 7) == 5 && opcode != 0x05;
            code.putShort((short) opcode);
            code.put(jumps ? jump(left) : 0).put(jumps ? jump(left) : 0).putInt(k);
        }
        return code.array();
    }

    private byte jump(int left) {
        return (byte) (left > 0 ? random.nextInt(Math.min(left, 8)) : 0);
    }

    int pick(int[] values) {
        return values[random.nextInt(values.length)];
    }

    long argument() {
        long low = Integer.toUnsignedLong(pick(CONSTANTS) + random.nextInt(3) - 1);
        return random.nextInt(3) == 0 ? low : low | (long) pick(CONSTANTS) << Integer.SIZE;
    }
}
