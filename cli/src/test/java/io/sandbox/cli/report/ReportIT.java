// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.Browser;
import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.Until;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.RecordingWriter;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.testing.Evidence;
import io.sandbox.evidence.testing.Results;
import io.sandbox.policy.format.PolicyFormat;
import io.sandbox.syscalldb.testing.Table;
import io.sandbox.syscalldb.testing.Vectors;
import io.sandbox.text.Shipped;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    private Path report(byte[] recording) throws Exception {
        Path json = Files.write(folder.resolve("r.json"), recording);
        Path html = folder.resolve("r.html");
        Child.of("sandbox-policy report %s -o %s", json, html).run().assertNoErr().assertStatus(0);
        return html;
    }

    /** A server with a helper; only the second run makes mkdir. */
    private void openShop(int width, boolean dark) throws Exception {
        browser.show(width, dark);
        open(report(Shipped.text(ReportIT.class, "shop.json").getBytes(UTF_8)));
    }

    private void open(Path page) throws Exception {
        browser.console();
        browser.open(page);
        assertEquals(List.of(), browser.console());
        browser.run(Shipped.text(ReportIT.class, "page.js"));
    }

    private static Object value(String script, Object... arguments) throws Exception {
        return browser.run("return " + script, arguments);
    }

    private static List<?> shownCalls() throws Exception {
        return (List<?>) value("seen.column(0)");
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

    @Test
    void page_hasWhatTheRecordingHas() throws Exception {
        openShop(1400, false);
        for (Vectors.Row row : Vectors.beside(ReportIT.class, "shop.tsv", 2)) {
            assertEquals(row.get(1), String.valueOf(value(row.get(0))), row::toString);
        }
    }

    @Test
    void keyboardAlone_searchesFiltersAndSorts() throws Exception {
        openShop(1400, false);
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
                        "seen.all('#call-table th[aria-sort]')"
                                + ".map(head => head.getAttribute('aria-sort'))"));
        browser.type(ENTER);
        assertEquals("read", shownCalls().get(0));
    }

    @Table
    void filter_byKeyboard_showsWhatFits(String field, String keys, String calls) throws Exception {
        openShop(1400, false);
        tabTo(field);
        browser.type(keys);
        assertEquals(List.of(calls.split(",")), shownCalls());
    }

    @Test
    void narrow_sortsByTheListOfOrders() throws Exception {
        openShop(360, false);
        tabTo("#sort");
        browser.type("calls");
        assertEquals("read", shownCalls().get(0));
    }

    @Test
    void policies_areThoseOfConvert_andCanBeCopied() throws Exception {
        openShop(1400, false);
        for (PolicyFormat format : PolicyFormat.values()) {
            Finished converted =
                    Child.of(
                                    "sandbox-policy convert %s --to %s --kernel 6.18.1",
                                    folder.resolve("r.json"), format.toString())
                            .run();
            assertEquals(
                    converted.out(),
                    value(
                            "seen.all('.policy')"
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

    @Table
    void page_fits_andCanBeRead(int width, boolean dark) throws Exception {
        openShop(width, dark);
        browser.run("document.querySelectorAll('details').forEach(each => { each.open = true; })");
        assertEquals(0, value(OVERFLOW));
        Map<?, ?> result = (Map<?, ?>) browser.run(Shipped.text(ReportIT.class, "contrast.js"));
        assertEquals(List.of(), result.get("poor"));
        assertTrue((Integer) result.get("checked") > 100, result::toString);
        Object light = value("getComputedStyle(document.body).backgroundColor");
        browser.show(width, !dark);
        assertNotEquals(light, value("getComputedStyle(document.body).backgroundColor"));
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
            open(report(Results.hostileRecording(text)));
            for (Vectors.Row row : Vectors.beside(ReportIT.class, "hostile.tsv", 2)) {
                assertEquals(row.get(1), String.valueOf(value(row.get(0))), text + row);
            }
            assertEquals(0, value(OVERFLOW), text);
            assertEquals(2, shownCalls().size(), text);
        }
        open(report(Results.hostileRecording(MARKUP)));
        assertEquals(MARKUP, value("document.querySelector('.program summary code').textContent"));
        assertEquals(
                MARKUP + "of 3 tests also outside of tests",
                value("document.querySelector('[data-label=\"Test or state\"]').textContent"));
        assertTrue(
                value("document.querySelector('.objections').textContent")
                        .toString()
                        .contains(MARKUP));
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
        List<Run> runs =
                IntStream.range(0, 20).mapToObj(i -> Evidence.run("" + i, programs)).toList();
        Path page = report(RecordingWriter.write(new Recording(runs)));
        assertTrue(Files.size(page) < 1_000_000, () -> page.toFile().length() + " bytes");
        open(page);
        assertEquals("960,000", value("document.getElementById('number-records').textContent"));
    }
}
