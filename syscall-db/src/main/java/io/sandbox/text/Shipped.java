// SPDX-License-Identifier: Apache-2.0
package io.sandbox.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/** Texts that are in the jars, beside a class. */
public final class Shipped {
    private Shipped() {}

    /** {@code name} of the file in the folder of the class. */
    public static String text(Class<?> beside, String name) {
        try (InputStream in = beside.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(
                        "there is no " + name + " beside " + beside.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("a part of the jar cannot be read: " + name, e);
        }
    }

    /** Its lines, without those that begin with #. */
    public static Stream<String> lines(Class<?> beside, String name) {
        return text(beside, name).lines().filter(line -> !line.startsWith("#"));
    }
}
