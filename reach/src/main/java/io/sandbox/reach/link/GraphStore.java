// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.link;

import io.sandbox.reach.elf.ElfException;
import io.sandbox.reach.elf.ElfFile;
import io.sandbox.reach.elf.ElfHeader;
import io.sandbox.reach.elf.Machine;
import io.sandbox.reach.graph.CodeGraph;
import io.sandbox.reach.graph.GraphBuilder;
import io.sandbox.reach.graph.GraphFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The graphs of files, which are kept in a folder by the build id of the file. Two files with one
 * build id count as equal if they have the same size, too.
 */
public final class GraphStore {
    private static final long LARGEST_FILE = 1L << 30;

    /** An incomplete graph. If it is older than an hour, a signal ended who wrote it. */
    private static final String INCOMPLETE = "new*.tmp";

    private static final Duration LONGEST_WRITE = Duration.ofHours(1);

    private final Optional<Path> folder;

    /**
     * @param folder where graphs are kept; empty: nowhere
     */
    public GraphStore(Optional<Path> folder) {
        this.folder = folder;
    }

    /**
     * The graph of a file.
     *
     * @throws ElfException if the file cannot be analysed
     */
    CodeGraph graph(Path file) throws IOException {
        long size = size(file);
        Optional<Path> kept = folder.isEmpty() ? Optional.empty() : Optional.of(place(file, size));
        Optional<CodeGraph> known = kept.flatMap(GraphStore::read);
        if (known.isPresent()) {
            return known.get();
        }
        CodeGraph graph = GraphBuilder.build(new ElfFile(Files.readAllBytes(file)));
        kept.ifPresent(path -> keep(path, graph));
        return graph;
    }

    /**
     * The machine that a file is for.
     *
     * @throws ElfException if the file cannot be analysed
     */
    static Machine machine(Path file) throws IOException {
        size(file);
        return header(file).machine();
    }

    private static long size(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new ElfException(Files.exists(file) ? "not a regular file" : "no such file");
        }
        long size = Files.size(file);
        if (size > LARGEST_FILE) {
            throw new ElfException("too large: " + (size >> 20) + " MB");
        }
        return size;
    }

    private static ElfHeader header(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new ElfHeader(in.readNBytes(ElfHeader.USUAL_SIZE));
        }
    }

    private Path place(Path file, long size) throws IOException {
        String id = header(file).buildId().orElseGet(() -> "sha256-" + digest(file));
        return folder.orElseThrow()
                .resolve(id + "-" + Long.toHexString(size) + "." + GraphFile.VERSION);
    }

    private static String digest(Path file) {
        try {
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            return HexFormat.of().formatHex(sum);
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new ElfException("cannot be read: " + e.getMessage());
        }
    }

    private static Optional<CodeGraph> read(Path kept) {
        try {
            return Files.isRegularFile(kept)
                    ? GraphFile.read(Files.readAllBytes(kept))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static void removeLeftOver(Path folder) throws IOException {
        Instant latest = Instant.now().minus(LONGEST_WRITE);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, INCOMPLETE)) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(latest)) {
                    Files.delete(file);
                }
            }
        }
    }

    /** Another process may read meanwhile, so the file appears when it is whole. */
    private static void keep(Path kept, CodeGraph graph) {
        try {
            Files.createDirectories(
                    kept.getParent(),
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            removeLeftOver(kept.getParent());
            Path whole = Files.createTempFile(kept.getParent(), "new", ".tmp");
            try {
                Files.write(whole, GraphFile.write(graph));
                Files.move(whole, kept, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(whole);
            }
        } catch (IOException e) {
            // Without a cache, the next answer takes longer, and is the same.
        }
    }
}
