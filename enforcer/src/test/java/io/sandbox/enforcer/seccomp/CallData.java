// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** {@code struct seccomp_data} of linux/seccomp.h. */
record CallData(int number, int arch, long[] arguments) {
    static CallData of(int number, int arch, long... first) {
        return new CallData(number, arch, Arrays.copyOf(first, 6));
    }

    ByteBuffer toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(64).order(ByteOrder.nativeOrder());
        bytes.putInt(number).putInt(arch).putLong(0x7fff_dead_beef_0000L);
        for (long argument : arguments) {
            bytes.putLong(argument);
        }
        return bytes;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("nr " + number + " arch " + hex(arch) + " (");
        for (long argument : arguments) {
            text.append(' ').append(Long.toHexString(argument));
        }
        return text.append(" )").toString();
    }

    private static String hex(int value) {
        return Integer.toHexString(value);
    }
}
