// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.report;

import static io.sandbox.evidence.testing.Evidence.X86_64;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Verdict;
import io.sandbox.evidence.report.ReachShown.ReachedCall;
import io.sandbox.evidence.report.ReportSources.PolicyText;
import io.sandbox.evidence.testing.Evidence;
import io.sandbox.evidence.testing.Results;
import io.sandbox.policy.worth.Worth;
import io.sandbox.syscalldb.Origin;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.testing.Table;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class HtmlReportTest {
    private static final NextSteps NEXT =
            new NextSteps("repeat", "verify", "add chance", "add vDSO", "look");

    private static ReportSources sources(Recording recording) {
        return sources(recording, Optional.empty(), Optional.empty());
    }

    private static ReportSources sources(
            Recording recording, Optional<ListWorth> worth, Optional<ReachShown> reach) {
        return new ReportSources(
                recording,
                SyscallDb.get().archByName("x86_64").orElseThrow(),
                List.of(),
                List.of(),
                Map.of(new Origin("/usr/lib/libc.so.6", 0x1234), "read+0x12"),
                List.of(
                        new PolicyText(
                                "env", "a line", "use", "A=\"read\"\n", List.of("this & that"))),
                worth,
                reach,
                NEXT);
    }

    private static ListWorth worth(String list, String line) {
        return new ListWorth(
                Worth.of(Evidence.policy(list)),
                List.of(
                        new ListWorth.Compared("Docker's default", List.of(line)),
                        new ListWorth.Compared("Podman's default", List.of())));
    }

    private static String page(ReportSources sources) {
        return new String(HtmlReport.write(sources), UTF_8);
    }

    private static List<Objection> objections(ReportSources sources) {
        return Objections.of(sources, ReportModel.of(sources.recording()));
    }

    private static String words(List<Objection> objections) {
        return objections.stream()
                .map(each -> each.weight().word() + ": " + each.sentence())
                .collect(Collectors.joining("\n"));
    }

    private static final Verdict LOST =
            new Verdict.Incomplete(3, List.of("3 records were dropped"));

    /** A run without calls. */
    private static Run run(String id, Verdict verdict) {
        return Evidence.run(id, RunFilter.LOG_ALL, 0, verdict);
    }

    private static String page(String part) {
        Recording recording = Evidence.calls("read", "socket");
        ListWorth worth = worth("read\nsocket(arg0==38)\n", "socket: a -> b");
        Optional<String> none = Optional.empty();
        List<ReachedCall> calls =
                List.of(
                        new ReachedCall("read", 0, true, true, "/bin/x p1", none),
                        new ReachedCall("brk", 12, true, false, "p2", none),
                        new ReachedCall("rename", 82, false, false, "p3", Optional.of("do it")));
        ReachShown reach = new ReachShown("/bin/x", X86_64, calls, List.of());
        return switch (part) {
            case "worth" -> page(sources(recording, Optional.of(worth), Optional.empty()));
            case "reach" ->
                    page(sources(Evidence.calls("read"), Optional.empty(), Optional.of(reach)));
            default -> page(sources(recording));
        };
    }

    @Table
    void page_withAPart_hasItsWords(String part, boolean there, String words) {
        assertEquals(there, page(part).contains(words), words);
    }

    @Test
    void page_ofTheSameSources_hasTheSameBytes() {
        assertArrayEquals(
                HtmlReport.write(sources(Evidence.calls("read"))),
                HtmlReport.write(sources(Evidence.calls("read"))));
    }

    @Test
    void page_needsNothingFromAnywhere() {
        String page = page(sources(Evidence.calls("read")));
        assertTrue(page.contains("default-src &#39;none&#39;"));
        assertFalse(page.matches("(?s).*(src=|https?://|url\\(|@import).*"));
    }

    @Test
    void emptyRecording_isSaid() {
        assertTrue(page(sources(new Recording(List.of()))).contains("The recording has no runs."));
    }

    @Test
    void hostileText_isNoMarkup() {
        for (String text : Results.HOSTILE) {
            Verdict verdict = new Verdict.Incomplete(1, List.of(text));
            Run run =
                    Evidence.run(
                            "1",
                            RunFilter.LOG_ALL,
                            1,
                            verdict,
                            Evidence.program(text, X86_64, List.of(0, 9999, -3)));
            ReachShown reach =
                    new ReachShown(
                            text,
                            X86_64,
                            List.of(
                                    new ReachedCall(
                                            "rename", 82, false, false, text, Optional.empty())),
                            text.isEmpty() ? List.of() : List.of(text));
            List<String> texts = text.isEmpty() ? List.of() : List.of(text);
            ReportSources sources =
                    new ReportSources(
                            Recording.of(run),
                            SyscallDb.get().nativeArch(),
                            texts,
                            texts,
                            Map.of(new Origin("/usr/lib/libc.so.6", 0x1234), text),
                            List.of(new PolicyText("env", "", "", text, List.of(text))),
                            Optional.of(worth("read", text)),
                            Optional.of(reach),
                            NEXT);
            String page = page(sources);
            assertFalse(page.contains("<owned"), text);
            assertEquals(page.indexOf("<script>"), page.lastIndexOf("<script>"), text);
            assertTrue(page.chars().noneMatch(c -> c < ' ' && c != '\n' && c != '\t'), text);
        }
    }

    private static String verdict(Recording recording) {
        String page = page(sources(recording));
        int title = page.indexOf("id=\"verdict-title\"");
        return page.substring(title, page.indexOf("</h2>", title));
    }

    @Test
    void verdict_isAboutTheseRuns_andTheChanceOfAnotherCallIsBesideIt() {
        Verdict reserved = new Verdict.Complete(List.of("a filter may have refused calls"));
        assertTrue(verdict(Recording.of(run("1", LOST))).contains("Calls may be missing"));
        assertTrue(
                verdict(Recording.of(run("1", reserved)))
                        .contains("Nothing was lost, with a reservation"));
        assertTrue(verdict(new Recording(List.of())).contains("Nothing was recorded"));
        Recording once = Evidence.calls("read");
        assertTrue(verdict(once).contains("Nothing was lost"));
        assertTrue(page(sources(once)).contains("Whether another run makes other calls is not"));
        Recording twice =
                once.merge(Recording.of(run("2", new Verdict.Complete())))
                        .merge(Recording.of(run("3", new Verdict.Complete())));
        assertTrue(
                page(sources(twice))
                        .contains("One more run of the same kind brings a new call with a chance"));
    }

    @Test
    void lossOfRecords_isTheFirstObjection() {
        List<Objection> found = objections(sources(Recording.of(run("1", LOST))));
        assertEquals(
                "Run 1 is incomplete, up to 3 records lost: 3 records were dropped.",
                found.get(0).sentence());
        assertEquals(Objection.Weight.SERIOUS, found.get(0).weight());
    }

    @Test
    void windowWithoutAStart_isAnObjection() {
        Run run = Evidence.calls("read").runs().get(0);
        Run window =
                new Run(
                        run.id(),
                        run.started(),
                        run.millis(),
                        "bpf",
                        Optional.of(Run.FROM_WINDOW),
                        List.of(),
                        run.filter(),
                        OptionalInt.empty(),
                        run.verdict(),
                        run.machine(),
                        run.programs());
        Objection first = objections(sources(Recording.of(window))).get(0);
        assertTrue(first.sentence().startsWith("The start of "), first::sentence);
        assertEquals(Objection.Weight.SERIOUS, first.weight());
        assertTrue(verdict(Recording.of(window)).contains("Calls may be missing"));
    }

    @Test
    void sameLossInSeveralRuns_isOneObjection() {
        Recording three = new Recording(List.of(run("1", LOST), run("2", LOST), run("3", LOST)));
        String words = words(objections(sources(three)));
        assertTrue(
                words.contains(
                        "Serious: Runs 1, 2, 3 are incomplete, up to 3 records lost: 3 records"
                                + " were dropped."),
                words);
    }

    @Test
    void foreignCalls_failedRuns_andOneRun_speakAgainstIt() {
        Run run =
                Evidence.run(
                        "1",
                        RunFilter.LOG_ALL,
                        7,
                        new Verdict.Complete(List.of("a filter may have refused calls")),
                        Evidence.program("/a", Evidence.I386, List.of(4)));
        String words = words(objections(sources(Recording.of(run))));
        assertTrue(words.contains("Serious: One list cannot hold these calls"), words);
        assertTrue(words.contains("write of i386"), words);
        assertTrue(words.contains("Caution: A filter may have refused calls."), words);
        assertTrue(words.contains("Caution: 1 run ended with an error"), words);
        assertTrue(words.contains("not two complete runs"), words);
        assertTrue(words.contains("not been run under this list"), words);
    }

    @Test
    void runsUnderTheList_speakForIt() {
        RunFilter enforced = new RunFilter(true, List.of("read"));
        Recording recording =
                Evidence.calls("read")
                        .merge(Recording.of(Evidence.run("2", enforced, 0, new Verdict.Complete())))
                        .merge(
                                Recording.of(
                                        Evidence.run("3", enforced, 0, new Verdict.Complete())));
        ReportSources sources = sources(recording);
        assertEquals(
                List.of(
                        "Every call of every process is here: nothing was lost in 3 runs.",
                        "The last 2 complete runs showed no new call.",
                        "The last 2 runs went through with the list enforced.",
                        "No call of the list is of high risk."),
                Objections.reasonsToRely(sources, ReportModel.of(recording)));
        assertFalse(words(objections(sources)).contains("not been run under this list"));
    }

    @Test
    void gapThatALaterRunFills_isSaid() {
        Verdict lost = new Verdict.Incomplete(1, List.of("1 record was dropped"));
        Run later = Evidence.calls("read").runs().get(0);
        Run filling =
                new Run(
                        "2",
                        later.started().plusSeconds(1),
                        later.millis(),
                        later.source(),
                        later.from(),
                        later.command(),
                        later.filter(),
                        later.status(),
                        later.verdict(),
                        later.machine(),
                        later.programs());
        Recording recording = new Recording(List.of(run("1", lost), filling));
        assertEquals(
                "Every call of every process is here: later runs filled the gaps of 1 incomplete"
                        + " run.",
                Objections.reasonsToRely(sources(recording), ReportModel.of(recording)).get(0));
    }
}
