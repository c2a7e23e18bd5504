// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import io.sandbox.cli.output.ResultOutput;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.RecordingWriter;
import io.sandbox.outcome.CommandFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Where list, recording and report go. All are opened before anything is recorded. */
final class LearnResults implements AutoCloseable {
    private final List<ResultOutput> opened = new ArrayList<>();
    private final ResultOutput list;

    /** Null if it is not wanted, like {@link #report}. */
    private final ResultOutput recording;

    private final ResultOutput report;

    /** Throws {@link CommandFailure} if one of them cannot be written. */
    LearnResults(ListOptions options) {
        try {
            list = open(options.output.get());
            recording = openIfGiven(options.recordingFile.get());
            report = openIfGiven(options.reportFile());
        } catch (CommandFailure e) {
            close();
            throw e;
        }
    }

    private ResultOutput openIfGiven(Path file) {
        return file == null ? null : open(file);
    }

    private ResultOutput open(Path file) {
        ResultOutput output = ResultOutput.open(file);
        opened.add(output);
        return output;
    }

    void writeList(byte[] text) {
        list.write(text);
    }

    void writeRecording(Recording evidence) {
        if (recording != null) {
            recording.write(RecordingWriter.write(evidence));
        }
    }

    void writeReport(Supplier<byte[]> page) {
        if (report != null) {
            report.write(page.get());
        }
    }

    /** Removes the files that were not written. */
    @Override
    public void close() {
        opened.forEach(ResultOutput::close);
    }
}
