// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.syscalldb.testing.Table;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

class RotatedLogsTest {
    @Table
    void files_areReadInOrder(String given, String ordered) {
        assertEquals(
                ordered,
                RotatedLogs.inOrder(Stream.of(given.split(" ")).map(Path::of).toList()).stream()
                        .map(Path::toString)
                        .collect(Collectors.joining(" ")));
    }
}
