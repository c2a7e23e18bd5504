// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet;

import io.sandbox.recorder.evidence.RecordingFormatException;
import io.sandbox.recorder.evidence.RecordingReader;
import io.sandbox.recorder.evidence.RecordingWriter;
import io.sandbox.recorder.evidence.Run;
import io.sandbox.recorder.evidence.Verdict;
import io.sandbox.recorder.log.LogEvidence;
import io.sandbox.recorder.log.LogFilter;
import io.sandbox.recorder.log.LogReader;
import io.sandbox.recorder.log.LogSource;
import io.sandbox.recorder.log.LogTally;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads recordings and logs of many hosts. The host of a file is the one that the pattern finds in
 * its path, else those that the log itself names. A file that names none counts as a host of its
 * own, with its path for a name.
 */
public final class FleetReader {
    /** The beginning of a recording holds the name of its format. */
    private static final int BEGINNING = 64;

    private final Optional<HostPattern> pattern;
    private final LogFilter filter;
    private final Fleet fleet = new Fleet();
    private int filesAsHosts;

    public FleetReader(Optional<HostPattern> pattern, LogFilter filter) {
        this.pattern = pattern;
        this.filter = filter;
    }

    /** The files of a folder and the folders in it, sorted, or the path itself if it is a file. */
    public static List<Path> filesOf(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> all = Files.walk(path)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * Adds the evidence of a file.
     *
     * @throws IOException if it cannot be read to its end; what was read before counts
     * @throws RecordingFormatException if it is a damaged recording
     * @throws IllegalArgumentException if the pattern does not fit the file's path
     */
    public void read(Path file) throws IOException {
        Optional<String> host = pattern.map(each -> hostOf(each, file));
        if (isRecording(file)) {
            String name = host.orElseGet(() -> asHost(file));
            fleet.addHost(name);
            for (Run run : RecordingReader.read(Files.readAllBytes(file)).runs()) {
                fleet.add(name, run);
                if (run.verdict() instanceof Verdict.Incomplete incomplete) {
                    incomplete.causes().forEach(cause -> fleet.addLoss(name, cause));
                }
            }
            return;
        }
        try (LogReader reader =
                host.isPresent()
                        ? new LogReader(filter, null, bytes -> {})
                        : LogReader.byHost(filter)) {
            try {
                LogSource.of(file).readWith(reader);
            } finally {
                addLog(file, host, reader.tally());
            }
        }
    }

    private static String hostOf(HostPattern pattern, Path file) {
        return pattern.hostOf(file)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "its path does not fit the pattern of --host-from-path"));
    }

    private static boolean isRecording(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            String start = new String(in.readNBytes(BEGINNING), StandardCharsets.ISO_8859_1);
            return start.startsWith("{") && start.contains('"' + RecordingWriter.FORMAT + '"');
        }
    }

    private String asHost(Path file) {
        filesAsHosts++;
        return file.toString();
    }

    private void addLog(Path file, Optional<String> ofPath, LogTally tally) {
        Map<Optional<String>, LogEvidence> evidence = LogEvidence.byHost(tally);
        if (evidence.isEmpty()) {
            String name = ofPath.orElseGet(() -> asHost(file));
            fleet.addHost(name);
            tally.gaps().forEach(gap -> fleet.addLoss(name, gap));
        }
        evidence.forEach(
                (host, ofHost) -> {
                    String name = ofPath.or(() -> host).orElseGet(() -> asHost(file));
                    ofHost.toRecording().runs().forEach(run -> fleet.add(name, run));
                    // Which of its hosts the lost records were of, a log does not tell.
                    ofHost.losses().forEach(loss -> fleet.addLoss(name, loss));
                });
    }

    /** How many files count as hosts of their own, since nothing names their host. */
    public int filesAsHosts() {
        return filesAsHosts;
    }

    /** What was read so far. */
    public Fleet fleet() {
        return fleet;
    }
}
