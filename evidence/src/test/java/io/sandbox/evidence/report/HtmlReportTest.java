// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.report;

import static io.sandbox.evidence.testing.Evidence.X86_64;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Verdict;
import io.sandbox.evidence.report.ReachShown.ReachedCall;
import io.sandbox.evidence.report.ReportSources.PolicyText;
import io.sandbox.evidence.testing.Evidence;
import io.sandbox.evidence.testing.Results;
import io.sandbox.evidence.testing.RunText;
import io.sandbox.policy.worth.Worth;
import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.Origin;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.testing.Table;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class HtmlReportTest {
    private static final NextSteps NEXT =
            new NextSteps("repeat", "try", "verify", "add chance", "add vDSO", "look");

    private static ReportSources sources(Recording recording) {
        return sources(recording, Optional.empty(), Optional.empty());
    }

    private static ReportSources sources(
            Recording recording, Optional<ListWorth> worth, Optional<ReachShown> reach) {
        PolicyText text =
                new PolicyText("env", "a line", "use", "A=\"read\"\n", List.of("this & that"));
        return new ReportSources(
                recording,
                SyscallDb.get().arch("x86_64"),
                List.of(),
                List.of(),
                Map.of(new Origin("/usr/lib/libc.so.6", 0x1234), "read+0x12"),
                List.of(text),
                Set.of("clock_gettime"),
                worth,
                reach,
                NEXT);
    }

    private static ListWorth worth(String list, String line) {
        return new ListWorth(
                Worth.of(Evidence.policy(list)),
                List.of(
                        new ListWorth.Compared("Docker's default", 10, List.of(line)),
                        new ListWorth.Compared("Podman's default", 11, List.of())));
    }

    private static String page(ReportSources sources) {
        return new String(HtmlReport.write(sources), UTF_8);
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
            case "empty" -> page(sources(new Recording(List.of())));
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
    void hostileText_isNoMarkup() {
        for (String text : Results.HOSTILE) {
            Verdict verdict = new Verdict.Incomplete(1, List.of(text));
            ProgramEvidence program = Evidence.program(text, X86_64, List.of(0, 9999, -3));
            Run run = Evidence.run("1", RunFilter.LOG_ALL, 1, verdict, program);
            List<String> texts = text.isEmpty() ? List.of() : List.of(text);
            ReachedCall call = new ReachedCall("rename", 82, false, false, text, Optional.empty());
            ReachShown reach = new ReachShown(text, X86_64, List.of(call), texts);
            ReportSources sources =
                    new ReportSources(
                            Recording.of(run),
                            SyscallDb.get().nativeArch(),
                            texts,
                            texts,
                            Map.of(new Origin("/usr/lib/libc.so.6", 0x1234), text),
                            List.of(new PolicyText("env", "", "", text, List.of(text))),
                            Set.of(),
                            Optional.of(worth("read", text)),
                            Optional.of(reach),
                            NEXT);
            String page = page(sources);
            assertFalse(page.contains("<owned"), text);
            assertEquals(page.indexOf("<script>"), page.lastIndexOf("<script>"), text);
            assertTrue(page.chars().noneMatch(c -> c < ' ' && c != '\n' && c != '\t'), text);
        }
    }

    /**
     * @param verdict what the page's verdict has
     * @param words what the page has
     * @param against how the objections begin, what they have, and with ! what they lack
     * @param reasons how the reasons to rely on it begin
     */
    @Table
    void recording_hasItsVerdict_andWhatSpeaksForAndAgainstIt(
            String runs, String verdict, String words, String against, String reasons) {
        Recording recording = RunText.recording(runs);
        ReportSources sources = sources(recording);
        String page = page(sources);
        int title = page.indexOf("id=\"verdict-title\"");
        String told = page.substring(title, page.indexOf("</h2>", title));
        assertTrue(told.contains(verdict), told);
        assertTrue(page.contains(words), page);
        ReportModel model = ReportModel.of(recording);
        String objections =
                Objections.of(sources, model).stream()
                        .map(each -> each.weight().word() + ": " + each.sentence())
                        .collect(Collectors.joining("\n"));
        String[] parts = against.split(" // ");
        assertTrue(objections.startsWith(parts[0]), objections);
        for (String part : parts) {
            boolean there = !part.startsWith("!");
            assertEquals(there, objections.contains(part.substring(there ? 0 : 1)), objections);
        }
        String rely = String.join(" // ", Objections.reasonsToRely(sources, model));
        assertTrue(rely.startsWith(reasons), rely);
    }

    private static String text(Object value) {
        return Page.fill("{{text}}", Map.of("text", value));
    }

    @Test
    void tagWithoutAValue_isAMistake() {
        assertThrows(RuntimeException.class, () -> Page.fill("{{other}}", Map.of()));
        assertThrows(RuntimeException.class, () -> Page.fill("{{#other}}{{/other}}", Map.of()));
    }

    @Test
    void invisibleCharacters_areShown() {
        assertEquals(
                "a\\x00\\x1b\\u202e\\u2028\\ud800\\ufeffb\\x0a",
                text("a\u0000\u001b\u202e\u2028\ud800\ufeffb\n"));
    }

    /** Lines keep line feeds and tabs, and nothing else that is no text. */
    @Table
    void textAndLines_areTextWithoutMarkup(String given, String asText, String asLines) {
        assertEquals(asText, text(given));
        assertEquals(asLines, text(new Page.Lines(given)));
    }

    @Test
    void hostileText_leavesNoMarkup() {
        for (String hostile : Results.HOSTILE) {
            String html = text(hostile) + text(new Page.Lines(hostile));
            assertFalse(html.matches("(?s).*[<>\"'].*"), hostile);
            assertTrue(html.chars().allMatch(c -> c >= ' ' || c == '\n' || c == '\t'), hostile);
        }
    }

    @Test
    void templates_escapeEveryText_andTheirScriptDoesNotEndEarly() {
        for (String name :
                List.of("report.html", "head.html", "picture.html", "policy.html", "worth.html")) {
            assertFalse(Page.resource(name).matches("(?s).*\\{\\{[{&=].*"), name);
        }
        assertFalse((Page.resource("report.css") + Page.resource("report.js")).contains("</"));
    }

    @Test
    void name_tooLong_losesItsMiddle() {
        String name = Units.shortened("a".repeat(1000) + "end");
        assertEquals(301, name.length());
        assertTrue(name.endsWith("aend"));
        assertTrue(name.contains("…"));
    }

    private static ProgramEvidence program(String path, CallEvidence... calls) {
        return new ProgramEvidence(path, X86_64, List.of(calls));
    }

    private static CallRow row(ReportModel model, String name) {
        return model.calls().stream()
                .filter(each -> each.call().displayName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void calls_addUpOverRunsAndPrograms() {
        ReportModel model =
                ReportModel.of(RunText.recording("1: /a read=5; /b read=2 // 2: /a read=1"));
        CallRow read = row(model, "read");
        assertEquals(8, read.count());
        assertEquals(2, read.runs());
        assertEquals(2, read.ofRuns());
        // The clock begins with the first recorded call of each run.
        assertEquals(0, read.firstMillis());
        assertEquals(List.of(0, 1), read.programs());
    }

    /** That of a call without a name is not known: it counts as high, with a star here. */
    @Table
    void calls_areSortedByRisk(String runs, String calls) {
        assertEquals(
                calls,
                ReportModel.of(RunText.recording(runs)).calls().stream()
                        .map(each -> each.call().displayName() + (each.isHigh() ? "*" : ""))
                        .collect(Collectors.joining(" ")));
    }

    /** With its first time, and {@code *} before the entry, {@code ld} or its last time. */
    private static CallEvidence call(String text) {
        String[] part = text.split("@");
        String more = part.length > 2 ? part[2] : "";
        Optional<Origin> linker = Optional.of(new Origin("/lib64/ld-linux-x86-64.so.2", 16));
        boolean hasLast = more.matches("[0-9]+");
        return new CallEvidence(
                Evidence.number(part[0]),
                hasLast ? 2 : 1,
                Long.parseLong(part[1]),
                hasLast ? OptionalLong.of(Long.parseLong(more)) : OptionalLong.empty(),
                OptionalLong.of(more.equals("*") ? 1 : 0),
                more.equals("ld") ? linker : Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** A server is starting until it listens, and not longer than until its first accept. */
    @Table
    void phases_areLinkerStartAndServing(String calls, String phases, String startOnly) {
        List<CallEvidence> all = Stream.of(calls.split(" ")).map(HtmlReportTest::call).toList();
        ProgramEvidence program = new ProgramEvidence("/a", X86_64, all);
        ReportModel model = ReportModel.of(Recording.of(Evidence.run("1", program)));
        assertEquals(
                phases,
                all.stream()
                        .map(each -> ObservedCall.of(X86_64, each.number()).displayName())
                        .map(name -> row(model, name).phase().name())
                        .collect(Collectors.joining(" ")));
        assertEquals(
                startOnly,
                model.programs().get(0).sightings().stream()
                        .filter(ProgramRow.Sighting::startOnly)
                        .map(each -> each.call().displayName())
                        .collect(Collectors.joining(" ")));
    }

    /** It has no call by which its start could be known. */
    @Test
    void runThatRecordsOnlyNewCalls_hasTheStartOfTheOthers() {
        Run quiet =
                Evidence.run(
                        "2",
                        new RunFilter(false, List.of("mmap", "socket")),
                        0,
                        new Verdict.Complete(),
                        program("/a", call("mkdir@70")));
        Run first = Evidence.run("1", program("/a", call("mmap@20@*"), call("socket@30")));
        ReportModel model = ReportModel.of(new Recording(List.of(first, quiet)));
        assertEquals(
                List.of(0L, 10L, 50L),
                model.programs().get(0).sightings().stream().map(each -> each.millis()).toList());
        assertEquals(10, row(model, "socket").firstMillis());
        assertEquals(50, row(model, "mkdir").firstMillis());
        // The second run would not have recorded mmap.
        assertEquals(1, row(model, "mmap").ofRuns());
        assertEquals(2, row(model, "mkdir").ofRuns());
    }

    @Table
    void startUp_endsAtTheFirstLongPause(String times, int calls) {
        Stream<String> all = Stream.of(times.split(" ")).filter(each -> !each.isEmpty());
        assertEquals(calls, ReportModel.startUp(all.map(Long::valueOf).toList()));
    }
}
