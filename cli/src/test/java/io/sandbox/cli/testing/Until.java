// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import java.util.concurrent.Callable;

/** Waits for a condition; the limit only ends a broken run. */
public final class Until {
    private static final long PATIENCE_NANOS = 180_000_000_000L;

    public static void holds(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + PATIENCE_NANOS;
        long pause = 1;
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited in vain until " + what);
            }
            Thread.sleep(pause);
            pause = Math.min(2 * pause, 10);
        }
    }
}
