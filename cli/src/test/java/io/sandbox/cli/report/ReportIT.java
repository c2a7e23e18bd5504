// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.Browser;
import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.Learn;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.Recorded;
import io.sandbox.cli.testing.Until;
import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.CallTests;
import io.sandbox.evidence.Machine;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.RecordingWriter;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Verdict;
import io.sandbox.evidence.testing.Evidence;
import io.sandbox.evidence.testing.Results;
import io.sandbox.policy.format.PolicyFormat;
import io.sandbox.syscalldb.Origin;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The report as people see it: in Chromium, from a file. */
class ReportIT {
    private static final String TAB = "\ue004"; // W3C WebDriver, section 17.4.2
    private static final String ENTER = "\ue007";
    private static final String MARKUP =
            "/tmp/<img src=x onerror=\"owned=1\"><script>owned=1</script>";

    private static final String OVERFLOW =
            "document.documentElement.scrollWidth - document.documentElement.clientWidth";

    private static Browser browser;

    @TempDir private Path folder;

    @BeforeAll
    static void startBrowser() throws Exception {
        browser = Browser.start();
    }

    @AfterAll
    static void endBrowser() throws Exception {
        if (browser != null) {
            browser.close();
        }
    }

    private static CallEvidence call(String name, long count, long millis, String origin) {
        return new CallEvidence(
                Evidence.number(name),
                count,
                millis,
                OptionalLong.of(name.equals("mmap") ? 1 : 0),
                Optional.of(Origin.parse(origin)));
    }

    private static Run run(int second, ProgramEvidence... programs) {
        return new Run(
                "run" + second,
                Instant.parse("2026-01-02T03:04:00Z").plusSeconds(second),
                1500,
                "audit",
                Optional.of("exec"),
                List.of("shop", "--port", "80"),
                RunFilter.LOG_ALL,
                OptionalInt.of(0),
                new Verdict.Complete(),
                new Machine("6.18.1", "x86_64", "0.1.0"),
                List.of(programs));
    }

    private static ProgramEvidence program(String path, CallEvidence... calls) {
        return new ProgramEvidence(
                path,
                Evidence.X86_64,
                Optional.of("glibc 2.41"),
                Optional.empty(),
                List.of(calls),
                List.of());
    }

    /** A server with a helper; only the second run makes mkdir. */
    private static Recording shop() {
        CallEvidence[] usual = {
            call("mmap", 30, 2, "/lib/ld-linux-x86-64.so.2+0x100"),
            call("read", 1_000_000, 4, "/lib/libc.so.6+0x200"),
            call("socket", 1, 5, "/lib/libc.so.6+0x300"),
            call("accept4", 12, 1200, "/lib/libc.so.6+0x400")
        };
        CallEvidence[] rare = Arrays.copyOf(usual, usual.length + 1);
        rare[usual.length] = call("mkdir", 3, 40, "/usr/bin/shop+0x600");
        ProgramEvidence helper =
                program(
                        "/usr/lib/shop/helper",
                        call("read", 7, 9, "/lib/libc.so.6+0x200"),
                        call("ptrace", 2, 11, "/lib/libc.so.6+0x500"));
        return new Recording(
                List.of(
                        run(1, program("/usr/bin/shop", usual), helper),
                        run(2, program("/usr/bin/shop", rare)),
                        run(3, program("/usr/bin/shop", usual))));
    }

    private Path report(Recording recording, String options) throws Exception {
        Path json = Files.write(folder.resolve("r.json"), RecordingWriter.write(recording));
        Path html = folder.resolve("r.html");
        Child.of("sandbox-policy report %s -o %s " + options, json, html)
                .run()
                .assertNoErr()
                .assertStatus(0);
        return html;
    }

    private void open(Path page) throws Exception {
        browser.console();
        browser.open(page);
        assertEquals(List.of(), browser.console());
    }

    private static Object value(String script, Object... arguments) throws Exception {
        return browser.run("return " + script, arguments);
    }

    private static String number(String id) throws Exception {
        return value("document.getElementById('number-" + id + "').dataset.value").toString();
    }

    private static final String SHOWN_ROWS =
            "Array.from(document.querySelectorAll('#call-table tbody tr'))"
                    + ".filter(row => row.checkVisibility())";

    private static List<?> shownCalls() throws Exception {
        return (List<?>) value(SHOWN_ROWS + ".map(row => row.cells[0].textContent)");
    }

    private static List<?> column(int index) throws Exception {
        return (List<?>)
                value(SHOWN_ROWS + ".map(row => row.cells[arguments[0]].innerText)", index);
    }

    /** Reaches an element as people without a mouse do. */
    private static void tabTo(String selector) throws Exception {
        for (int i = 0; i < 200; i++) {
            Object there = value("document.activeElement.matches(arguments[0])", selector);
            if (Boolean.TRUE.equals(there)) {
                return;
            }
            browser.type(TAB);
        }
        throw new AssertionError(selector + " cannot be reached by the keyboard");
    }

    private static void assertNumbersOf(Recording recording) throws Exception {
        assertEquals(recording.calls().size() + "", number("calls"));
        assertEquals(
                recording.runs().stream().mapToLong(Run::records).sum() + "", number("records"));
        assertEquals(recording.runs().size() + "", number("runs"));
        assertEquals(
                recording.runs().stream()
                                .flatMap(run -> run.programs().stream())
                                .map(ProgramEvidence::executable)
                                .distinct()
                                .count()
                        + "",
                number("executables"));
        assertEquals(recording.calls().size(), shownCalls().size());
        long counts =
                ((Number)
                                value(
                                        SHOWN_ROWS
                                                + ".map(row => Number(row.cells[2].dataset.value))"
                                                + ".reduce((a, b) => a + b)"))
                        .longValue();
        assertEquals(recording.runs().stream().mapToLong(Run::records).sum(), counts);
    }

    @Test
    void numbers_areThoseOfTheRecording() throws Exception {
        browser.show(1400, false);
        open(report(shop(), ""));
        assertNumbersOf(shop());
        assertEquals(List.of("ptrace", "socket", "mkdir", "accept4", "mmap", "read"), shownCalls());
        assertEquals(List.of("2", "3", "3", "36", "90", "3,000,007"), column(2));
        assertEquals(
                List.of("1 of 3", "3 of 3", "1 of 3", "3 of 3", "3 of 3", "3 of 3"), column(3));
        assertEquals(
                List.of(
                        "9 ms\nstart-up",
                        "3 ms\nstart-up",
                        "38 ms\nstart-up",
                        "1.20 s\nserving",
                        "0 ms\nlinker",
                        "2 ms\nstart-up"),
                column(4));
        assertEquals("helper", column(5).get(0));
        assertEquals("libc.so.6+0x500", column(6).get(0));
        assertTrue(
                value("document.getElementById('growth').textContent")
                        .toString()
                        .contains("about 67\u00a0%, and at most"));
    }

    @Test
    void keyboardAlone_searchesFiltersAndSorts() throws Exception {
        browser.show(1400, false);
        open(report(shop(), ""));
        browser.type(TAB);
        assertEquals("Skip to the verdict", value("document.activeElement.textContent"));
        tabTo("#search");
        browser.type("HELPER");
        assertEquals(List.of("ptrace", "read"), shownCalls());
        assertEquals("2 of 6 calls", value("document.getElementById('shown').textContent"));
        browser.type(" 0x500");
        assertEquals(List.of("ptrace"), shownCalls());
        browser.type("nothing");
        assertEquals(List.of(), shownCalls());
        assertEquals(true, value("document.getElementById('none').checkVisibility()"));
        tabTo("button[type=reset]");
        browser.type(ENTER);
        Until.holds("all calls are shown", () -> shownCalls().size() == 6);
        tabTo("th:nth-child(3) button");
        browser.type(ENTER);
        assertEquals(List.of("ptrace", "socket", "mkdir", "accept4", "mmap", "read"), shownCalls());
        assertEquals(
                List.of("none", "none", "ascending", "none", "none"),
                value(
                        "Array.from(document.querySelectorAll('#call-table th[aria-sort]'))"
                                + ".map(head => head.getAttribute('aria-sort'))"));
        browser.type(ENTER);
        assertEquals("read", shownCalls().get(0));
    }

    @ParameterizedTest
    @CsvSource({
        "#risk, h, 'ptrace,socket'",
        "#phase, ser, accept4",
        "#program, /usr/lib, 'ptrace,read'",
        "#rare, ' ', 'ptrace,mkdir'"
    })
    void filter_byKeyboard_showsWhatFits(String field, String keys, String calls) throws Exception {
        browser.show(1400, false);
        open(report(shop(), ""));
        tabTo(field);
        browser.type(keys);
        assertEquals(List.of(calls.split(",")), shownCalls());
    }

    @Test
    void narrow_sortsByTheListOfOrders() throws Exception {
        browser.show(360, false);
        open(report(shop(), ""));
        tabTo("#sort");
        browser.type("calls");
        assertEquals("read", shownCalls().get(0));
    }

    @Test
    void policies_areThoseOfConvert_andCanBeCopied() throws Exception {
        browser.show(1400, false);
        open(report(shop(), ""));
        for (PolicyFormat format : PolicyFormat.values()) {
            Finished converted =
                    Child.of(
                                    "sandbox-policy convert %s --to %s --kernel 6.18.1",
                                    folder.resolve("r.json"), format.toString())
                            .run();
            assertEquals(
                    converted.out(),
                    value(
                            "Array.from(document.querySelectorAll('.policy'))"
                                    + ".filter(each => each.querySelector('summary code')"
                                    + ".textContent === arguments[0])"
                                    + ".map(each => each.querySelector('pre').textContent)[0]",
                            format.toString()),
                    format.toString());
        }
        tabTo(".copy");
        browser.type(ENTER);
        String told =
                "return document.activeElement.parentNode.querySelector('[role=status]')"
                        + ".textContent";
        Until.holds("the page says what it did", () -> !browser.run(told).equals(""));
        assertTrue(List.of("Copied", "Selected: copy it with Ctrl+C").contains(browser.run(told)));
    }

    @ParameterizedTest
    @CsvSource({"360, false", "360, true", "800, false", "1400, false", "1400, true"})
    void page_fits_andCanBeRead(int width, boolean dark) throws Exception {
        browser.show(width, dark);
        open(report(shop(), ""));
        browser.run("document.querySelectorAll('details').forEach(each => { each.open = true; })");
        assertEquals(0, value(OVERFLOW));
        String script;
        try (InputStream in = ReportIT.class.getResourceAsStream("contrast.js")) {
            script = new String(in.readAllBytes(), UTF_8);
        }
        Map<?, ?> result = (Map<?, ?>) browser.run(script);
        assertEquals(List.of(), result.get("poor"));
        assertTrue((Integer) result.get("checked") > 100, result::toString);
        Object light = value("getComputedStyle(document.body).backgroundColor");
        browser.show(width, !dark);
        assertNotEquals(light, value("getComputedStyle(document.body).backgroundColor"));
    }

    @Test
    void pictures_haveTextInTheirPlace() throws Exception {
        open(report(shop(), ""));
        assertEquals(
                0,
                value(
                        "Array.from(document.querySelectorAll('svg')).filter(each =>"
                                + " each.getAttribute('role') !== 'img'"
                                + " || !each.getAttribute('aria-label')).length"));
        assertEquals(2, value("document.querySelectorAll('svg').length"));
        assertEquals(
                0,
                value(
                        "Array.from(document.querySelectorAll('table')).filter(each =>"
                                + " !each.caption || !each.tHead).length"));
    }

    private static Recording hostile(String text) {
        Origin origin = text.isEmpty() ? new Origin("x", 1) : new Origin(text, 1);
        CallEvidence call =
                new CallEvidence(
                        41,
                        1,
                        1,
                        OptionalLong.empty(),
                        Optional.of(origin),
                        Optional.empty(),
                        Optional.of(new CallTests(1, 3, List.of(text), true, 2)));
        ProgramEvidence program =
                new ProgramEvidence(
                        text,
                        Evidence.X86_64,
                        Optional.of(text),
                        Optional.of(text),
                        List.of(call),
                        List.of(text));
        Run run =
                new Run(
                        "1",
                        Instant.EPOCH,
                        1,
                        text.isEmpty() ? "audit" : text,
                        Optional.of(text),
                        List.of(text, text),
                        RunFilter.LOG_ALL,
                        OptionalInt.of(3),
                        new Verdict.Incomplete(1, List.of(text)),
                        new Machine(text, text, text),
                        List.of(program));
        return Recording.of(run);
    }

    /** The script of the page is all that may run, and only our own elements may be there. */
    @Test
    void hostileNames_areShownAsText() throws Exception {
        browser.show(360, false);
        List<String> texts = new ArrayList<>(Results.HOSTILE);
        texts.add(MARKUP);
        texts.add("/tmp/\"><style>*{display:none}</style>' onload='owned=1");
        texts.add("</script><svg/onload=owned=1>");
        for (String text : texts) {
            open(report(hostile(text), ""));
            assertEquals(true, value("typeof owned === 'undefined'"), text);
            assertEquals(1, value("document.querySelectorAll('script').length"), text);
            assertEquals(1, value("document.querySelectorAll('style').length"), text);
            assertEquals(
                    0,
                    value(
                            "document.querySelectorAll('img, iframe, object, embed, link, base,"
                                    + " owned, b, [onload], [onerror], [style], [src]').length"),
                    text);
            assertEquals(0, value(OVERFLOW), text);
            assertEquals(1, shownCalls().size(), text);
        }
        open(report(hostile(MARKUP), ""));
        assertEquals(MARKUP, value("document.querySelector('.program summary code').textContent"));
        assertEquals(
                MARKUP + "of 3 tests also outside of tests",
                value("document.querySelector('[data-label=\"Test or state\"]').textContent"));
        assertTrue(
                value("document.querySelector('.objections').textContent")
                        .toString()
                        .contains(MARKUP));
    }

    @Test
    void sameRecording_givesSameBytes() throws Exception {
        byte[] first = Files.readAllBytes(report(shop(), ""));
        assertArrayEquals(first, Files.readAllBytes(report(shop(), "")));
    }

    /** 400 executables with 60 calls each, in 20 runs. */
    @Test
    void large_staysBelowAMegabyte() throws Exception {
        List<Integer> numbers = IntStream.range(0, 60).boxed().toList();
        ProgramEvidence[] programs =
                IntStream.range(0, 400)
                        .mapToObj(
                                i ->
                                        Evidence.program(
                                                "/usr/lib/a/rather/long/path/to/program" + i,
                                                Evidence.X86_64,
                                                numbers))
                        .toArray(ProgramEvidence[]::new);
        List<Run> runs = IntStream.range(0, 20).mapToObj(i -> run(i, programs)).toList();
        Path page = report(new Recording(runs), "");
        assertTrue(Files.size(page) < 1_000_000, () -> page.toFile().length() + " bytes");
        open(page);
        assertEquals("960,000", value("document.getElementById('number-records').textContent"));
    }

    @Test
    void incomplete_showsNoList() throws Exception {
        open(report(hostile("/bin/x"), ""));
        assertEquals(0, value("document.querySelectorAll('.policy').length"));
        assertTrue(
                value("document.getElementById('verdict-title').textContent")
                        .toString()
                        .startsWith("Verdict: Calls may be missing"));
    }

    @Test
    void learn_writesAReportOfItsRuns() throws Exception {
        LiveKernel.requireRoot();
        Path json = folder.resolve("ls.json");
        Path html = folder.resolve("ls.html");
        Learn.command(
                        "--source notify --from exec --runs 2 --recording %s --report %s -o %s"
                                + " /bin/ls /",
                        json, html, folder.resolve("ls.env"))
                .run()
                .assertStatus(0);
        browser.show(1400, true);
        open(html);
        assertNumbersOf(Recorded.in(json));
        assertEquals(
                Files.readString(folder.resolve("ls.env")),
                value("document.querySelector('.policy pre').textContent"));
        // Symbols that glibc exports.
        assertTrue(
                value("document.getElementById('calls').textContent")
                        .toString()
                        .contains("getdents64+0x"));
    }

    @Test
    void reach_isBesideTheSeen() throws Exception {
        LiveKernel.requireRoot();
        Path json = folder.resolve("true.json");
        Learn.command(
                        "--source notify --from exec --recording %s -o %s /bin/true",
                        json, folder.resolve("true.env"))
                .run()
                .assertStatus(0);
        open(report(Recorded.in(json), "--reach /bin/true"));
        assertTrue(
                value("document.getElementById('reach').textContent")
                        .toString()
                        .contains("The code of "));
        assertTrue(
                column(7).stream()
                        .map(Object::toString)
                        .anyMatch(cell -> cell.matches("own\n.* -> exit_group")),
                () -> "the way to a call");
    }
}
