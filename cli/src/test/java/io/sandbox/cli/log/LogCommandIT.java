// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.Recorded;
import io.sandbox.cli.testing.Signals;
import io.sandbox.cli.testing.Terminal;
import io.sandbox.cli.testing.Until;
import io.sandbox.cli.testing.Words;
import io.sandbox.evidence.Recording;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** sandbox-log as a user runs it: files of every kind, damaged ones, results and statuses. */
final class LogCommandIT {
    private static final String LOSS = "[ 9.0] kauditd_printk_skb: 12 callbacks suppressed";

    @TempDir private Path folder;

    private static String record(int serial, String exe, String arch, int syscall, String code) {
        return String.format(
                "type=SECCOMP msg=audit(1700000%03d.000:%d): auid=0 uid=0 gid=0 ses=1 pid=7"
                    + " comm=\"x\" exe=\"%s\" sig=0 arch=%s syscall=%d compat=0 ip=0x7f code=%s",
                serial % 1000, serial, exe, arch, syscall, code);
    }

    private static String logged(int serial, int syscall) {
        return record(serial, "/bin/a", "c000003e", syscall, "0x7ffc0000");
    }

    private static byte[] bytes(String... lines) {
        return (String.join("\n", lines) + "\n").getBytes(UTF_8);
    }

    private static byte[] many(int count, IntFunction<String> line) {
        return bytes(IntStream.range(0, count).mapToObj(line).toArray(String[]::new));
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(all::writeBytes);
        return all.toByteArray();
    }

    private Path file(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    /** Writes these lines into the file audit.log. */
    private Path log(String... lines) throws IOException {
        return file("audit.log", bytes(lines));
    }

    private Child command(String line, Object... values) {
        return Child.of("sandbox log " + line, values).with("TZ", "UTC").in(folder);
    }

    private Finished run(String line, Object... values) throws Exception {
        return command(line, values).run();
    }

    // Results.

    @Test
    void table_hasARowForEachProgramAndTheNamesOfItsCalls() throws Exception {
        log(
                logged(1, 39),
                logged(2, 39),
                record(3, "/bin/a", "40000003", 20, "0x80000000"),
                "type=SYSCALL msg=audit(1700000004.000:4): arch=c000003e syscall=1",
                logged(5, 9999));
        run("audit.log")
                .assertStatus(0)
                .assertNoErr()
                .assertOutIs(
                        """
                        EXECUTABLE  ARCH    SYSCALLS  RECORDS  FIRST                LAST                 ACTION
                        /bin/a      i386           1        1  2023-11-14 22:13:23  2023-11-14 22:13:23  killed
                            getpid
                        /bin/a      x86_64         2        3  2023-11-14 22:13:21  2023-11-14 22:13:25  logged
                            9999 getpid
                        """);
    }

    private Finished onTerminal(int columns, String variable) throws Exception {
        String script = "cd " + folder + "; stty cols " + columns + "; exec \"$@\"";
        return Terminal.run(
                List.of(),
                Words.of(
                        "env TZ=UTC TERM=xterm %s sh -c %s sh sandbox log audit.log",
                        variable, script));
    }

    @ParameterizedTest
    @CsvSource({"60, false", "80, false", "200, true"})
    void table_onATerminal_hasEachPathWhole(int columns, boolean inOneLine) throws Exception {
        String exe = "/usr/lib/systemd/systemd-networkd";
        log(
                record(1, exe, "c000003e", 39, "0x7ffc0000"),
                record(2, "/bin/a", "c000003e", 1, "0x80000000"));
        Finished run = onTerminal(columns, "NO_COLOR=1").assertStatus(0);
        List<String> lines = run.out().lines().toList();
        String rest = "x86_64         1        1  2023-11-14 22:13:2";
        if (inOneLine) {
            assertTrue(lines.get(3).startsWith(exe + "  " + rest), run::out);
            assertEquals(5, lines.size(), run::out);
        } else {
            assertEquals("EXECUTABLE", lines.get(0));
            assertTrue(lines.get(1).startsWith("  ARCH    SYSCALLS  RECORDS  FIRST"), run::out);
            assertEquals("/bin/a", lines.get(2));
            assertTrue(lines.get(3).endsWith("  killed"), run::out);
            assertEquals(List.of("    write", exe), lines.subList(4, 6));
            assertTrue(lines.get(6).startsWith("  " + rest), run::out);
            assertEquals("    getpid", lines.get(7));
            assertTrue(lines.stream().allMatch(line -> line.length() < 80), run::out);
        }
    }

    @Test
    void table_onATerminal_hasColoursUnlessRefused() throws Exception {
        log(record(1, "/bin/a", "c000003e", 39, "0x80000000"));
        Finished run = onTerminal(200, "A=b").assertOut("\033[31m/bin/a");
        assertTrue(run.out().startsWith("\033[1mEXECUTABLE"), run::out);
        onTerminal(200, "NO_COLOR=1").assertOutLacks("\033");
        onTerminal(200, "TERM=dumb").assertOutLacks("\033");
    }

    @Test
    void testRecordsOfSandboxLearn_areLeftOut() throws Exception {
        String exec = "/opt/bin/sandbox-exec";
        String test = record(2, exec, "c000003e", 0x2000_0001, "0x7ffc0000");
        String word =
                test.replace("arch=c000003e", "arch=x86_64")
                        .replace("syscall=536870913", "syscall=unknown-syscall(1073741823)")
                        .replace("audit(1700000002.000:2)", "audit(11/14/23 22:13:22.000:2)");
        log(logged(1, 39), test, word, test);
        String note = "sandbox log: left out: 3 canaries\n";
        run("--recording r.json audit.log").assertOutLacks("sandbox-exec").assertErrIs(note);
        assertFalse(Files.readString(folder.resolve("r.json")).contains("sandbox-exec"));
        run("--to envfile audit.log")
                .assertOutIs("SECCOMP_SYSCALL_ALLOW=getpid\n")
                .assertErrIs(note);
        Finished all = run("--records audit.log").assertNoErr();
        assertEquals(4, all.out().lines().count());
        run("--records --exe %s audit.log", exec).assertStatus(0);
        run("--exe %s audit.log", exec).assertStatus(1);
        log(
                record(2, "/opt/bin/other", "c000003e", 0x2000_0001, "0x7ffc0000"),
                record(3, exec, "c000003e", 1, "0x7ffc0000"));
        run("audit.log").assertOut("    536870913\n", "    write\n");
    }

    /** Whoever can write to the log can choose the word for the architecture. */
    @Test
    void architectureInWords_isPrintable() throws Exception {
        String line =
                "{\"SECCOMP\":{\"auid\":0,\"exe\":\"/bin/a\",\"syscall\":1,"
                        + "\"arch\":\"\\u001b[2J\\n::error::x\"}}";
        log(line);
        String shown = "\\x1b[2j\\x0a::error::x";
        run("audit.log").assertOut("/bin/a      " + shown + "  ");
        command("--follow").input(bytes(line)).run().assertOut("/bin/a  " + shown + "  1");
    }

    @Test
    void list_ofOneArchitecture_isPrinted() throws Exception {
        log(logged(1, 39), logged(2, 17), logged(3, 9999));
        run("--to env audit.log")
                .assertStatus(0)
                .assertOutIs("SECCOMP_SYSCALL_ALLOW=\"9999:getpid:pread64\"\n");
    }

    @Test
    void list_ofIncompleteLog_isRefusedAndNeverStatusZero() throws Exception {
        String ofI386 = record(2, "/bin/a", "40000003", 20, "0x7ffc0000");
        for (String doubt : List.of(LOSS, logged(2, 1).substring(0, 60), ofI386)) {
            log(logged(1, 39), doubt);
            run("--to env audit.log").assertRefusedBy("sandbox log", 2, "no list", "--partial");
            run("--to env --partial audit.log")
                    .assertStatus(2)
                    .assertOutIs("SECCOMP_SYSCALL_ALLOW=\"getpid\"\n")
                    .assertErr("incomplete");
        }
    }

    @Test
    void table_ofIncompleteLog_saysSo() throws Exception {
        int before = logged(1, 39).length() + 1 + LOSS.length() + 1;
        log(logged(1, 39), LOSS, logged(2, 1).substring(0, 60));
        run("audit.log")
                .assertStatus(0)
                .assertErrIs(
                        "sandbox log: incomplete: the kernel did not print 12 audit lines (printk"
                                + " rate limit); 1 record could not be read, at byte "
                                + before
                                + " of audit.log: the record is cut\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--exe /bin/b|write",
                "--comm a%b|close",
                "--arch i386|write",
                "--since @1700000002 --arch x86_64|close:write",
                "--until 2023-11-14T22:13:22Z|getpid:write"
            })
    void filters_takeWhatIsAskedFor(String options, String calls) throws Exception {
        log(
                logged(1, 39),
                record(2, "/bin/b", "c000003e", 1, "0x7ffc0000"),
                logged(3, 3).replace("comm=\"x\"", "comm=612062"),
                record(4, "/bin/a", "40000003", 4, "0x7ffc0000"));
        List<String> words = Words.of(options);
        words.replaceAll(word -> word.replace('%', ' '));
        run("-q --to envfile %s audit.log", words)
                .assertStatus(0)
                .assertOutIs("SECCOMP_SYSCALL_ALLOW=" + calls + "\n");
    }

    /** Enough for many blocks, which several threads parse. */
    @Test
    void records_ofALongLog_areInItsOrder() throws Exception {
        int count = 20_000;
        file("audit.log", many(count, i -> logged(i, i % 300)));
        List<String> lines = run("--records audit.log").assertStatus(0).out().lines().toList();
        assertEquals(count, lines.size());
        for (int i = 0; i < count; i++) {
            String expected = "\"serial\":" + i + ",";
            assertTrue(lines.get(i).contains(expected), i + ": " + lines.get(i));
        }
    }

    @Test
    void recording_isWrittenAndTheSameAgain() throws Exception {
        log(logged(1, 39), logged(3, 1), LOSS);
        run("-q --recording 1.json audit.log").assertStatus(0);
        run("-q --recording 2.json audit.log").assertStatus(0);
        Path first = folder.resolve("1.json");
        assertEquals(Files.readString(first), Files.readString(folder.resolve("2.json")));
        Recording recording = Recorded.in(first);
        assertEquals(2, recording.calls().size());
        assertFalse(recording.runs().get(0).isComplete(), "a log vouches for nothing");
        run("--recording /missing/x audit.log").assertRefusedBy("sandbox log", 2, "/missing/x");
    }

    @Test
    void containerOutput_isNamedAsSuch() throws Exception {
        String text = logged(1, 39).replace("\"", "\\\"");
        log("{\"log\":\"" + text + "\\n\",\"stream\":\"stdout\",\"time\":\"t\"}");
        run("audit.log")
                .assertStatus(0)
                .assertOut("/bin/a (from container output)")
                .assertErr("1 record from the output of containers");
    }

    // Input.

    @Test
    void packedAndPiped_giveTheSame() throws Exception {
        byte[] log = bytes(logged(1, 39), logged(2, 1));
        file("plain", log);
        file("a.gz", gzip(log));
        file("no-suffix", Zstd.compress(log));
        String expected = run("plain").out();
        run("a.gz").assertOutIs(expected);
        run("no-suffix").assertOutIs(expected);
        command("").input(Zstd.compress(log)).run().assertOutIs(expected);
    }

    @Test
    void rotatedSet_isReadOldestFirst() throws Exception {
        log(logged(3, 39));
        file("audit.log.1", bytes(logged(2, 39)));
        file("audit.log.2.gz", gzip(bytes(logged(1, 39))));
        String out = run("--records audit.log audit.log.1 audit.log.2.gz").out();
        assertEquals(
                List.of("\"serial\":1,", "\"serial\":2,", "\"serial\":3,"),
                out.lines().map(line -> line.replaceAll(".*(\"serial\":\\d+,).*", "$1")).toList());
    }

    @Test
    void cutArchives_countWhatIsThereAndFail() throws Exception {
        byte[] log = many(5_000, i -> logged(i % 1000, i % 300));
        for (byte[] packed : List.of(gzip(log), Zstd.compress(log))) {
            file("cut", Arrays.copyOf(packed, packed.length / 2));
            run("--to env cut").assertStatus(2).assertNoOut().assertErr("cut: ", "no list");
            assertTrue(run("--records cut").out().lines().count() > 500, "what came before");
        }
    }

    @Test
    void membersOfGzip_areAllRead_andWhatIsNoneIsAnError() throws Exception {
        byte[] one = gzip(bytes(logged(1, 39)));
        byte[] two = gzip(bytes(logged(2, 17)));
        for (byte[] padding : List.of(new byte[0], new byte[100])) {
            file("log.gz", joined(one, two, padding));
            run("--to env log.gz")
                    .assertStatus(0)
                    .assertOutIs("SECCOMP_SYSCALL_ALLOW=\"getpid:pread64\"\n");
        }
        for (byte[] behind : List.of(bytes(""), bytes(logged(3, 0)), Arrays.copyOf(one, 5))) {
            file("log.gz", joined(one, two, behind));
            run("--to env log.gz")
                    .assertStatus(2)
                    .assertNoOut()
                    .assertErr("log.gz: the compressed data is followed by other data");
            assertEquals(2, run("--records log.gz").out().lines().count(), "what came before");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"xz", "bzip2"})
    void packedOtherwise_saysHowToUnpack(String packer) throws Exception {
        log(logged(1, 39));
        LiveKernel.requireProgram(packer);
        Child.of("sh -c %s", packer + " -c <audit.log >packed").in(folder).run().assertStatus(0);
        String hint = ", which cannot be read (unpack it first: " + packer + " -dc FILE)";
        run("packed").assertRefusedBy("sandbox log", 2, "packed: compressed with " + packer + hint);
        log("BZh9 ", logged(1, 39));
        run("audit.log").assertStatus(0);
    }

    @Test
    void nothingThatCanBeRead_isStatusTwo() throws Exception {
        log("{\"dmesg\": [{\"msg\": \"audit: " + logged(1, 39).replace("\"", "\\\"") + "\"}]}");
        run("audit.log").assertRefusedBy("sandbox log", 2, "1 record could not be read");
        run("--to env audit.log").assertRefusedBy("sandbox log", 2, "1 record could not be read");
    }

    @Test
    void unreadableFiles_areNamedAndTheOthersRead() throws Exception {
        log(logged(1, 39));
        run("%s missing audit.log", folder)
                .assertStatus(2)
                .assertErrIs(
                        "sandbox log: "
                                + folder
                                + ": Is a directory\n"
                                + "sandbox log: missing: No such file or directory\n")
                .assertOut("getpid");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--exe /bin/c|none of 2 records fits",
                "--comm c|none of 2 records fits",
                "--arch i386|none of 2 records fits",
                "--since 2024-01-01|none of 2 records fits",
                "--exe a|none of 2 records fits; --exe takes a whole path"
            })
    void nothingThatFits_saysHowManyDoNot(String filter, String message) throws Exception {
        log(logged(1, 39), logged(2, 1));
        run(filter + " audit.log").assertStatus(1).assertErrIs("sandbox log: " + message + "\n");
    }

    @Test
    void nothingThatFits_ofOneRecordOrACutOne() throws Exception {
        log(logged(1, 39));
        run("--exe /bin/c audit.log").assertErrIs("sandbox log: the only record does not fit\n");
        run("-q --exe a audit.log").assertNoErr();
        run("--in-unit a.service audit.log").assertStatus(1).assertErr("no record names a unit");
        log(logged(1, 39), logged(2, 1).substring(0, 60));
        run("--exe /bin/c audit.log").assertStatus(1);
    }

    @Test
    void nothingFound_isStatusOne() throws Exception {
        file("empty", new byte[0]);
        run("empty").assertRefusedBy("sandbox log", 1, "no seccomp records");
        log("hello");
        run("audit.log").assertRefusedBy("sandbox log", 1, "no seccomp records");
        run("-q audit.log").assertNoErr();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--nonsense",
                "--since soon",
                "--since now --until @1",
                "--arch pdp11",
                "--to yaml",
                "--to env --records",
                "--follow /dev/null",
                "--follow --to env",
                "--partial"
            })
    void wrongOptions_areOneLineAndStatusTwo(String options) throws Exception {
        log(logged(1, 39));
        run(options + " audit.log").assertRefusedBy("sandbox log", 2, "--help");
    }

    /**
     * It does what grep does under head(1): no message, and the status of a program that SIGPIPE
     * ended.
     */
    @Test
    void readerThatGoes_endsItQuietly() throws Exception {
        file("audit.log", many(20_000, i -> logged(i % 1000, 39)));
        String script = "{ \"$@\"; echo $? >&2; } | head -c 1";
        Child.shell(script, Words.of("sandbox log --records audit.log"))
                .in(folder)
                .run()
                .assertErrIs(128 + Signals.number("PIPE") + "\n");
    }

    @Test
    void outputThatFails_isAnError() throws Exception {
        log(logged(1, 39));
        Child.shell("exec \"$@\" >/dev/full", Words.of("sandbox log audit.log"))
                .in(folder)
                .run()
                .assertStatus(2)
                .assertErrIs(
                        "sandbox log: standard output: cannot write the result: No space left on"
                                + " device\n");
    }

    // Following.

    private static void append(Path log, String... lines) throws IOException {
        Files.write(log, bytes(lines), StandardOpenOption.APPEND, StandardOpenOption.CREATE);
    }

    private static void prints(Child.Running following, String text) throws Exception {
        Until.holds("it prints " + text, () -> following.out().contains(text));
    }

    private static Finished interrupt(Child.Running following) throws Exception {
        Child.of("kill -INT %s", following.handle().pid()).run().assertStatus(0);
        return following.await().assertStatus(128 + Signals.number("INT"));
    }

    @Test
    void follow_acrossRotationAndTruncation_printsEachNewCallOnce() throws Exception {
        Path log = log(logged(1, 39));
        try (Child.Running following = command("--follow audit.log").start()) {
            prints(following, "getpid");
            append(log, logged(2, 39), logged(3, 1));
            prints(following, "write");
            // Rotated in the middle of a line that is never finished.
            Files.writeString(log, "type=SECC", StandardOpenOption.APPEND);
            Files.move(log, folder.resolve("audit.log.1"));
            append(log, logged(4, 3));
            prints(following, "close");
            // Emptied and written anew, as logrotate's copytruncate does.
            Files.write(log, new byte[0]);
            Thread.sleep(500);
            append(log, logged(5, 5), LOSS);
            prints(following, "fstat");
            Until.holds("the loss is said", () -> following.err().contains("12 audit lines"));
            Finished run = interrupt(following).assertErrLacks("Exception");
            assertEquals(4, run.out().lines().count(), () -> "getpid came twice");
        }
    }

    /** Only regular files may be opened: opening a device can have effects. */
    @Test
    void follow_somethingElseUnderTheName_isNotOpened() throws Exception {
        Path log = log(logged(1, 39));
        try (Child.Running following = command("--follow audit.log").start()) {
            prints(following, "getpid");
            Files.move(log, folder.resolve("audit.log.1"));
            // Opening it would wait for a writer.
            Child.of("mkfifo %s", log).run().assertStatus(0);
            Thread.sleep(500);
            Files.move(log, folder.resolve("pipe"));
            Files.createSymbolicLink(log, Path.of("/dev/zero"));
            Thread.sleep(500);
            Path next = file("next", bytes(logged(2, 3)));
            Files.move(next, log, StandardCopyOption.ATOMIC_MOVE);
            prints(following, "close");
            interrupt(following);
        }
    }

    @Test
    void follow_pipe_printsWhileItsWriterWaits() throws Exception {
        String script =
                "{ echo \"$ONE\"; until [ -e go ]; do sleep 0.1; done; echo \"$TWO\"; } | \"$@\"";
        Child reading = Child.shell(script, Words.of("sandbox log --follow --records"));
        try (Child.Running following =
                reading.with("ONE", logged(1, 39)).with("TWO", logged(2, 1)).in(folder).start()) {
            prints(following, "getpid");
            Files.createFile(folder.resolve("go"));
            Finished run = following.await().assertStatus(0);
            assertEquals(2, run.out().lines().count());
        }
    }

    private void has(Path metrics, int count) throws Exception {
        String line = "syscall=\"getpid\",action=\"logged\"} " + count + "\n";
        Until.holds(line, () -> Files.exists(metrics) && Files.readString(metrics).contains(line));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(0, files.filter(file -> file.toString().contains("/.")).count());
        }
    }

    @Test
    void metrics_areReplacedAsAWholeWhileTheLogGrows() throws Exception {
        Path log = log(logged(1, 39));
        Path metrics = Files.writeString(folder.resolve("seccomp.prom"), "old");
        try (Child.Running following =
                command("--follow --metrics seccomp.prom audit.log").start()) {
            has(metrics, 1);
            append(log, logged(2, 39));
            has(metrics, 2);
            assertTrue(following.out().contains("getpid"), "it prints as ever");
        }
        run("--metrics seccomp.prom audit.log")
                .assertStatus(2)
                .assertErr("--metrics is for --follow");
    }

    /** The file is written every few seconds otherwise. */
    @Test
    void metrics_endedByASignal_haveWhatWasRead() throws Exception {
        log(logged(1, 39));
        try (Child.Running following =
                command("--follow --metrics seccomp.prom audit.log").start()) {
            prints(following, "getpid");
            following.handle().destroy();
            following.await();
            has(folder.resolve("seccomp.prom"), 1);
        }
    }

    @Test
    void metrics_thatCannotBeWritten_areRefusedAtTheStart() throws Exception {
        log(logged(1, 39));
        run("--follow --metrics none/seccomp.prom audit.log")
                .assertStatus(2)
                .assertErr("none/seccomp.prom: cannot write the result");
    }
}
