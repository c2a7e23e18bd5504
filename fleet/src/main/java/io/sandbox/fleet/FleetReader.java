// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet;

import io.sandbox.outcome.FileFailure;
import io.sandbox.recorder.log.LogInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Reads recordings and logs of many hosts. If there is a pattern, it finds the host of a file in
 * its path. Otherwise the log itself names its hosts. A file that names none counts as a host, and
 * its path is the name. A file that could not be read to its end is named by the fleet.
 */
public final class FleetReader {
    /** Large files are read in parts of this size, by several threads. */
    private static final long PIECE = 16 << 20;

    /** A file, and how much of its path the user has named. */
    private record Found(Path file, int named) {}

    /** What all of a file holds, or one of its parts. */
    private record Read(FileEvidence part, List<Evidence> all) {}

    private record InWork(FilePart part, Future<Read> result) {}

    private final ThreadLocal<FilePartReader> readers;
    private final long piece;

    /** Of the parts of the file that have been read so far. */
    private FileEvidence ofFile;

    /**
     * @param exe the wanted executable; empty for all
     * @param keep whether the fleet is to make a recording, which needs all evidence
     */
    public FleetReader(Optional<HostPattern> pattern, Optional<String> exe, boolean keep) {
        this(pattern, exe, keep, PIECE);
    }

    FleetReader(Optional<HostPattern> pattern, Optional<String> exe, boolean keep, long piece) {
        this.piece = piece;
        readers =
                ThreadLocal.withInitial(
                        () -> new FilePartReader(pattern, exe, keep, FleetReader::open));
    }

    static LogInput open(FilePart part) throws IOException {
        Path path = Path.of(part.place());
        return part.wasFound() ? LogInput.openRegular(path) : LogInput.open(path);
    }

    /**
     * The files of a folder and the folders in it, sorted, or the path itself if it is a file.
     * Hidden files are left out: a result that is being written is one.
     */
    public static List<Path> filesOf(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> all = Files.walk(path)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** The evidence of files and folders, read as many parts at once as processors. */
    public Fleet read(List<Path> paths) {
        Fleet fleet = new Fleet();
        List<Found> files = new ArrayList<>();
        for (Path path : paths) {
            int named = path.toString().length();
            try {
                filesOf(path).forEach(file -> files.add(new Found(file, named)));
            } catch (IOException e) {
                fleet.addUnread(path.toString(), FileFailure.reason(e));
            }
        }
        readFiles(files, fleet);
        return fleet;
    }

    private void readFiles(List<Found> files, Fleet fleet) {
        int processors = Runtime.getRuntime().availableProcessors();
        ExecutorService threads = Executors.newFixedThreadPool(processors, FleetReader::daemon);
        Deque<InWork> inWork = new ArrayDeque<>();
        try {
            for (Found found : files) {
                String name = found.file.toString();
                long size = found.file.toFile().length();
                for (FilePart part : FilePart.of(name, found.named, name, size, piece)) {
                    inWork.add(new InWork(part, threads.submit(() -> read(part))));
                    if (inWork.size() > 2 * processors) {
                        finish(inWork.remove(), fleet);
                    }
                }
            }
            while (!inWork.isEmpty()) {
                finish(inWork.remove(), fleet);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private Read read(FilePart part) {
        FileEvidence evidence = readers.get().read(part);
        return part.isWhole() ? new Read(null, evidence.evidence()) : new Read(evidence, List.of());
    }

    private void finish(InWork oldest, Fleet fleet) {
        Read read;
        try {
            read = oldest.result.get();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a reader failed", e.getCause());
        }
        List<Evidence> all = read.all;
        if (!oldest.part.isWhole()) {
            ofFile = oldest.part.from() == 0 ? read.part : ofFile.plus(read.part);
            all = oldest.part.to() == Long.MAX_VALUE ? ofFile.evidence() : List.of();
        }
        all.forEach(each -> each.addTo(fleet));
    }

    private static Thread daemon(Runnable tasks) {
        Thread thread = new Thread(tasks, "reader");
        thread.setDaemon(true);
        return thread;
    }
}
