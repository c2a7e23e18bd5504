// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.text.Shipped;

/** A text of each format with all its features; other modules' tests read them too. */
final class Samples {
    /** The format of a text without other files. */
    static PolicyFormat recognised(String text) {
        return PolicyFormat.recognise(text, Surroundings.on("x86_64"));
    }

    static String of(PolicyFormat format) {
        return Shipped.text(Samples.class, "samples/sample." + format);
    }
}
