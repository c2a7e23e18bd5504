// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sandbox.reach.elf.ElfException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootTest {
    @TempDir private Path folder;
    private Path top;
    private Root root;

    @BeforeEach
    void makeRoot() throws IOException {
        top = Files.createDirectories(folder.resolve("top")).toRealPath();
        Files.createDirectories(top.resolve("usr/lib"));
        Files.writeString(top.resolve("usr/lib/libf.so.1"), "");
        root = Root.of(top);
    }

    private void link(String name, String target) throws IOException {
        Files.createSymbolicLink(top.resolve(name), Path.of(target));
    }

    @Test
    void file_withLinks_staysInTheRoot() throws IOException {
        link("lib", "usr/lib");
        link("lib64", "/lib");
        link("usr/lib/libf.so", "../../lib64/./libf.so.1");
        link("out", "../../../../none");
        link("absolute", "/none/f");
        assertEquals(top.resolve("usr/lib/libf.so.1"), root.file(Path.of("/lib/libf.so")));
        assertEquals(top.resolve("none/f"), root.file(Path.of("/out/f")));
        assertEquals(top.resolve("none/f"), root.file(Path.of("/absolute")));
        assertEquals(top, root.file(Path.of("/../..")));
    }

    @Test
    void file_withLinksInACircle_isRefused() throws IOException {
        link("a", "b");
        link("b", "a");
        assertThrows(ElfException.class, () -> root.file(Path.of("/a")));
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
