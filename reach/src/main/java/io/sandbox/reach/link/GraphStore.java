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
 * The graphs of files, which are kept in a folder by the SHA-256 of the file. A link, whose name is
 * the state of a file, leads to its graph: reading a file again takes longer than all the rest.
 */
public final class GraphStore {
    private static final long LARGEST_FILE = 1L << 30;

    /** An incomplete graph. If it is older than an hour, a signal ended who wrote it. */
    private static final String INCOMPLETE = "new*.tmp";

    private static final Duration LONGEST_WRITE = Duration.ofHours(1);

    /** How much of a file is read at once. */
    private static final int PORTION = 1 << 16;

    private final Optional<Path> wanted;
    private Optional<Path> folder = Optional.empty();
    private FileState states;

    /**
     * @param folder where graphs are kept, if only this user and root write there; empty: nowhere
     */
    public GraphStore(Optional<Path> folder) {
        this.wanted = folder;
    }

    /** The graph of a file. Throws {@link ElfException} if the file cannot be analysed. */
    CodeGraph graph(Path file) throws IOException {
        checkSize(file);
        if (states == null) {
            states = new FileState();
            folder = wanted.flatMap(this::prepare);
        }
        if (folder.isEmpty()) {
            return GraphBuilder.build(new ElfFile(Files.readAllBytes(file)));
        }
        Path real = file.toRealPath();
        Optional<Path> link = states.name(real).map(folder.get()::resolve);
        Optional<CodeGraph> known = link.flatMap(GraphStore::read);
        if (known.isPresent()) {
            return known.get();
        }
        String name = place(digest(real));
        known = read(folder.get().resolve(name));
        if (known.isEmpty()) {
            // The content may have changed since.
            byte[] content = Files.readAllBytes(real);
            CodeGraph graph = GraphBuilder.build(new ElfFile(content));
            name = place(sha256().digest(content));
            keep(name, graph);
            known = Optional.of(graph);
        }
        if (link.isPresent() && link.equals(states.name(real).map(folder.get()::resolve))) {
            keepLink(link.get(), name);
        }
        return known.get();
    }

    private Optional<Path> prepare(Path path) {
        try {
            Files.createDirectories(
                    path,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            Path real = path.toRealPath();
            return states.isSafe(real) ? Optional.of(real) : Optional.empty();
        } catch (IOException e) {
            // Without a cache, an answer takes longer, and is the same.
            return Optional.empty();
        }
    }

    /** The machine that a file is for. Throws {@link ElfException} if it cannot be analysed. */
    static Machine machine(Path file) throws IOException {
        checkSize(file);
        try (InputStream in = Files.newInputStream(file)) {
            return new ElfHeader(in.readNBytes(ElfHeader.SIZE)).machine();
        }
    }

    /** Refuses what is no file that can be read as a whole. */
    private static void checkSize(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new ElfException(Files.exists(file) ? "not a regular file" : "no such file");
        }
        long size = Files.size(file);
        if (size > LARGEST_FILE) {
            throw new ElfException("too large: " + (size >> 20) + " MB");
        }
    }

    private static String place(byte[] sum) {
        return HexFormat.of().formatHex(sum) + "." + GraphFile.VERSION;
    }

    private static byte[] digest(Path file) throws IOException {
        MessageDigest sum = sha256();
        byte[] portion = new byte[PORTION];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(portion); read > 0; read = in.read(portion)) {
                sum.update(portion, 0, read);
            }
        }
        return sum.digest();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
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

    private void keep(String name, CodeGraph graph) {
        try {
            removeLeftOver(folder.orElseThrow());
            replace(name, path -> Files.write(path, GraphFile.write(graph)));
        } catch (IOException e) {
            // Without a cache, the next answer takes longer, and is the same.
        }
    }

    private void keepLink(Path link, String target) {
        try {
            replace(
                    link.getFileName().toString(),
                    path -> {
                        Files.delete(path);
                        Files.createSymbolicLink(path, Path.of(target));
                    });
        } catch (IOException e) {
            // Without the link, the file is read again.
        }
    }

    private interface Making {
        void make(Path path) throws IOException;
    }

    /** Another process may read meanwhile, so the file appears when it is whole. */
    private void replace(String name, Making making) throws IOException {
        Path whole = Files.createTempFile(folder.orElseThrow(), "new", ".tmp");
        try {
            making.make(whole);
            Files.move(whole, whole.resolveSibling(name), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(whole);
        }
    }
}
