// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A text of each format with all its features; other modules' tests read them too. */
final class Samples {
    /** The format of a text without other files. */
    static PolicyFormat recognised(String text) {
        return PolicyFormat.recognise(text, Surroundings.on("x86_64"));
    }

    static String of(PolicyFormat format) {
        String name = "samples/sample." + format;
        try (InputStream in = Samples.class.getResourceAsStream(name)) {
            assertNotNull(in, () -> "there is no test resource " + name);
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
