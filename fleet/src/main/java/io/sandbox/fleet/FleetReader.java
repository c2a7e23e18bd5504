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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Reads recordings and logs of many hosts. If there is a pattern, it finds the host of a file in
 * its path. Otherwise the log itself names its hosts. A file that names none counts as a host, and
 * its path is the name.
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

    /** Receives each file that could not be read to its end. What was read before counts. */
    public interface Trouble {
        void with(Path file, Exception why);
    }

    /**
     * Adds the evidence of files. As many are read at once as there are processors.
     *
     * @param trouble gets an IOException, a {@link RecordingFormatException} for a damaged
     *     recording, or an IllegalArgumentException if the pattern does not fit the file's path
     */
    public void read(List<Path> files, Trouble trouble) {
        int processors = Runtime.getRuntime().availableProcessors();
        ExecutorService threads = Executors.newFixedThreadPool(processors, FleetReader::daemon);
        Deque<Future<FileEvidence>> inWork = new ArrayDeque<>();
        try {
            for (Path file : files) {
                if (inWork.size() > 2 * processors) {
                    add(inWork.remove(), trouble);
                }
                inWork.add(threads.submit(() -> evidenceOf(file)));
            }
            while (!inWork.isEmpty()) {
                add(inWork.remove(), trouble);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static Thread daemon(Runnable tasks) {
        Thread thread = new Thread(tasks, "reader");
        thread.setDaemon(true);
        return thread;
    }

    private void add(Future<FileEvidence> done, Trouble trouble) {
        FileEvidence evidence;
        try {
            evidence = done.get();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a reader failed", e.getCause());
        }
        if (evidence.trouble != null) {
            trouble.with(evidence.file, evidence.trouble);
        }
        filesAsHosts += evidence.isHost ? 1 : 0;
        evidence.hosts.forEach(fleet::addHost);
        evidence.runs.forEach((host, runs) -> runs.forEach(run -> fleet.add(host, run)));
        evidence.losses.forEach(
                (host, losses) -> losses.forEach(loss -> fleet.addLoss(host, loss)));
    }

    /** What a file holds. */
    private static final class FileEvidence {
        private final Path file;
        private final Set<String> hosts = new TreeSet<>();
        private final Map<String, List<Run>> runs = new TreeMap<>();
        private final Map<String, List<String>> losses = new TreeMap<>();

        /**
         * Whether nothing names the host of this file, so that the file itself counts as a host.
         */
        private boolean isHost;

        /** Null if all went well. */
        private Exception trouble;

        FileEvidence(Path file) {
            this.file = file;
        }

        void add(String host, List<Run> ofHost, List<String> lost) {
            hosts.add(host);
            runs.computeIfAbsent(host, key -> new ArrayList<>()).addAll(ofHost);
            losses.computeIfAbsent(host, key -> new ArrayList<>()).addAll(lost);
        }

        String asHost() {
            isHost = true;
            return file.toString();
        }
    }

    private FileEvidence evidenceOf(Path file) {
        FileEvidence evidence = new FileEvidence(file);
        try {
            Optional<String> host = pattern.map(each -> hostOf(each, file));
            if (isRecording(file)) {
                readRecording(file, host.orElseGet(evidence::asHost), evidence);
            } else {
                readLog(file, host, evidence);
            }
        } catch (IOException | RecordingFormatException | IllegalArgumentException e) {
            evidence.trouble = e;
        }
        return evidence;
    }

    private static void readRecording(Path file, String host, FileEvidence evidence)
            throws IOException {
        for (Run run : RecordingReader.read(Files.readAllBytes(file)).runs()) {
            List<String> losses =
                    run.verdict() instanceof Verdict.Incomplete incomplete
                            ? incomplete.causes()
                            : List.of();
            evidence.add(host, List.of(run), losses);
        }
    }

    private void readLog(Path file, Optional<String> host, FileEvidence evidence)
            throws IOException {
        try (LogReader reader =
                host.isPresent()
                        ? new LogReader(filter, null, bytes -> {})
                        : LogReader.byHost(filter)) {
            try {
                LogSource.of(file).readWith(reader);
            } finally {
                addLog(host, reader.tally(), evidence);
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

    private static void addLog(Optional<String> ofPath, LogTally tally, FileEvidence evidence) {
        Map<Optional<String>, LogEvidence> byHost = LogEvidence.byHost(tally);
        // A host of which only canaries came is one without calls.
        tally.canaries()
                .keySet()
                .forEach(
                        host ->
                                evidence.add(
                                        ofPath.or(() -> host).orElseGet(evidence::asHost),
                                        List.of(),
                                        tally.gaps()));
        if (byHost.isEmpty() && evidence.hosts.isEmpty()) {
            String name = ofPath.orElseGet(evidence::asHost);
            evidence.add(name, List.of(), tally.gaps());
        }
        // A log does not tell which of its hosts lost the records.
        byHost.forEach(
                (host, ofHost) ->
                        evidence.add(
                                ofPath.or(() -> host).orElseGet(evidence::asHost),
                                ofHost.toRecording().runs(),
                                ofHost.losses()));
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
