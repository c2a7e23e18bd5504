// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.process;

import io.sandbox.enforcer.policy.ShownValue;
import java.util.Objects;

/**
 * Where in a program a call is made.
 *
 * @param module the file whose code it is, or a name in brackets such as {@code [vdso]}
 * @param offset from the start of that file, of the instruction behind the call
 */
public record Origin(String module, long offset) {
    public Origin {
        Objects.requireNonNull(module, "module");
        if (module.isEmpty()) {
            throw new IllegalArgumentException("an origin without a module");
        }
    }

    /**
     * Reads what {@link #toString} gives.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    public static Origin parse(String text) {
        int plus = text.lastIndexOf("+0x");
        if (plus < 0) {
            throw new IllegalArgumentException("not MODULE+0xOFFSET: " + ShownValue.of(text));
        }
        return new Origin(
                text.substring(0, plus), Long.parseUnsignedLong(text.substring(plus + 3), 16));
    }

    /** As in {@code /usr/lib/libc.so.6+0xfe180}, which addr2line and gdb understand. */
    @Override
    public String toString() {
        return module + "+0x" + Long.toHexString(offset);
    }
}
