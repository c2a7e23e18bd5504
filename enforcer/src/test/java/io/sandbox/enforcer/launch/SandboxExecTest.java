// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.outcome.CommandFailure;
import io.sandbox.syscalldb.testing.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What sandbox-exec and we say to each other, and to processes. */
final class SandboxExecTest {
    /** A signal says nothing about the machine. */
    @Table
    void requireSession_refusal_isALackOfTheMachine(String why, String failure) {
        RuntimeException e =
                assertThrows(
                        RuntimeException.class,
                        () -> answering("refused 125 " + why).requireSession());
        assertEquals(failure, e.getClass().getSimpleName());
        assertEquals(why, e.getMessage());
    }

    private static SandboxExec answering(String answer) {
        return new SandboxExec(new Answers(message -> answer));
    }

    private static final Path OF_SANDBOX_EXEC = Path.of("../preload/src/supervise/start.c");

    @Test
    void words_areThoseOfSandboxExec() throws IOException {
        Map<String, String> ours = new TreeMap<>();
        for (FilterStart start : FilterStart.values()) {
            ours.put(start.name(), start.toString());
        }
        ours.put("HERE", SandboxExec.START_HERE);

        Map<String, String> theirs = new TreeMap<>();
        Matcher word =
                Pattern.compile("\\[FILTER_FROM_(\\w+)] = \"(\\w+)\"")
                        .matcher(Files.readString(OF_SANDBOX_EXEC));
        while (word.find()) {
            theirs.put(word.group(1), word.group(2));
        }
        assertEquals(theirs, ours);
    }

    // A counter of the kernel's programs that Java does not know may be a loss that nobody
    // sees.

    private static final Path COUNTERS = Path.of("../preload/src/exec/counters.h");
    private static final Path SHARED = Path.of("../preload/src/bpf/shared.h");

    private static final Pattern ROW = Pattern.compile("(?m)^\\s+ROW\\((\\w+), ([\\w>-]+)\\)");
    private static final Pattern TALLY = Pattern.compile("(?s)struct tally \\{\n(.*?)\n\\};");
    private static final Pattern FIELD = Pattern.compile("(?m)^\\s+__[su](?:32|64) (\\w+);");

    private static Set<String> words() {
        return Arrays.stream(TraceCounter.values())
                .map(TraceCounter::word)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<MatchResult> rows() throws IOException {
        return ROW.matcher(Files.readString(COUNTERS)).results().toList();
    }

    @Test
    void counters_namesInC_areThoseInJava() throws IOException {
        List<String> names = rows().stream().map(row -> row.group(1)).toList();
        assertEquals(words(), new TreeSet<>(names), "TraceCounter and counters.h");
        assertEquals(words().size(), names.size(), "a name is there twice");
    }

    @Test
    void counters_valuesInC_areAllNumbersOfTheTally() throws IOException {
        String struct =
                TALLY.matcher(Files.readString(SHARED))
                        .results()
                        .findFirst()
                        .orElseThrow()
                        .group(1);
        List<String> fields = FIELD.matcher(struct).results().map(field -> field.group(1)).toList();
        // All of its lines but the list of the processes that failed.
        assertEquals(struct.lines().count() - 1, fields.size());
        List<String> values = new ArrayList<>(rows().stream().map(row -> row.group(2)).toList());
        assertTrue(values.removeAll(List.of("calls", "misses", "capabilities", "operations")));
        assertEquals(
                new TreeSet<>(fields.stream().map(field -> "tally->" + field).toList()),
                new TreeSet<>(values),
                "struct tally and counters.h");
    }

    private static CallTrace.Tally query(String answer) {
        Answers answers = new Answers(message -> message.equals("tally") ? answer : "ok");
        return CallTrace.open(new SandboxExec(answers), CallTrace.Whose.STARTED, false)
                .queryTally();
    }

    private static String tally(Map<String, String> others) {
        return "tally "
                + words().stream()
                        .map(word -> word + "=" + others.getOrDefault(word, "0"))
                        .collect(Collectors.joining(" "));
    }

    @Test
    void queryTally_everyCounter_hasItsNumber() {
        CallTrace.Tally tally = query(tally(Map.of("alive", "-1", "misses", "7")));
        assertEquals(-1, tally.get(TraceCounter.ALIVE));
        assertEquals(7, tally.get(TraceCounter.MISSES));
        assertEquals(0, tally.get(TraceCounter.DEEP));
    }

    @Test
    void queryTally_counterThatIsNotKnown_isRefused() {
        CommandFailure e =
                assertThrows(
                        CommandFailure.class, () -> query(tally(Map.of()) + " lost_signals=0"));
        assertTrue(
                e.getMessage()
                        .startsWith(
                                "bpf: sandbox-exec tells lost_signals, which is not known here"),
                e.getMessage());
    }

    @Test
    void queryTally_counterIsMissing_isRefused() {
        for (String word : words()) {
            String less = tally(Map.of()).replace(" " + word + "=0", "");
            CommandFailure e = assertThrows(CommandFailure.class, () -> query(less));
            assertTrue(e.getMessage().contains("does not tell " + word), e.getMessage());
        }
        assertThrows(IllegalArgumentException.class, () -> new CallTrace.Tally(Map.of()));
    }

    // Only the process that is meant gets a signal.

    private static final int SIGTERM = 15;
    private static final int SIGKILL = 9;

    @Test
    void signal_numberMeansAnotherProcess_isNotSent() throws Exception {
        Process child = new ProcessBuilder("sleep", "1000").start();
        try {
            int number = (int) child.pid();
            PidFd.signal(number, SIGKILL, () -> false);
            assertFalse(child.waitFor(100, TimeUnit.MILLISECONDS));
            PidFd.signal(number, SIGTERM, () -> true);
            assertEquals(128 + SIGTERM, child.waitFor());
        } finally {
            child.destroyForcibly();
        }
    }
}
