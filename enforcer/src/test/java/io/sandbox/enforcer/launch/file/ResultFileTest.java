// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes the folder between two steps; ResultFileIT changes it at any time. */
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

    private List<String> temporaries() throws IOException {
        return names().stream().filter(name -> name.startsWith(".")).toList();
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

    /** Expects {@code reason} if {@code step} happens before the result is in place. */
    private void assertFailsAfter(String reason, Path file, Step step) throws Exception {
        try (ResultFile result = ResultFile.open(file)) {
            step.run();
            assertFails(reason, () -> result.write("new".getBytes(UTF_8)));
        }
        assertEquals(List.of(), temporaries());
    }

    private static void setOwner(Path file, int owner) throws IOException {
        requireRoot();
        Files.setAttribute(file, "unix:uid", owner, LinkOption.NOFOLLOW_LINKS);
    }

    private static void setMode(Path file, int mode) throws IOException {
        Files.setAttribute(file, "unix:mode", mode);
    }

    private Path folder(String name, int owner, int mode) throws IOException {
        Path made = Files.createDirectory(file(name));
        setMode(made, mode);
        setOwner(made, owner);
        return made;
    }

    private static Path link(Path link, Path to, int owner) throws IOException {
        Files.createSymbolicLink(link, to);
        setOwner(link, owner);
        return link;
    }

    @Test
    void write_newFile_isLikeAnyOther() throws IOException {
        write(file("out"), "new");
        assertEquals("new", Files.readString(file("out")));
        assertEquals(
                Files.getPosixFilePermissions(existing("other", "")),
                Files.getPosixFilePermissions(file("out")));
        assertEquals(List.of("other", "out"), names());
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
    void open_changesNothingYet() throws IOException {
        Path out = existing("out", "old");
        ResultFile result = ResultFile.open(out);
        assertEquals("old", Files.readString(out));
        assertEquals(1, temporaries().size());
        result.close();
        assertEquals("old", Files.readString(out));
        assertEquals(List.of("out"), names());
        ResultFile.open(file("other")).close();
        assertEquals(List.of("out"), names());
    }

    @Test
    void write_existing_keepsOwnerAndPermissions() throws IOException {
        Path out = existing("out", "old");
        setOwner(out, NOBODY);
        Files.setAttribute(out, "unix:gid", NOBODY);
        setMode(out, 04640);
        try (ResultFile result = ResultFile.open(out)) {
            Path temporary = file(temporaries().get(0));
            assertEquals(0100640, Files.getAttribute(temporary, "unix:mode"));
            assertEquals(NOBODY, Files.getAttribute(temporary, "unix:uid"));
            result.write("new".getBytes(UTF_8));
        }
        assertEquals("new", Files.readString(out));
        assertEquals(NOBODY, Files.getAttribute(out, "unix:uid"));
        assertEquals(NOBODY, Files.getAttribute(out, "unix:gid"));
        assertEquals(0100640, Files.getAttribute(out, "unix:mode"));
    }

    @Test
    void write_replacedMeanwhile_keepsWhatTheOtherHas() throws IOException {
        Path out = existing("out", "old");
        try (ResultFile result = ResultFile.open(out)) {
            Path other = existing("other", "other");
            setMode(other, 0604);
            Files.move(other, out, StandardCopyOption.ATOMIC_MOVE);
            result.write("new".getBytes(UTF_8));
        }
        assertEquals("new", Files.readString(out));
        assertEquals(0100604, Files.getAttribute(out, "unix:mode"));
        assertEquals(List.of("out"), names());
    }

    @Test
    void write_appearedOrGoneMeanwhile_isWritten() throws IOException {
        try (ResultFile result = ResultFile.open(file("out"))) {
            setMode(existing("out", "other"), 0604);
            result.write("new".getBytes(UTF_8));
        }
        assertEquals(0100604, Files.getAttribute(file("out"), "unix:mode"));
        try (ResultFile result = ResultFile.open(file("out"))) {
            Files.delete(file("out"));
            result.write("newer".getBytes(UTF_8));
        }
        assertEquals("newer", Files.readString(file("out")));
        assertEquals(List.of("out"), names());
    }

    @Test
    void write_hardLink_leavesTheOtherNameAlone() throws IOException {
        Path out = existing("out", "old");
        Files.createLink(file("other"), out);
        write(out, "new");
        assertEquals("old", Files.readString(file("other")));
    }

    @Test
    void write_throughLinks_replacesWhatTheyLeadTo() throws IOException {
        Files.createDirectory(file("real"));
        Path out = existing("real/out", "old");
        Files.createSymbolicLink(file("folder"), Path.of("real/."));
        Files.createSymbolicLink(file("absolute"), file("folder/../folder/out"));
        Files.createSymbolicLink(file("link"), Path.of("absolute"));
        write(file("link"), "new");
        assertEquals("new", Files.readString(out));
        assertTrue(Files.isSymbolicLink(file("link")));
        assertEquals(List.of("absolute", "folder", "link", "real"), names());
    }

    @Test
    void write_linkToNothing_makesWhatItLeadsTo() throws IOException {
        Files.createSymbolicLink(file("link"), Path.of("out"));
        write(file("link"), "new");
        assertEquals("new", Files.readString(file("out")));
        assertTrue(Files.isSymbolicLink(file("link")));
        Files.createSymbolicLink(file("astray"), Path.of("none/out"));
        assertFails("No such file or directory", file("astray"));
    }

    @Test
    void open_whatIsNoPlaceForAFile_saysWhy() throws IOException {
        Files.createSymbolicLink(file("loop"), Path.of("loop"));
        existing("out", "old");
        assertFails("Too many levels of symbolic links", file("loop"));
        assertFails("No such file or directory", file("none/out"));
        assertFails("Not a directory", file("out/below"));
        assertFails("Is a directory", folder);
        assertFails("Is a directory", Path.of("/"));
        assertFails("Is a directory", file("."));
        assertFails("Is a directory", file(".."));
        assertFails("File name too long", file("x".repeat(256)));
        assertEquals(List.of("loop", "out"), names());
    }

    @Test
    void write_longName_hasRoomForTheTemporaryOne() throws IOException {
        write(file("x".repeat(255)), "new");
        assertEquals("new", Files.readString(file("x".repeat(255))));
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
    void write_whatIsNotAFileMeanwhile_fails() throws Exception {
        Path secret = existing("secret", "secret");
        Path out = existing("out", "old");
        assertFailsAfter(
                "another file",
                out,
                () -> {
                    Files.delete(out);
                    Files.createSymbolicLink(out, secret);
                });
        Files.delete(out);
        assertFailsAfter("another file", out, () -> Files.createDirectory(out));
        assertEquals("secret", Files.readString(secret));
    }

    @Test
    void write_temporaryGone_fails() throws Exception {
        Path out = existing("out", "old");
        assertFailsAfter(
                "No such file or directory", out, () -> Files.delete(file(temporaries().get(0))));
        assertEquals("old", Files.readString(out));
    }

    @Test
    void write_temporarySwappedForALink_fails() throws Exception {
        Path secret = existing("secret", "secret");
        setMode(secret, 0600);
        Path out = existing("out", "old");
        setMode(out, 0666);
        setOwner(out, NOBODY);
        try (ResultFile result = ResultFile.open(out)) {
            Path temporary = file(temporaries().get(0));
            Files.delete(temporary);
            Files.createSymbolicLink(temporary, secret);
            assertFails("another file", () -> result.write("new".getBytes(UTF_8)));
        }
        assertEquals("secret", Files.readString(secret));
        assertEquals(0, Files.getAttribute(secret, "unix:uid"));
        assertEquals(0100600, Files.getAttribute(secret, "unix:mode"));
    }

    @Test
    void close_temporarySwapped_removesNothingOfOthers() throws Exception {
        Path out = existing("out", "old");
        ResultFile result = ResultFile.open(out);
        Path temporary = file(temporaries().get(0));
        Files.delete(temporary);
        Files.writeString(temporary, "other");
        result.close();
        assertEquals("other", Files.readString(temporary));
    }

    @Test
    void write_folderSwapped_staysInTheFolder() throws Exception {
        Path before = Files.createDirectory(file("folder"));
        Path after = file("moved");
        Files.createDirectory(file("other"));
        try (ResultFile result = ResultFile.open(before.resolve("out"))) {
            Files.move(before, after);
            Files.createSymbolicLink(before, Path.of("other"));
            result.write("new".getBytes(UTF_8));
        }
        assertEquals("new", Files.readString(after.resolve("out")));
        assertFalse(Files.exists(file("other/out")));
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

    @Test
    void open_foreignLink_mayLeadToItsOwnersFoldersOnly() throws IOException {
        Path theirs = folder("theirs", NOBODY, 0755);
        Path below = folder("theirs/below", NOBODY, 0755);
        Path ours = folder("ours", 0, 0755);
        write(link(theirs.resolve("inside"), Path.of("below/out"), NOBODY), "new");
        assertEquals("new", Files.readString(below.resolve("out")));
        String reason = "another user's, and leads to a folder that is not";
        assertFails(reason, link(theirs.resolve("outside"), ours.resolve("out"), NOBODY));
        link(theirs.resolve("way"), ours, NOBODY);
        assertFails(reason, theirs.resolve("way/out"));
        // Others could have moved this one here from elsewhere in the folder.
        assertFails(reason, link(theirs.resolve("root's"), ours.resolve("out"), 0));
        link(file("first"), theirs.resolve("way"), 0);
        assertFails(reason, file("first/out"));
        write(link(file("second"), below.resolve("more"), 0), "new");
        try (Stream<Path> files = Files.list(ours)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void open_linkInAFolderOfAnybody_mayLeadToSuchAFolderOnly() throws IOException {
        Path open = folder("open", 0, 0777);
        Path ours = folder("ours", 0, 0755);
        write(link(open.resolve("inside"), Path.of("out"), 0), "new");
        assertFails("another user's", link(open.resolve("outside"), ours.resolve("out"), 0));
    }

    @Test
    void open_inASharedFolder_refusesWhatOthersMade() throws Exception {
        Path shared = folder("shared", 0, 01777);
        Path theirs = folder("theirs", NOBODY, 0755);
        Path file = Files.writeString(shared.resolve("file"), "old");
        setOwner(file, NOBODY);
        Path pipe = shared.resolve("pipe");
        new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
        setOwner(pipe, NOBODY);
        assertFails("the file is another user's", file);
        assertFails("the file is another user's", pipe);
        assertFails(
                "a link of another user",
                link(shared.resolve("link"), theirs.resolve("out"), NOBODY));
        assertEquals("old", Files.readString(file));
        write(shared.resolve("new"), "new");
        write(shared.resolve("new"), "newer");
        write(link(shared.resolve("ours"), Path.of("new"), 0), "newest");
        assertEquals("newest", Files.readString(shared.resolve("new")));
        assertFailsAfter(
                "the file is another user's",
                shared.resolve("new"),
                () -> setOwner(shared.resolve("new"), NOBODY));
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
    void write_pipe_isWrittenTo() throws Exception {
        Path pipe = file("pipe");
        new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
        Process reader =
                new ProcessBuilder("cat", pipe.toString()).redirectErrorStream(true).start();
        write(pipe, "new");
        assertEquals("new", new String(reader.getInputStream().readAllBytes(), UTF_8));
        assertEquals(List.of("pipe"), names());
    }

    @Test
    void write_device_isWrittenTo() throws Exception {
        write(Path.of("/dev/null"), "new");
        assertFails("No space left on device", Path.of("/dev/full"));
    }

    @Test
    void write_fileThatIsOpen_goesBehindWhatIsThere() throws Exception {
        Path log = existing("log", "old ");
        try (FileChannel open = FileChannel.open(log, StandardOpenOption.APPEND)) {
            Path descriptor = descriptorOf(log);
            write(descriptor, "new");
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
