// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.bpf;

import io.sandbox.policy.Condition;
import java.util.Arrays;
import java.util.List;

/** The data of a call that a filter can read: {@code struct seccomp_data} of linux/seccomp.h. */
public record CallData(int number, int arch, long[] arguments) {
    private static final long ADDRESS = 0x7fff_dead_beef_0000L;

    /** Takes the first arguments; the others are 0. */
    public static CallData of(int number, int arch, long... first) {
        return new CallData(number, arch, Arrays.copyOf(first, 6));
    }

    /** Whether the arguments fulfil all these conditions. */
    public boolean fulfils(List<Condition> conditions) {
        return conditions.stream().allMatch(each -> each.holds(arguments[each.argument()]));
    }

    /**
     * The 32-bit word that a filter loads from an offset.
     *
     * @param littleEndian whether the machine stores the lower half of a number first
     */
    int word(int offset, boolean littleEndian) {
        if (offset == BpfNumbers.NR_OFFSET) {
            return number;
        }
        if (offset == BpfNumbers.ARCH_OFFSET) {
            return arch;
        }
        boolean first = offset % Long.BYTES == 0;
        long value =
                offset < BpfNumbers.ARGUMENTS_OFFSET
                        ? ADDRESS
                        : arguments[(offset - BpfNumbers.ARGUMENTS_OFFSET) / Long.BYTES];
        return (int) (first == littleEndian ? value : value >>> Integer.SIZE);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("nr " + number + " arch ");
        text.append(Integer.toHexString(arch)).append(" (");
        for (long argument : arguments) {
            text.append(' ').append(Long.toHexString(argument));
        }
        return text.append(" )").toString();
    }
}
