// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet;

import io.sandbox.evidence.RecordingFormatException;
import io.sandbox.evidence.RecordingReader;
import io.sandbox.evidence.RecordingWriter;
import io.sandbox.outcome.FileFailure;
import io.sandbox.recorder.log.LogFilter;
import io.sandbox.recorder.log.LogInput;
import io.sandbox.recorder.log.PartReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads parts of recordings and logs of any file system. One thread keeps it for all. */
public final class FilePartReader {
    /** Opens a file by its name and its place. */
    public interface Opener {
        LogInput open(FilePart part) throws IOException;
    }

    /** The beginning of a recording holds the name of its format. */
    private static final int BEGINNING = 64;

    private final Optional<HostPattern> pattern;
    private final boolean keep;
    private final Opener opener;
    private final LogFilter filter;
    private final PartReader logs = new PartReader();

    /**
     * @param exe the wanted executable; empty for all
     * @param keep whether the fleet is to make a recording, which needs all evidence
     */
    public FilePartReader(
            Optional<HostPattern> pattern, Optional<String> exe, boolean keep, Opener opener) {
        this.pattern = pattern;
        // A limit on the number of programs must not keep the wanted one from being counted.
        filter = LogFilter.ofExecutables(exe.stream().toList()).andCanaries();
        this.keep = keep;
        this.opener = opener;
    }

    /** What a part shows. What was read before an error counts. */
    public FileEvidence read(FilePart part) {
        Optional<String> host = pattern.flatMap(each -> each.hostOf(part.file(), part.named()));
        FileEvidence evidence = new FileEvidence(part.file(), host, filter, keep);
        if (pattern.isPresent() && host.isEmpty()) {
            evidence.isUnread(
                    "its path does not fit the pattern for names of hosts"
                            + (part.wasFound() ? ", in and below the folder that was named" : ""));
            return evidence;
        }
        try (LogInput input = opener.open(part)) {
            if (!isRecording(input)) {
                logs.read(input, part.from(), part.to(), evidence.tally());
            } else if (part.from() == 0) {
                evidence.isRecording(RecordingReader.read(input.readAll()), filter);
            }
        } catch (IOException e) {
            evidence.isUnread(FileFailure.reason(e));
        } catch (OutOfMemoryError e) {
            // One file of one host must not keep the others from being read.
            evidence.isUnread("there is not enough memory to read it");
        } catch (RecordingFormatException e) {
            evidence.isUnread("not a recording: " + e.getMessage());
        }
        return evidence;
    }

    private static boolean isRecording(LogInput input) throws IOException {
        String start = new String(input.beginning(BEGINNING), StandardCharsets.ISO_8859_1);
        return start.startsWith("{") && start.contains('"' + RecordingWriter.FORMAT + '"');
    }
}
