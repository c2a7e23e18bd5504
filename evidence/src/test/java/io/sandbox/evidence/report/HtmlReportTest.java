// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.report;

import static io.sandbox.evidence.testing.Evidence.X86_64;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.RecordingReader;
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
import io.sandbox.syscalldb.Risk;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.testing.Table;
import io.sandbox.text.Shipped;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class HtmlReportTest {
    private static final NextSteps NEXT =
            new NextSteps("repeat", "try", "verify", "add chance", "add vDSO", "look");

    private static ReportSources sources(Recording recording) {
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
                Optional.empty(),
                Optional.empty(),
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

    private static final String GOOD =
            "1: /bin/x read; /bin/y read // 2: /bin/x read write // 3: /bin/y write // 4: // 5: //"
                    + " 6: // 7: // 8: // 9: // 10: // 11: // 12: // 13 state=full-disk"
                    + " enforced=read,write :";

    private static ReportSources whole() throws Exception {
        String recording = Shipped.text(HtmlReportTest.class, "whole.json");
        Optional<String> none = Optional.empty();
        List<ReachedCall> calls =
                List.of(
                        new ReachedCall("read", 0, true, true, "/bin/x p1", none),
                        new ReachedCall("socket", 41, false, true, "/usr/bin/serve p2", none),
                        new ReachedCall("brk", 12, false, false, "p3", none),
                        new ReachedCall("stat", 4, false, false, "p5", none),
                        new ReachedCall("acct", 163, false, false, "p4", Optional.of("do")));
        List<String> remarks = List.of("the code of a module was not read");
        return new ReportSources(
                RecordingReader.read(recording.getBytes(UTF_8)),
                SyscallDb.get().arch("x86_64"),
                List.of("a doubt"),
                List.of("a warning"),
                Map.of(new Origin("/usr/lib/libc.so.6", 0x1234), "read+0x12"),
                List.of(
                        new PolicyText("env", "a line", "use", "A=\"read\"\n", List.of("&")),
                        new PolicyText("list", "a file", "", "", List.of())),
                Set.of("clock_gettime"),
                Optional.of(worth("read\nsocket(arg0==38)\n", "socket: a -> b")),
                Optional.of(new ReachShown("/usr/bin/serve", X86_64, calls, remarks)),
                NEXT);
    }

    private static String policyPage() {
        Risk.Level high = Risk.Level.HIGH;
        List<PolicyPage.Row> rows =
                List.of(
                        new PolicyPage.Row("bpf", high, true, "allow", "why", ""),
                        new PolicyPage.Row("ptrace", high, false, "kill", "why", "never"),
                        new PolicyPage.Row("read", Risk.Level.LOW, true, "allow", "why", ""),
                        new PolicyPage.Row("brk", Risk.Level.LOW, false, "kill", "why", ""));
        byte[] page = PolicyPage.write("a", "b", rows, List.of("c"), worth("read", "d"));
        return new String(page, UTF_8);
    }

    /** {@code -Dfixtures.rewrite=true} writes the expected text, to be looked at as a diff. */
    @Test
    void pages_areTheExpectedText() throws Exception {
        String pages =
                Stream.of(
                                page(sources(new Recording(List.of()))),
                                page(sources(Evidence.calls("read", "socket"))),
                                page(sources(RunText.recording(GOOD))),
                                page(whole()),
                                policyPage())
                        .map(
                                page ->
                                        page.replaceAll(
                                                "(?s)<(style|script)>.*?</\\1>|sha256-[^&]*", "-"))
                        .collect(Collectors.joining("\n"));
        Path expected = Path.of("src/test/resources/io/sandbox/evidence/report/pages.expected");
        if (Boolean.getBoolean("fixtures.rewrite")) {
            Files.writeString(expected, pages);
        }
        assertEquals(Files.readString(expected), pages);
    }

    /** How often a part is there of what is too much for a page. */
    @Table
    void page_ofVeryMuch_countsTheRest(int runs, int programs, String part, int times) {
        String all =
                IntStream.range(0, programs)
                        .mapToObj("/bin/x%d read"::formatted)
                        .collect(Collectors.joining("; "));
        String run =
                IntStream.range(1, runs)
                        .mapToObj(" // 1%d: "::formatted)
                        .collect(Collectors.joining());
        String page = page(sources(RunText.recording("1: " + all + run)));
        assertEquals(times, page.split(Pattern.quote(part), -1).length - 1, part);
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
                            Optional.of(new ReachShown(text, X86_64, List.of(call), texts)),
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
        assertEquals("a".repeat(300), Units.shortened("a".repeat(300)));
    }

    private static CallRow row(ReportModel model, String name) {
        return model.calls().stream()
                .filter(each -> each.call().displayName().equals(name))
                .findFirst()
                .orElseThrow();
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

    @Table
    void startUp_endsAtTheFirstLongPause(String times, int calls) {
        Stream<String> all = Stream.of(times.split(" ")).filter(each -> !each.isEmpty());
        assertEquals(calls, ReportModel.startUp(all.map(Long::valueOf).toList()));
    }
}
