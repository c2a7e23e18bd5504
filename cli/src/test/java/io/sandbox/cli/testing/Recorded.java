// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import io.sandbox.evidence.Recording;
import io.sandbox.evidence.RecordingReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a command wrote into a file of a recording. */
public final class Recorded {
    private Recorded() {}

    public static Recording in(Path file) throws IOException {
        return RecordingReader.read(Files.readAllBytes(file));
    }
}
