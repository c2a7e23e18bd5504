// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

/** Refuses null as a part of evidence. */
public final class Required {
    private Required() {}

    /**
     * @throws NullPointerException if one of the values is null; the trace tells whose constructor
     */
    public static void all(Object... values) {
        for (int i = 0; i < values.length; i++) {
            if (values[i] == null) {
                throw new NullPointerException("value " + (i + 1) + " of " + values.length);
            }
        }
    }
}
