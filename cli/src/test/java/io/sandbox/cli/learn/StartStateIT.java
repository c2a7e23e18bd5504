// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.CProgram;
import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Dist;
import io.sandbox.cli.testing.Learn;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.MakesRecords;
import io.sandbox.cli.testing.Terminal;
import io.sandbox.cli.testing.Words;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A program that is learned or confined starts in the same state as from the user's shell. */
@MakesRecords
final class StartStateIT {
    /**
     * Ignored: process numbers, memory and time, and signals queued for the user's processes
     * anywhere (SigQ).
     */
    private static final Pattern CHANCE =
            Pattern.compile(
                    "/proc/self/status=(Tgid|Ngid|Pid|PPid|NStgid|NSpid|NSpgid|NSsid|Vm\\w*|Rss\\w*|Hugetlb\\w*"
                        + "|\\w*ctxt_switches|SigQ|Kthread|CoreDumping|untag_mask):.*");

    /**
     * Changed by loading a filter, for recording and enforcing: the kernel demands no_new_privs or
     * CAP_SYS_ADMIN.
     */
    private static final Set<String> FILTER =
            Set.of(
                    "no_new_privs=1",
                    "/proc/self/status=NoNewPrivs:\\091",
                    "/proc/self/status=Seccomp:\\092",
                    "/proc/self/status=Seccomp_filters:\\091");

    private static final Set<String> NO_FILTER =
            Set.of(
                    "no_new_privs=0",
                    "/proc/self/status=NoNewPrivs:\\090",
                    "/proc/self/status=Seccomp:\\090",
                    "/proc/self/status=Seccomp_filters:\\090");

    @TempDir private Path folder;

    private String state;
    private String caller;
    private Path dump;

    @BeforeEach
    void prepare() throws Exception {
        LiveKernel.requireRoot();
        state = CProgram.compile("state", folder).toString();
        caller = CProgram.compile("caller", folder).toString();
        dump = folder.resolve("dump");
    }

    private List<String> dumped() throws Exception {
        List<String> lines =
                Files.readString(dump, ISO_8859_1)
                        .lines()
                        .filter(line -> !CHANCE.matcher(line).matches())
                        .map(line -> line.replaceAll("sandbox-it\\d+", "sandbox-it"))
                        .collect(Collectors.toList());
        Files.delete(dump);
        return lines;
    }

    private static List<String> without(List<String> lines, Set<String> removed) {
        assertTrue(lines.containsAll(removed), () -> "expected " + removed + " in " + lines);
        return lines.stream().filter(line -> !removed.contains(line)).toList();
    }

    private List<String> program() {
        return List.of(state, dump.toString(), "an argument", "", "--help");
    }

    private List<String> learning() {
        return learning("preload");
    }

    private List<String> learning(String from) {
        String list = folder.resolve("list").toString();
        return Learn.words("-q --from %s -o %s %s", from, list, program());
    }

    private List<String> confined(String options) {
        String command = Dist.command("sandboxify").toString();
        List<String> words = Words.of("%s -q --deny acct", command);
        words.addAll(Words.of(options + " %s", program()));
        return words;
    }

    /** Every way in which we run a program; the second run of the same words is without Java. */
    private List<List<String>> ourCommands() {
        return List.of(
                learning("preload"),
                learning("exec"),
                learning("entry"),
                confined("--no-cache --from exec"),
                confined("--from exec"),
                confined("--from exec"),
                confined("--from entry"),
                confined("--from entry"));
    }

    private List<String> called(List<String> closed, List<String> words) {
        List<String> all = Words.of("%s %s -- %s", caller, closed, words);
        return all;
    }

    /** Java's own children have a table for as many descriptors as Java has open (FDSize). */
    private static List<String> fromAShell(List<String> words) {
        List<String> all = Words.of("sh -c %s sh %s", "\"$@\"; exit $?", words);
        return all;
    }

    private void assertSame(UnaryOperator<List<String>> start) throws Exception {
        Child.of(start.apply(program())).in(folder).run().assertStatus(0);
        List<String> expected = without(dumped(), NO_FILTER);
        for (List<String> command : ourCommands()) {
            Child.of(start.apply(command)).in(folder).run().assertStatus(0).assertNoErr();
            List<String> actual = without(dumped(), FILTER);
            Set<String> onlyPlain = new LinkedHashSet<>(expected);
            onlyPlain.removeAll(actual);
            Set<String> onlyOurs = new LinkedHashSet<>(actual);
            onlyOurs.removeAll(expected);
            assertEquals(onlyPlain.toString(), onlyOurs.toString(), command::toString);
            // The order too: of the arguments, of the environment.
            assertEquals(String.join("\n", expected), String.join("\n", actual));
        }
    }

    @Test
    void ordinaryStart_isTheSame() throws Exception {
        assertSame(StartStateIT::fromAShell);
    }

    /** Limits, masks, ignored signals, descriptors, odd environment and so on: see caller.c. */
    @Test
    void unusualStart_isTheSame() throws Exception {
        assertSame(words -> called(List.of(), words));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "2", "0 1 2"})
    void closedStandardDescriptors_stayClosed(String descriptors) throws Exception {
        List<String> closed = List.of(descriptors.split(" "));
        assertSame(words -> called(closed, words));
    }

    /** The library removes its variables, and no other way of starting leaves them either. */
    @ParameterizedTest
    @CsvSource({"preload, audit", "exec, audit", "entry, audit", "exec, notify"})
    void variablesOfAPolicy_areNotLeftToTheProgram(String from, String source) throws Exception {
        assertNoVariablesAreLeft(from, source, folder);
    }

    static void assertNoVariablesAreLeft(String from, String source, Path folder) throws Exception {
        Learn.command("-q --from %s --source %s -o list env", from, source)
                .in(folder)
                .with("SECCOMP_SYSCALL_ALLOW", "read")
                .with("SECCOMP_SYSCALL_DENY", "acct")
                .with("SECCOMP_DEFAULT_ACTION", "log")
                .with("SECCOMP_LOG_DENIALS", "1")
                .with("SECCOMP_QUIET", "1")
                .run()
                .assertStatus(0)
                .assertOut("PATH=")
                .assertOutLacks("SECCOMP_");
    }

    /**
     * If the list goes to standard output, the program's output goes to standard error; nothing
     * else differs.
     */
    @Test
    void listOnStandardOutput_onlyThatDescriptorDiffers() throws Exception {
        Child.of(fromAShell(program())).in(folder).run().assertStatus(0);
        List<String> expected = without(dumped(), NO_FILTER);
        Child.of(fromAShell(Learn.words("-q %s", program()))).in(folder).run().assertStatus(0);
        List<String> actual = without(dumped(), FILTER);
        Pattern standardOutput = Pattern.compile("fd 1 .*");
        assertEquals(
                expected.stream().filter(line -> !standardOutput.matcher(line).matches()).toList(),
                actual.stream().filter(line -> !standardOutput.matcher(line).matches()).toList());
    }

    /** The terminal is the controlling one, and the program is in the foreground. */
    @Test
    void startOnATerminal_isTheSame() throws Exception {
        Terminal.run(List.of(), program()).assertStatus(0);
        List<String> expected = onTerminal(without(dumped(), NO_FILTER));
        assertTrue(
                expected.containsAll(List.of("controlling terminal=yes", "foreground=1")),
                expected::toString);
        Terminal.run(List.of(), learning()).assertStatus(0);
        assertEquals(
                String.join("\n", expected),
                String.join("\n", onTerminal(without(dumped(), FILTER))));
    }

    /** Each run has a terminal and a session of its own. */
    private static List<String> onTerminal(List<String> lines) {
        return lines.stream()
                .filter(line -> !line.startsWith("session=") && !line.startsWith("process group="))
                .map(line -> line.replaceAll("/dev/pts/\\d+", "/dev/pts/N"))
                .toList();
    }
}
