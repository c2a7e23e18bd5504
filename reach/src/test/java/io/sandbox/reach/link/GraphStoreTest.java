// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.reach.elf.ElfException;
import io.sandbox.reach.graph.CodeGraph;
import io.sandbox.syscalldb.testing.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GraphStoreTest {
    @TempDir private Path folder;

    private Path cache;
    private Path launcher;

    @BeforeEach
    void choosePlaces() throws IOException {
        cache = folder.resolve("cache/reach");
        launcher = Path.of("/proc/self/exe").toRealPath();
    }

    private CodeGraph graph(Path file) throws IOException {
        return new GraphStore(Optional.of(cache)).graph(file);
    }

    private List<Path> kept(boolean links) throws IOException {
        try (Stream<Path> all = Files.list(cache)) {
            return all.filter(each -> Files.isSymbolicLink(each) == links).toList();
        }
    }

    /** The entry point is in the head of the file, and the build id is behind it. */
    private Path copyWithOtherEntry() throws IOException {
        byte[] bytes = Files.readAllBytes(launcher);
        bytes[24] ^= 1;
        return Files.write(folder.resolve("copy"), bytes);
    }

    @Test
    void graph_ofAnotherFileWithTheSameBuildIdAndSize_isAnother() throws IOException {
        Path copy = copyWithOtherEntry();
        graph(launcher);
        graph(copy);
        assertEquals(2, kept(false).size());
    }

    @Test
    void graph_ofAFileThatChanged_isAnother() throws IOException {
        Path file = Files.copy(launcher, folder.resolve("file"));
        graph(file);
        Files.write(file, Files.readAllBytes(copyWithOtherEntry()));
        graph(file);
        assertEquals(2, kept(false).size());
    }

    /** A file that changed just now could change again in the same moment. */
    @Test
    void link_isKeptOnlyForAFileThatIsOld() throws IOException {
        graph(Files.copy(launcher, folder.resolve("file")));
        assertEquals(List.of(), kept(true));
        graph(launcher);
        List<Path> links = kept(true);
        assertEquals(1, links.size());
        assertTrue(Files.isRegularFile(links.get(0)));
    }

    /** The launcher is found by its link: another graph there is believed. */
    @Test
    void graph_ofAnOldFile_isFoundWithoutReadingIt() throws IOException {
        Path copy = copyWithOtherEntry();
        graph(launcher);
        Path own = kept(true).get(0).toRealPath();
        graph(copy);
        Path other = kept(false).stream().filter(each -> !each.equals(own)).findFirst().get();
        Files.copy(other, own, StandardCopyOption.REPLACE_EXISTING);
        assertEquals(graph(copy).entry(), graph(launcher).entry());
    }

    @Test
    void state_ofAFileThatOthersCanChange_hasNoName() throws IOException {
        FileState states = new FileState();
        assertNotEquals(Optional.empty(), states.name(launcher));
        Path file = Files.copy(launcher, folder.resolve("file"));
        assertEquals(Optional.empty(), states.name(file.toRealPath()));
        assertTrue(states.isSafe(folder.toRealPath()));
        Path open = Files.createDirectory(folder.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertFalse(states.isSafe(open.toRealPath()));
        assertFalse(states.isSafe(Files.createDirectory(open.resolve("below")).toRealPath()));
    }

    @Test
    void cacheInAFolderThatOthersCanWrite_isNotUsed() throws IOException {
        Files.createDirectories(cache);
        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwxrwx"));
        graph(launcher);
        assertEquals(List.of(), kept(false));
    }

    private Path top;
    private Root root;

    @BeforeEach
    void makeRoot() throws IOException {
        top = Files.createDirectories(folder.resolve("top")).toRealPath();
        Files.createDirectories(top.resolve("usr/lib"));
        Files.writeString(top.resolve("usr/lib/libf.so.1"), "");
        root = Root.of(top);
    }

    /** Links are NAME>TARGET; a circle of them leads nowhere. */
    @Table
    void file_withLinks_staysInTheRoot(String links, String path, String file) throws IOException {
        for (String link : links.split(" ")) {
            String[] ends = link.split(">");
            Files.createSymbolicLink(top.resolve(ends[0]), Path.of(ends[1]));
        }
        if (file.equals("refused")) {
            assertThrows(ElfException.class, () -> root.file(Path.of(path)));
        } else {
            assertEquals(top.resolve(file), root.file(Path.of(path)));
        }
    }

    @Test
    void nameOf_isTheNameInTheRoot() {
        assertEquals(Optional.of(Path.of("/usr/lib")), root.nameOf(top.resolve("usr/../usr/lib")));
        assertEquals(Optional.empty(), root.nameOf(folder));
    }

    @Test
    void here_changesNothing() {
        assertEquals(Path.of("/lib/x"), Root.HERE.file(Path.of("/lib/x")));
        assertEquals(Optional.of(Path.of("x")), Root.HERE.nameOf(Path.of("x")));
    }
}
