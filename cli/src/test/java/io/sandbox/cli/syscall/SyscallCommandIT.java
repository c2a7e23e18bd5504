// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.syscall;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.Terminal;
import io.sandbox.cli.testing.Words;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code sandbox-syscall} as a user runs it. */
final class SyscallCommandIT {
    private static List<String> command(String line, Object... values) {
        return Words.of("sandbox-syscall " + line, values);
    }

    private static Finished ask(String line, Object... values) throws Exception {
        return Child.of(command(line, values)).run();
    }

    // Both get the same words. For a usage mistake, ausyscall's status is 1 and ours is 2.
    @ParameterizedTest
    @CsvSource({
        "5, 0",
        "open, 0",
        "open --exact, 0",
        "--exact x86_64 open, 0",
        "x86_64 OPEN, 0",
        "open x86_64, 0",
        "i386 5, 0",
        "b32 5, 0",
        "armeb open, 0",
        "uring open, 0",
        "open 5, 0",
        "010, 0",
        "sched_get_priority, 0",
        "--exact nosuch, 1",
        "99999, 1",
        "'', 2",
        "x86_64, 2",
        "a b, 2",
        "5 6, 2",
        "x86_64 i386 5, 2",
    })
    void wordsOfAusyscall_giveItsOutput(String line, int status) throws Exception {
        Finished expected = Child.of("%s " + line, LiveKernel.requireProgram("ausyscall")).run();
        Finished ours = ask(line);
        // Linux 6.15 has this call, and the tables of this ausyscall end before that.
        String known = ours.out().replaceAll("(?m)^open_tree_attr .*\n", "");
        assertEquals(expected.out(), known);
        ours.assertStatus(status);
        expected.assertStatus(Math.min(status, 1));
        assertEquals(status == 0 ? 0 : 1, ours.err().lines().count(), ours::toString);
    }

    @Test
    void auditHasAnotherName_theKernelsComesFirst() throws Exception {
        assertEquals("pread64 (audit: pread)\n", ask("x86_64 17").out());
        assertEquals("pread64            17 (audit: pread)\n", ask("x86_64 pread6").out());
        assertTrue(ask("x86_64 --dump").out().contains("\n17\tpread64 (audit: pread)\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "5x, 2, not a number",
        "0x5, 2, not a number",
        "--since-kernel x, 2, not a kernel version",
        "--group @nope, 2, no such group",
        "--risk extreme, 2, not one of high",
        "--format xml 5, 2, xml",
        "--info open 5, 2, ask for one thing",
        "--info open --dump, 2, ask for one thing",
        "sparc64 --dump, 2, sparc64: unknown architecture",
        "--dump foo, 2, foo: unknown architecture",
        "--risk high open, 2, ask for one thing",
        "uring --risk high, 2, only calls have facts",
        "--nosuch, 2, --nosuch",
        "--info nosuch, 1, no such system call",
        "--info 59, 1, 59: a name is needed",
        "foo 1, 2, foo: no architecture",
        "1 foo, 2, foo: no architecture",
        "x86_64 foo 1, 1, foo: no such system call on x86_64",
        "--since-kernel 99.0, 1, is all of that",
        "--group @clock --risk low, 1, is all of that",
    })
    void mistakenWordsOrNothingFound_areOneLine(String line, int status, String reason)
            throws Exception {
        ask(line).assertRefusedBy("sandbox syscall", status, reason);
    }

    @Test
    void cannotWrite_isStatus2() throws Exception {
        Child.shell("exec \"$@\" >/dev/full", command("x86_64 --dump"))
                .run()
                .assertStatus(2)
                .assertErr("No space left");
    }

    @Test
    void since_listsWhatCameThenOrLater() throws Exception {
        List<String> names = names("x86_64 --since-kernel 5.9");
        assertTrue(names.containsAll(List.of("close_range", "mseal")), names::toString);
        assertFalse(names.contains("faccessat2"), "it came in 5.8");
        assertEquals(names("--since-kernel 6.0"), names("--since-kernel 6"));
    }

    @Test
    void groupAndRisk_listWhatIsBoth() throws Exception {
        assertTrue(names("--group @file-system").contains("openat"));
        assertTrue(names("--risk high").contains("ptrace"));
        assertFalse(names("--risk high").contains("read"));
        List<String> both = names("x86_64 --group debug --risk escape");
        assertEquals(List.of("pidfd_getfd", "ptrace"), both.stream().sorted().toList());
    }

    private static List<String> names(String line) throws Exception {
        Finished run = ask(line).assertStatus(0);
        return run.out().lines().map(each -> each.substring(0, each.indexOf(' '))).toList();
    }

    @Test
    void info_aliasOrName_isTheSameScreen() throws Exception {
        Finished byName = ask("--info pread64").assertStatus(0);
        assertTrue(byName.out().startsWith("pread64(fd, buf, count, pos)\n"), byName::out);
        assertEquals(byName.out(), ask("--info pread").out());
        assertFalse(byName.out().contains("\033"), "colour in a file");
    }

    @Test
    void info_onATerminal_hasColourUnlessRefused() throws Exception {
        List<String> words = command("--info ptrace");
        assertTrue(Terminal.run(List.of(), words).out().contains("\033[31mhigh\033[0m"));
        List<String> plain = Words.of("/usr/bin/env NO_COLOR=1 %s", words);
        assertFalse(Terminal.run(List.of(), plain).out().contains("\033"));
    }

    @Test
    void format_json_isReadByAnotherProgram() throws Exception {
        Finished json = ask("--info openat --format json");
        String script =
                "import json,sys; calls = json.load(sys.stdin);"
                        + " print([c['number'] for c in calls if c['arch'] == 'aarch64'],"
                        + " calls[0]['arguments'], calls[0]['passes_no_filter'])";
        String python = LiveKernel.requireProgram("python3").toString();
        Child.of("%s -c %s", python, script)
                .input(json.out().getBytes(US_ASCII))
                .run()
                .assertOutIs("[56] ['dfd', 'filename', 'flags', 'mode'] False\n");
    }

    @Test
    void format_csv_hasAValueForEachColumn() throws Exception {
        List<String> lines = ask("x86_64 --dump --format csv").out().lines().toList();
        assertTrue(lines.get(0).startsWith("arch,number,name,"), lines.get(0));
        int columns = lines.get(0).split(",", -1).length;
        for (String line : lines) {
            assertEquals(columns, line.split(",", -1).length, line);
            assertFalse(line.contains(",,"), line);
        }
        assertTrue(lines.size() > 370, () -> lines.size() + " lines");
    }
}
