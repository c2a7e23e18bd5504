// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sandbox.syscalldb.testing.Table;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes the folder between two steps; the transcript results.txt changes it at any time. */
class ResultFileTest {
    private static final int NOBODY = 65534;

    @TempDir private Path folder;

    private Path file(String name) {
        return folder.resolve(name);
    }

    private Path existing(String name, String content) throws IOException {
        return Files.writeString(file(name), content);
    }

    private static void write(Path file, String content) throws IOException {
        try (ResultFile result = ResultFile.open(file)) {
            result.write(content.getBytes(UTF_8));
        }
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static void assertFails(String reason, Path file) {
        assertFails(reason, () -> write(file, "new"));
    }

    private static void assertFails(String reason, Step step) {
        FileSystemException e = assertThrows(FileSystemException.class, step::run);
        assertTrue(e.getReason().contains(reason), e::getReason);
    }

    private interface Step {
        void run() throws Exception;
    }

    private static void setOwner(Path file, int owner) throws IOException {
        requireRoot();
        Files.setAttribute(file, "unix:uid", owner);
    }

    private String sh(String script) throws Exception {
        Process shell =
                new ProcessBuilder("sh", "-c", script)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        String out = new String(shell.getInputStream().readAllBytes(), UTF_8);
        shell.waitFor();
        return out;
    }

    /** The scripts run before the file is opened, before the result is in place, and afterwards. */
    @Table
    void file_isReplacedOrRefused(
            String why,
            String before,
            String file,
            String meanwhile,
            String outcome,
            String after,
            String shown)
            throws Exception {
        if (before.contains("chown")) {
            requireRoot();
        }
        assertEquals("", sh(before), why);
        StringBuilder said = new StringBuilder();
        String end = "written";
        try (ResultFile result = ResultFile.open(file(file))) {
            said.append(sh(meanwhile));
            if (outcome.equals("closed")) {
                end = "closed";
            } else {
                result.write("new".getBytes(UTF_8));
            }
        } catch (FileSystemException e) {
            end = e.getReason();
        }
        assertTrue(end.contains(outcome), end);
        assertEquals(shown, said.append(sh(after)).toString().strip());
    }

    @Test
    void write_moreThanOneCallTakes_isWritten() throws IOException {
        String content = "0123456789".repeat(100_000);
        write(file("out"), content);
        assertEquals(content, Files.readString(file("out")));
        write(file("out"), "");
        assertEquals("", Files.readString(file("out")));
    }

    @Test
    void open_sameFileTwice_isRefused() throws IOException {
        Files.createSymbolicLink(file("link"), Path.of("out"));
        try (ResultFile first = ResultFile.open(file("out"))) {
            assertFails("given twice", file("link"));
            assertFails("given twice", file("../" + folder.getFileName() + "/out"));
            write(file("other"), "new");
            first.write("new".getBytes(UTF_8));
        }
        write(file("link"), "new");
    }

    @Test
    void makeFolders_behindLinkOfAnotherUser_makesNone() throws IOException {
        Files.createDirectories(file("theirs"));
        Files.createDirectory(file("ours"));
        Files.createSymbolicLink(file("theirs/link"), file("ours"));
        setOwner(file("theirs"), NOBODY);
        assertFails("another user's", () -> ResultFile.makeFolders(file("theirs/link/new/one")));
        assertEquals(List.of(), List.of(file("ours").toFile().list()));
        ResultFile.makeFolders(file("theirs/own/one"));
        assertTrue(Files.isDirectory(file("theirs/own/one")));
    }

    @Test
    void write_madeFromOtherContent_fails() throws Exception {
        Path out = existing("out", "old");
        for (String change : List.of("older", "ol", "")) {
            try (ResultFile result = ResultFile.open(out)) {
                Files.writeString(out, change);
                assertFails(
                        "somebody else has changed it",
                        () -> result.write("new".getBytes(UTF_8), "old".getBytes(UTF_8)));
            }
            assertEquals(change, Files.readString(out));
        }
        try (ResultFile result = ResultFile.open(out)) {
            result.write("new".getBytes(UTF_8), new byte[0]);
        }
        assertEquals("new", Files.readString(out));
        assertEquals(List.of("out"), names());
    }

    private static Optional<byte[]> readOwn(Path file) throws IOException {
        return ResultFile.readOwn(file, 10);
    }

    @Test
    void readOwn_whatWeWrote_isRead() throws IOException {
        assertEquals(Optional.empty(), readOwn(file("own")));
        existing("own", "0123456789");
        assertEquals("0123456789", new String(readOwn(file("own")).orElseThrow(), UTF_8));
        Files.createSymbolicLink(file("link"), Path.of("own"));
        assertEquals("0123456789", new String(readOwn(file("link")).orElseThrow(), UTF_8));
    }

    @Test
    void readOwn_fileOfAnotherUser_isRefused() throws Exception {
        setOwner(existing("foreign", "text"), NOBODY);
        assertFails("the file is another user's", () -> readOwn(file("foreign")));
    }

    @Test
    void readOwn_andOpenPrivate_whatIsNoFile_isRefused() throws Exception {
        new ProcessBuilder("mkfifo", file("pipe").toString()).start().waitFor();
        Path device = Path.of("/dev/zero");
        for (Path strange : List.of(file("pipe"), device, Path.of("/dev/stdin"))) {
            assertFails("not a regular file", () -> readOwn(strange));
            assertFails("not a regular file", () -> ResultFile.openPrivate(strange).close());
        }
    }

    @Test
    void readOwn_moreThanTheLimit_isRefused() throws Exception {
        existing("long", "0123456789+");
        assertFails("too large", () -> readOwn(file("long")));
        try (FileChannel sparse =
                FileChannel.open(existing("sparse", ""), StandardOpenOption.WRITE)) {
            sparse.write(ByteBuffer.wrap(new byte[] {1}), 300L << 30);
        }
        assertFails("too large", () -> readOwn(file("sparse")));
        assertFails("more than 16 MB", () -> FileHead.readWhole(file("sparse"), 16 << 20));
    }

    @Test
    void write_fileThatIsOpen_goesBehindWhatIsThere() throws Exception {
        Path log = existing("log", "old ");
        try (FileChannel open = FileChannel.open(log, StandardOpenOption.APPEND)) {
            write(descriptorOf(log), "new");
            assertEquals("old new", Files.readString(log));
            assertTrue(open.isOpen());
        }
        assertEquals(List.of("log"), names());
    }

    private static Path descriptorOf(Path file) throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors
                    .filter(
                            descriptor -> {
                                try {
                                    return Files.readSymbolicLink(descriptor).equals(file);
                                } catch (IOException e) {
                                    return false;
                                }
                            })
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void requireRoot() throws IOException {
        boolean root = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        if (!root && "1".equals(System.getenv("REQUIRE_KERNEL_TESTS"))) {
            fail("needs root");
        }
        assumeTrue(root, "needs root");
    }
}
