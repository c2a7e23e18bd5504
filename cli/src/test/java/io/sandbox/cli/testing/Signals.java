// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import java.util.Map;

/** Signal numbers, the same on all Linux architectures that we know. */
public final class Signals {
    private static final Map<String, Integer> NUMBERS =
            Map.of("HUP", 1, "INT", 2, "QUIT", 3, "KILL", 9, "PIPE", 13, "TERM", 15, "SYS", 31);

    private Signals() {}

    public static int number(String name) {
        return NUMBERS.get(name);
    }
}
