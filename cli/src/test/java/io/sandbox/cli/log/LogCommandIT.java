// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Dist;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.Signals;
import io.sandbox.cli.testing.Terminal;
import io.sandbox.cli.testing.Until;
import io.sandbox.cli.testing.Words;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.RecordingReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** sandbox-log as a user runs it: files of every kind, damaged ones, results and statuses. */
final class LogCommandIT {
    private static final String LOSS = "[ 9.0] kauditd_printk_skb: 12 callbacks suppressed";

    @TempDir private Path folder;

    private final List<Process> running = new ArrayList<>();

    @AfterEach
    void endAll() {
        running.forEach(Process::destroyForcibly);
    }

    private static String record(int serial, String exe, String arch, int syscall, String code) {
        return String.format(
                "type=SECCOMP msg=audit(1700000%03d.000:%d): auid=0 uid=0 gid=0 ses=1 pid=7"
                    + " comm=\"x\" exe=\"%s\" sig=0 arch=%s syscall=%d compat=0 ip=0x7f code=%s",
                serial % 1000, serial, exe, arch, syscall, code);
    }

    private static String logged(int serial, int syscall) {
        return record(serial, "/bin/a", "c000003e", syscall, "0x7ffc0000");
    }

    private Path file(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private Path file(String name, String... lines) throws IOException {
        return file(name, bytes(lines));
    }

    private static byte[] bytes(String... lines) {
        return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private ProcessBuilder command(String line, Object... values) {
        ProcessBuilder builder = new ProcessBuilder(Words.of("sandbox-log " + line, values));
        builder.environment().put("TZ", "UTC");
        return builder.directory(folder.toFile());
    }

    private Finished run(String line, Object... values) throws Exception {
        return finish(command(line, values).redirectInput(Path.of("/dev/null").toFile()));
    }

    private Finished finish(ProcessBuilder builder) throws Exception {
        Path out = folder.resolve(".out");
        Path err = folder.resolve(".err");
        builder.redirectOutput(out.toFile()).redirectError(err.toFile());
        int status = builder.start().waitFor();
        return new Finished(status, Files.readString(out), Files.readString(err));
    }

    // Results.

    @Test
    void table_hasARowForEachProgramAndTheNamesOfItsCalls() throws Exception {
        Path log =
                file(
                        "audit.log",
                        logged(1, 39),
                        logged(2, 39),
                        record(3, "/bin/a", "40000003", 20, "0x80000000"),
                        "type=SYSCALL msg=audit(1700000004.000:4): arch=c000003e syscall=1",
                        logged(5, 9999));
        run("%s", log)
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

    @ParameterizedTest
    @CsvSource({"60, false", "80, false", "200, true"})
    void table_onATerminal_hasEachPathWhole(int columns, boolean inOneLine) throws Exception {
        String exe = "/usr/lib/systemd/systemd-networkd";
        Path log =
                file(
                        "audit.log",
                        record(1, exe, "c000003e", 39, "0x7ffc0000"),
                        record(2, "/bin/a", "c000003e", 1, "0x80000000"));
        Finished run = onTerminal(columns, "NO_COLOR=1", log).assertStatus(0);
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
            assertEquals("    write", lines.get(4));
            assertEquals(exe, lines.get(5));
            assertTrue(lines.get(6).startsWith("  " + rest), run::out);
            assertEquals("    getpid", lines.get(7));
            assertTrue(lines.stream().allMatch(line -> line.length() < 80), run::out);
        }
    }

    @Test
    void table_onATerminal_hasColoursUnlessRefused() throws Exception {
        Path log = file("audit.log", record(1, "/bin/a", "c000003e", 39, "0x80000000"));
        String shown = onTerminal(200, "A=b", log).out();
        assertTrue(shown.startsWith("\033[1mEXECUTABLE"), shown);
        assertTrue(shown.contains("\033[31m/bin/a"), shown);
        assertFalse(onTerminal(200, "NO_COLOR=1", log).out().contains("\033"));
        assertFalse(onTerminal(200, "TERM=dumb", log).out().contains("\033"));
    }

    private static Finished onTerminal(int columns, String variable, Path log) throws Exception {
        String script = "stty cols " + columns + "; exec \"$@\"";
        return Terminal.run(
                List.of(),
                List.of(
                        "env",
                        "TZ=UTC",
                        "TERM=xterm",
                        variable,
                        "sh",
                        "-c",
                        script,
                        "sh",
                        Dist.command("sandbox-log").toString(),
                        log.toString()));
    }

    @Test
    void testRecordsOfSandboxLearn_areLeftOut() throws Exception {
        String exec = "/opt/bin/sandbox-exec";
        String test = record(2, exec, "c000003e", 0x2000_0001, "0x7ffc0000");
        String word =
                test.replace("arch=c000003e", "arch=x86_64")
                        .replace("syscall=536870913", "syscall=unknown-syscall(1073741823)")
                        .replace(
                                "msg=audit(1700000002.000:2)",
                                "msg=audit(11/14/23 22:13:22.000:2)");
        Path log = file("audit.log", logged(1, 39), test, word, test);
        String note = "sandbox log: left out: 3 canaries\n";
        Path recording = folder.resolve("r.json");
        run("--recording %s %s", recording, log).assertOutLacks("sandbox-exec").assertErrIs(note);
        assertFalse(Files.readString(recording).contains("sandbox-exec"));
        run("--to envfile %s", log).assertOutIs("SECCOMP_SYSCALL_ALLOW=getpid\n").assertErrIs(note);
        Finished all = run("--records %s", log);
        assertEquals(4, all.out().lines().count());
        all.assertNoErr();
        run("--records --exe %s %s", exec, log).assertStatus(0);
        run("--exe %s %s", exec, log).assertStatus(1);
        String other = record(2, "/opt/bin/other", "c000003e", 0x2000_0001, "0x7ffc0000");
        String known = record(3, exec, "c000003e", 1, "0x7ffc0000");
        String out = run("%s", file("other.log", other, known)).out();
        assertTrue(out.contains("    536870913\n") && out.contains("    write\n"), out);
    }

    /** Whoever can write to the log can choose the word for the architecture. */
    @Test
    void architectureInWords_isPrintable() throws Exception {
        Path log =
                file(
                        "laurel.log",
                        "{\"SECCOMP\":{\"auid\":0,\"exe\":\"/bin/a\",\"syscall\":1,"
                                + "\"arch\":\"\\u001b[2J\\n::error::x\"}}");
        String shown = "\\x1b[2j\\x0a::error::x";
        run("%s", log).assertOut("/bin/a      " + shown + "  ");
        finish(command("--follow").redirectInput(log.toFile()))
                .assertOut("/bin/a  " + shown + "  1");
    }

    @Test
    void list_ofOneArchitecture_isPrinted() throws Exception {
        Path log = file("audit.log", logged(1, 39), logged(2, 17), logged(3, 9999));
        run("--to env %s", log)
                .assertStatus(0)
                .assertOutIs("SECCOMP_SYSCALL_ALLOW=\"9999:getpid:pread64\"\n");
    }

    @Test
    void list_ofIncompleteLog_isRefusedAndNeverStatusZero() throws Exception {
        for (String doubt :
                new String[] {
                    LOSS,
                    logged(2, 1).substring(0, 60),
                    record(2, "/bin/a", "40000003", 20, "0x7ffc0000")
                }) {
            Path log = file("audit.log", logged(1, 39), doubt);
            run("--to env %s", log).assertRefusedBy("sandbox log", 2, "no list", "--partial");
            run("--to env --partial %s", log)
                    .assertStatus(2)
                    .assertOutIs("SECCOMP_SYSCALL_ALLOW=\"getpid\"\n")
                    .assertErr("incomplete");
        }
    }

    @Test
    void table_ofIncompleteLog_saysSo() throws Exception {
        int before = logged(1, 39).length() + 1 + LOSS.length() + 1;
        run("%s", file("audit.log", logged(1, 39), LOSS, logged(2, 1).substring(0, 60)))
                .assertStatus(0)
                .assertErrIs(
                        "sandbox log: incomplete: the kernel did not print 12 audit lines (printk"
                                + " rate limit); 1 record could not be read, at byte "
                                + before
                                + " of "
                                + folder.resolve("audit.log")
                                + ": the record is cut\n");
    }

    @Test
    void filters_takeWhatIsAskedFor() throws Exception {
        Path log =
                file(
                        "audit.log",
                        logged(1, 39),
                        record(2, "/bin/b", "c000003e", 1, "0x7ffc0000"),
                        logged(3, 3).replace("comm=\"x\"", "comm=612062"),
                        record(4, "/bin/a", "40000003", 4, "0x7ffc0000"));
        assertEquals("SECCOMP_SYSCALL_ALLOW=write\n", list("--exe /bin/b %s", log));
        assertEquals("SECCOMP_SYSCALL_ALLOW=close\n", list("--comm %s %s", "a b", log));
        assertEquals("SECCOMP_SYSCALL_ALLOW=write\n", list("--arch i386 %s", log));
        assertEquals(
                "SECCOMP_SYSCALL_ALLOW=close:write\n",
                list("--since @1700000002 --arch x86_64 %s", log));
        assertEquals(
                "SECCOMP_SYSCALL_ALLOW=getpid:write\n",
                list("--until 2023-11-14T22:13:22Z %s", log));
        run("--exe /bin/c %s", log).assertStatus(1);
        run("--in-unit a.service %s", log).assertStatus(1).assertErr("no record names a unit");
    }

    private String list(String line, Object... values) throws Exception {
        return run("-q --to envfile " + line, values).assertStatus(0).out();
    }

    /** Enough for many blocks, which several threads parse. */
    @Test
    void records_ofALongLog_areInItsOrder() throws Exception {
        int count = 20_000;
        Path log =
                file(
                        "audit.log",
                        IntStream.range(0, count)
                                .mapToObj(i -> logged(i, i % 300))
                                .toArray(String[]::new));
        Finished run = run("--records %s", log).assertStatus(0);
        List<String> lines = run.out().lines().toList();
        assertEquals(count, lines.size());
        for (int i = 0; i < count; i++) {
            String expected = "\"serial\":" + i + ",";
            assertTrue(lines.get(i).contains(expected), i + ": " + lines.get(i));
        }
    }

    @Test
    void recording_isWrittenAndTheSameAgain() throws Exception {
        Path log = file("audit.log", logged(1, 39), logged(3, 1), LOSS);
        Path first = folder.resolve("1.json");
        Path second = folder.resolve("2.json");
        run("-q --recording %s %s", first, log).assertStatus(0);
        run("-q --recording %s %s", second, log).assertStatus(0);
        assertEquals(Files.readString(first), Files.readString(second));
        Recording recording = RecordingReader.read(Files.readAllBytes(first));
        assertEquals(2, recording.calls().size());
        assertFalse(recording.runs().get(0).isComplete(), "a log vouches for nothing");
        run("--recording /missing/x %s", log).assertRefusedBy("sandbox log", 2, "/missing/x");
    }

    @Test
    void containerOutput_isNamedAsSuch() throws Exception {
        String text = logged(1, 39).replace("\"", "\\\"");
        Path log =
                file("c.log", "{\"log\":\"" + text + "\\n\",\"stream\":\"stdout\",\"time\":\"t\"}");
        run("%s", log)
                .assertStatus(0)
                .assertOut("/bin/a (from container output)")
                .assertErr("1 record from the output of containers");
    }

    // Input.

    @Test
    void packedAndPiped_giveTheSame() throws Exception {
        byte[] log = bytes(logged(1, 39), logged(2, 1));
        String expected = run("%s", file("plain", log)).out();
        byte[] gzip = gzip(log);
        byte[] twice = new byte[2 * gzip.length];
        System.arraycopy(gzip, 0, twice, 0, gzip.length);
        System.arraycopy(gzip, 0, twice, gzip.length, gzip.length);
        assertEquals(expected, run("%s", file("a.gz", gzip)).out());
        assertEquals(expected, run("%s", file("no-suffix", Zstd.compress(log))).out());
        assertEquals(
                expected,
                finish(command("").redirectInput(file("in.zst", Zstd.compress(log)).toFile()))
                        .out());
        assertEquals(4, run("--records %s", file("twice.gz", twice)).out().lines().count());
    }

    @Test
    void rotatedSet_isReadOldestFirst() throws Exception {
        Path current = file("audit.log", logged(3, 39));
        Path last = file("audit.log.1", logged(2, 39));
        Path oldest = file("audit.log.2.gz", gzip(bytes(logged(1, 39))));
        String out = run("--records %s %s %s", current, last, oldest).out();
        assertEquals(
                List.of("\"serial\":1,", "\"serial\":2,", "\"serial\":3,"),
                out.lines().map(line -> line.replaceAll(".*(\"serial\":\\d+,).*", "$1")).toList());
    }

    @Test
    void cutArchives_countWhatIsThereAndFail() throws Exception {
        byte[] log =
                bytes(
                        IntStream.range(0, 5_000)
                                .mapToObj(i -> logged(i % 1000, i % 300))
                                .toArray(String[]::new));
        for (byte[] packed : List.of(gzip(log), Zstd.compress(log))) {
            Path cut = file("cut", Arrays.copyOf(packed, packed.length / 2));
            Finished run =
                    run("--to env %s", cut)
                            .assertStatus(2)
                            .assertNoOut()
                            .assertErr("cut: ", "no list");
            assertTrue(run("--records %s", cut).out().lines().count() > 500, "what came before");
        }
    }

    @Test
    void membersOfGzip_areAllRead_andWhatIsNoneIsAnError() throws Exception {
        byte[] one = gzip(bytes(logged(1, 39)));
        byte[] two = gzip(bytes(logged(2, 17)));
        String list = "SECCOMP_SYSCALL_ALLOW=\"getpid:pread64\"\n";
        for (byte[] padding : List.of(new byte[0], new byte[100])) {
            run("--to env %s", file("log.gz", joined(one, two, padding)))
                    .assertStatus(0)
                    .assertOutIs(list);
        }
        for (byte[] behind : List.of(bytes(""), bytes(logged(3, 0)), Arrays.copyOf(one, 5))) {
            Path damaged = file("damaged.gz", joined(one, two, behind));
            Finished run =
                    run("--to env %s", damaged)
                            .assertStatus(2)
                            .assertNoOut()
                            .assertErr("damaged.gz: the compressed data is followed by other data");
            assertEquals(2, run("--records %s", damaged).out().lines().count(), "what came before");
        }
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(all::writeBytes);
        return all.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"xz", "bzip2"})
    void packedOtherwise_saysHowToUnpack(String packer) throws Exception {
        Path log = file("audit.log", logged(1, 39));
        LiveKernel.requireProgram(packer);
        Path packed = folder.resolve("packed");
        Child.shell(
                        "exec " + packer + " -c <\"$1\" >\"$2\"",
                        List.of(log.toString(), packed.toString()))
                .run()
                .assertStatus(0);
        run("%s", packed)
                .assertRefusedBy(
                        "sandbox log",
                        2,
                        packed
                                + ": compressed with "
                                + packer
                                + ", which cannot be read (unpack it first: "
                                + packer
                                + " -dc FILE)");
        run("%s", file("text", "BZh9 ", logged(1, 39))).assertStatus(0);
    }

    @Test
    void nothingThatCanBeRead_isStatusTwo() throws Exception {
        String json =
                "{\"dmesg\": [{\"msg\": \"audit: " + logged(1, 39).replace("\"", "\\\"") + "\"}]}";
        run("%s", file("dmesg.json", json))
                .assertRefusedBy("sandbox log", 2, "1 record could not be read");
        run("--to env %s", file("dmesg.json", json))
                .assertRefusedBy("sandbox log", 2, "1 record could not be read");
    }

    @Test
    void unreadableFiles_areNamedAndTheOthersRead() throws Exception {
        Path log = file("audit.log", logged(1, 39));
        run("%s %s %s", folder, folder.resolve("missing"), log)
                .assertStatus(2)
                .assertErrIs(
                        "sandbox log: "
                                + folder
                                + ": Is a directory\n"
                                + "sandbox log: "
                                + folder.resolve("missing")
                                + ": No such file or directory\n")
                .assertOut("getpid");
    }

    @Test
    void nothingThatFits_saysHowManyDoNot() throws Exception {
        Path log = file("audit.log", logged(1, 39), logged(2, 1));
        for (List<String> filter :
                List.of(
                        List.of("--exe", "/bin/c"),
                        List.of("--comm", "c"),
                        List.of("--arch", "i386"),
                        List.of("--since", "2024-01-01"))) {
            run("%s %s %s", filter.get(0), filter.get(1), log)
                    .assertErrIs("sandbox log: none of 2 records fits\n")
                    .assertStatus(1);
        }
        assertEquals(
                "sandbox log: none of 2 records fits; --exe takes a whole path\n",
                run("--exe a %s", log).err());
        assertEquals(
                "sandbox log: the only record does not fit\n",
                run("--exe /bin/c %s", file("one.log", logged(1, 39))).err());
        assertEquals("", run("-q --exe a %s", log).err());
        Path cut = file("cut.log", logged(1, 39), logged(2, 1).substring(0, 60));
        run("--exe /bin/c %s", cut).assertStatus(1);
    }

    @Test
    void nothingFound_isStatusOne() throws Exception {
        run("%s", file("empty", new byte[0]))
                .assertRefusedBy("sandbox log", 1, "no seccomp records");
        run("%s", file("other", "hello")).assertRefusedBy("sandbox log", 1, "no seccomp records");
        assertEquals("", run("-q %s", file("other", "hello")).err());
    }

    @Test
    void wrongOptions_areOneLineAndStatusTwo() throws Exception {
        Path log = file("audit.log", logged(1, 39));
        String mistakes =
                """
                --nonsense %s
                --since soon %s
                --since now --until @1 %s
                --arch pdp11 %s
                --to yaml %s
                --to env --records %s
                --follow /dev/null %s
                --follow --to env %s
                --partial %s
                """;
        for (String line : mistakes.lines().toList()) {
            run(line, log).assertRefusedBy("sandbox log", 2, "--help");
        }
    }

    /**
     * It does what grep does under head(1): no message, and the status of a program that SIGPIPE
     * ended.
     */
    @Test
    void readerThatGoes_endsItQuietly() throws Exception {
        Path log =
                file(
                        "audit.log",
                        IntStream.range(0, 20_000)
                                .mapToObj(i -> logged(i % 1000, 39))
                                .toArray(String[]::new));
        Path err = folder.resolve(".err");
        Process process = command("--records %s", log).redirectError(err.toFile()).start();
        running.add(process);
        process.getInputStream().read();
        process.getInputStream().close();
        assertEquals(128 + Signals.number("PIPE"), process.waitFor());
        assertEquals("", Files.readString(err));
    }

    @Test
    void outputThatFails_isAnError() throws Exception {
        Path log = file("audit.log", logged(1, 39));
        Path err = folder.resolve(".err");
        Process full =
                command("%s", log)
                        .redirectOutput(Path.of("/dev/full").toFile())
                        .redirectError(err.toFile())
                        .start();
        assertEquals(2, full.waitFor());
        assertEquals(
                "sandbox log: standard output: cannot write the result: No space left on device\n",
                Files.readString(err));
    }

    // Following.

    private static void append(Path log, String... lines) throws IOException {
        Files.write(log, bytes(lines), StandardOpenOption.APPEND, StandardOpenOption.CREATE);
    }

    @Test
    void follow_acrossRotationAndTruncation_printsEachNewCallOnce() throws Exception {
        Path log = file("audit.log", logged(1, 39));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process =
                command("--follow %s", log)
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start();
        running.add(process);
        sees(out, "getpid");
        append(log, logged(2, 39), logged(3, 1));
        sees(out, "write");
        // Rotated in the middle of a line that is never finished.
        Files.writeString(log, "type=SECC", StandardOpenOption.APPEND);
        Files.move(log, folder.resolve("audit.log.1"));
        append(log, logged(4, 3));
        sees(out, "close");
        // Emptied and written anew, as logrotate's copytruncate does.
        Files.write(log, new byte[0]);
        Thread.sleep(500);
        append(log, logged(5, 5), LOSS);
        sees(out, "fstat");
        sees(err, "12 audit lines");
        assertEquals(4, Files.readAllLines(out).size(), () -> "getpid came twice");
        signal(process, "INT");
        assertEquals(128 + Signals.number("INT"), process.waitFor());
        assertFalse(Files.readString(err).contains("Exception"), "no trace");
    }

    /** Only regular files may be opened: opening a device can have effects. */
    @Test
    void follow_somethingElseUnderTheName_isNotOpened() throws Exception {
        Path log = file("audit.log", logged(1, 39));
        Path out = folder.resolve("out");
        Process process = command("--follow %s", log).redirectOutput(out.toFile()).start();
        running.add(process);
        sees(out, "getpid");
        Files.move(log, folder.resolve("audit.log.1"));
        // Opening it would wait for a writer.
        new ProcessBuilder("mkfifo", log.toString()).start().waitFor();
        Thread.sleep(500);
        Files.move(log, folder.resolve("pipe"));
        Files.createSymbolicLink(log, Path.of("/dev/zero"));
        Thread.sleep(500);
        Files.move(file("next", logged(2, 3)), log, StandardCopyOption.ATOMIC_MOVE);
        sees(out, "close");
        signal(process, "INT");
        assertEquals(128 + Signals.number("INT"), process.waitFor());
    }

    private static void sees(Path file, String text) throws Exception {
        Until.holds(text + " in " + file, () -> Files.readString(file).contains(text));
    }

    private static void signal(Process process, String name) throws Exception {
        new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).start().waitFor();
    }

    @Test
    void follow_pipe_printsWhileItsWriterWaits() throws Exception {
        Path out = folder.resolve("out");
        Process process = command("--follow --records").redirectOutput(out.toFile()).start();
        running.add(process);
        process.getOutputStream().write(bytes(logged(1, 39)));
        process.getOutputStream().flush();
        sees(out, "getpid");
        process.getOutputStream().write(bytes(logged(2, 1)));
        process.getOutputStream().close();
        assertEquals(0, process.waitFor());
        assertEquals(2, Files.readAllLines(out).size());
    }

    @Test
    void metrics_areReplacedAsAWholeWhileTheLogGrows() throws Exception {
        Path log = file("audit.log", logged(1, 39));
        Path metrics = Files.writeString(folder.resolve("seccomp.prom"), "old");
        Path out = folder.resolve("out");
        Process process =
                command("--follow --metrics %s %s", metrics, log)
                        .redirectOutput(out.toFile())
                        .start();
        running.add(process);
        sees(metrics, "syscall=\"getpid\",action=\"logged\"} 1\n");
        append(log, logged(2, 39));
        sees(metrics, "syscall=\"getpid\",action=\"logged\"} 2\n");
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(0, files.filter(file -> file.toString().contains("/.")).count());
        }
        assertTrue(Files.readString(out).contains("getpid"), "it prints as ever");
        run("--metrics %s %s", metrics, log).assertStatus(2).assertErr("--metrics is for --follow");
    }

    /** The file is written every few seconds otherwise. */
    @Test
    void metrics_endedByASignal_haveWhatWasRead() throws Exception {
        Path log = file("audit.log", logged(1, 39));
        Path metrics = folder.resolve("seccomp.prom");
        Path out = folder.resolve("out");
        Process process =
                command("--follow --metrics %s %s", metrics, log)
                        .redirectOutput(out.toFile())
                        .start();
        running.add(process);
        sees(out, "getpid");
        process.destroy();
        process.waitFor();
        String text = Files.readString(metrics);
        assertTrue(text.contains("syscall=\"getpid\",action=\"logged\"} 1\n"), text);
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(0, files.filter(file -> file.toString().contains("/.")).count());
        }
    }

    @Test
    void metrics_thatCannotBeWritten_areRefusedAtTheStart() throws Exception {
        Path log = file("audit.log", logged(1, 39));
        run("--follow --metrics %s %s", folder.resolve("none/seccomp.prom"), log)
                .assertStatus(2)
                .assertErr("none/seccomp.prom: cannot write the result");
    }
}
