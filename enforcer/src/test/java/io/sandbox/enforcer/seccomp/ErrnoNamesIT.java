// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.Function;
import io.sandbox.policy.ErrnoNames;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** It is not beside ErrnoNames, because it calls native code. */
class ErrnoNamesIT {
    @Test
    void nameOf_everyNumber_isWhatTheCLibrarySays() {
        Function strerrorname = find();
        for (int number = 1; number < 200; number++) {
            String name = strerrorname.invokeString(new Object[] {number}, false);
            // glibc may choose the other of two names.
            String ours = ErrnoNames.nameOf(number).orElse(null);
            assertEquals(name == null, ours == null, "errno " + number);
            if (name != null) {
                assertEquals(number, ErrnoNames.numberOf(name).orElse(0), name);
            }
        }
    }

    /** Since glibc 2.32. */
    private static Function find() {
        try {
            return Function.getFunction("c", "strerrorname_np");
        } catch (UnsatisfiedLinkError e) {
            return Assumptions.abort("no strerrorname_np: " + e.getMessage());
        }
    }
}
