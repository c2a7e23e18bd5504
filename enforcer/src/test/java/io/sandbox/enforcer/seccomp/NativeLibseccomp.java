// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import org.junit.jupiter.api.Assumptions;

/** For tests that need the shared library of libseccomp, but no kernel feature. */
final class NativeLibseccomp {
    private NativeLibseccomp() {}

    /**
     * Skips the test without the library, or fails it if the environment has
     * REQUIRE_KERNEL_TESTS=1.
     */
    static void require() {
        try {
            LibSeccomp.INSTANCE.seccomp_version();
        } catch (SeccompException e) {
            if ("1".equals(System.getenv("REQUIRE_KERNEL_TESTS"))) {
                throw e;
            }
            Assumptions.abort(e.getMessage());
        }
    }
}
