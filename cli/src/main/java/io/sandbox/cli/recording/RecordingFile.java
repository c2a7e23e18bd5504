// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.recording;

import io.sandbox.enforcer.launch.file.FileHead;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.RecordingFormatException;
import io.sandbox.evidence.RecordingReader;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.FileFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Reads recordings from files. */
public final class RecordingFile {
    private RecordingFile() {}

    /**
     * The evidence of all files together.
     *
     * @throws CommandFailure for the first file that cannot be read or contradicts another
     */
    public static Recording readAll(List<Path> files) {
        Recording all = new Recording(List.of());
        for (Path file : files) {
            try {
                all = add(all, file.toString(), FileHead.readWhole(file, FileHead.RECORDING_LIMIT));
            } catch (IOException e) {
                throw CommandFailure.of(file.toString(), FileFailure.reason(e));
            }
        }
        return all;
    }

    /**
     * A recording together with the one in the content of a file.
     *
     * @throws CommandFailure if the file is no recording, or contradicts the other
     */
    public static Recording add(Recording known, String file, byte[] content) {
        try {
            return known.merge(RecordingReader.read(content));
        } catch (RecordingFormatException e) {
            throw CommandFailure.of(file, "not a recording: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw CommandFailure.of(file, e.getMessage());
        }
    }
}
