// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet.spark;

import io.sandbox.fleet.Fleet;
import io.sandbox.fleet.HostPattern;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads a fleet on a cluster, and writes it as a Java object, for the one who started Spark. */
public final class ReadFleet {
    private ReadFleet() {}

    /**
     * @param arguments the file for the fleet; {@code true} if a recording is wanted; the pattern
     *     of hosts and the executable, each empty if there is none; and the paths
     */
    public static void main(String[] arguments) throws IOException {
        Fleet fleet =
                SparkFleetReader.read(
                        List.of(arguments).subList(4, arguments.length),
                        given(arguments[2]).map(HostPattern::parse),
                        given(arguments[3]),
                        Boolean.parseBoolean(arguments[1]));
        try (ObjectOutputStream out =
                new ObjectOutputStream(Files.newOutputStream(Path.of(arguments[0])))) {
            out.writeObject(fleet);
        }
    }

    private static Optional<String> given(String word) {
        return Optional.of(word).filter(text -> !text.isEmpty());
    }
}
