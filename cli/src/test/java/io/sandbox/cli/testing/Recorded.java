// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.RecordingReader;
import io.sandbox.evidence.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a command wrote into a file of a recording. */
public final class Recorded {
    private Recorded() {}

    public static Recording in(Path file) throws IOException {
        return RecordingReader.read(Files.readAllBytes(file));
    }

    public static Run firstRun(Path file) throws IOException {
        return in(file).runs().get(0);
    }

    /** The calls of all programs of the first run. */
    public static List<CallEvidence> calls(Path file) throws IOException {
        return firstRun(file).programs().stream()
                .flatMap(program -> program.calls().stream())
                .toList();
    }
}
