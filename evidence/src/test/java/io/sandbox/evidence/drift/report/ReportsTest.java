// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift.report;

import static io.sandbox.evidence.testing.Evidence.X86_64;
import static io.sandbox.evidence.testing.Evidence.calls;
import static io.sandbox.evidence.testing.Evidence.drift;
import static io.sandbox.evidence.testing.Evidence.program;
import static io.sandbox.evidence.testing.Evidence.run;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.CallTests;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.drift.CallDrift;
import io.sandbox.evidence.drift.CheckResult;
import io.sandbox.evidence.drift.Drift;
import io.sandbox.evidence.testing.Results;
import io.sandbox.evidence.testing.RunText;
import io.sandbox.syscalldb.testing.Table;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xml.sax.SAXException;

final class ReportsTest {
    private static final Pattern COMMAND =
            Pattern.compile(
                    "::(error|warning|notice) file=[^:,\\n]*,line=[0-9]+,title=[^:,\\n]*::.*");

    private static final Path EXPECTED =
            Path.of("src/test/resources/io/sandbox/evidence/drift/report");

    private static final SarifReport SARIF =
            new SarifReport(Optional.of("https://example.org/tool"), path -> path);

    private static final GithubReport GITHUB = new GithubReport(path -> path);

    private static Schema sarif;
    private static javax.xml.validation.Schema junit;

    /** Once: scripts/mutation begins the class anew for each of its tests. */
    @BeforeAll
    static void loadSchemas() throws Exception {
        if (junit != null) {
            return;
        }
        try (InputStream in = packed("sarif-2.1.0.json.gz")) {
            sarif =
                    SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                            .getSchema(new String(in.readAllBytes(), UTF_8), InputFormat.JSON);
        }
        try (InputStream in = packed("junit-10.xsd.gz")) {
            junit =
                    SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
                            .newSchema(new StreamSource(in));
        }
    }

    private static InputStream packed(String name) throws IOException {
        return new GZIPInputStream(ReportsTest.class.getResourceAsStream(name));
    }

    private static List<CheckResult> results() {
        List<CheckResult> results = new ArrayList<>();
        for (String failOn : List.of("new", "unused", "risk=high", "new,unused,risk=low")) {
            results.add(Results.everything(failOn));
        }
        results.add(Results.clean());
        results.add(Results.refused());
        results.add(Results.gated(72));
        results.add(Results.gated(73));
        results.add(Results.readiness());
        results.add(Results.of(new Recording(List.of()), "new"));
        Results.HOSTILE.forEach(text -> results.add(Results.hostile(text)));
        Results.HOSTILE.forEach(text -> results.add(Results.drifted(text)));
        return results;
    }

    private static void validateJunit(String text) throws Exception {
        junit.newValidator().validate(new StreamSource(new StringReader(text)));
    }

    static Map<String, ReportWriter> writers() {
        return Map.of(
                "json", new JsonReport(),
                "sarif", SARIF,
                "junit", new JunitReport(),
                "github", GITHUB,
                "markdown", new MarkdownReport());
    }

    /**
     * What others read in a report stays where it is. {@code -Dfixtures.rewrite=true} writes the
     * expected texts, to be looked at as a diff.
     */
    @Test
    void write_isTheExpectedText() throws IOException {
        for (Map.Entry<String, ReportWriter> each : writers().entrySet()) {
            Path expected = EXPECTED.resolve("expected." + each.getKey());
            ReportWriter writer = each.getValue();
            String text =
                    writer.write(Results.everything("new"))
                            + "\n-- evidence that suffices\n"
                            + writer.write(Results.of(calls("read", "pipe2"), "new,unused"))
                            + "\n-- a call that is refused by decision\n"
                            + writer.write(Results.refused())
                            + "\n-- whether a policy is ready\n"
                            + writer.write(Results.readiness())
                            + "\n-- a rule without code\n"
                            + writer.write(Results.unreachable())
                            + "\n-- known exploits, of which enough are stopped\n"
                            + writer.write(Results.gated(72))
                            + "\n-- known exploits, of which too few are stopped\n"
                            + writer.write(Results.gated(73));
            if (Boolean.getBoolean("fixtures.rewrite")) {
                Files.writeString(expected, text);
            }
            assertEquals(Files.readString(expected), text, each.getKey());
        }
    }

    @ParameterizedTest
    @MethodSource("results")
    void sarif_isValid(CheckResult result) {
        String text = SARIF.write(result);
        assertEquals(List.of(), sarif.validate(text, InputFormat.JSON), text);
    }

    @ParameterizedTest
    @MethodSource("results")
    void json_hasOnlyPrintableCharacters(CheckResult result) {
        String text = new JsonReport().write(result);
        assertTrue(text.chars().allMatch(c -> c == '\n' || c >= ' ' && c <= '~'), text);
    }

    @Test
    void test_isNamedWithANewCall() {
        CheckResult result = Results.hostile("www.Store<b>.rotates");
        String words = "by the test www.Store<b>.rotates, the smallest of 3";
        assertTrue(Wording.details(result.drift().calls().get(0)).contains(words));
        assertTrue(GITHUB.write(result).contains(words));
        assertTrue(
                new MarkdownReport()
                        .write(result)
                        .contains(
                                "by the test www&#46;Store&#60;b&#62;.rotates, the smallest of 3"));
        assertTrue(
                new JsonReport()
                        .write(result)
                        .matches("(?s).*\"smallest\" : \\[\\s*\"www.Store<b>.rotates\"\\s*\\].*"));
    }

    @Table
    void sarif_schema_refusesWhatIsWrong(String part, String wrong) {
        String good = SARIF.write(Results.everything("new"));
        String bad = good.replace(part, wrong);
        assertFalse(bad.equals(good), part);
        assertFalse(sarif.validate(bad, InputFormat.JSON).isEmpty(), part);
    }

    /** Each character before and behind those that a URI has as they are (RFC 3986). */
    @Table
    void sarif_policyFile_isAUri(String policyFile, String uri) {
        String text = SARIF.write(Results.drifted(policyFile));
        assertTrue(text.contains("\"uri\" : \"" + uri + "\""), text);
    }

    @ParameterizedTest
    @MethodSource("results")
    void junit_isValid(CheckResult result) throws Exception {
        validateJunit(new JunitReport().write(result));
    }

    @Table
    void junit_schema_refusesWhatIsWrong(String part, String wrong) {
        String good = new JunitReport().write(Results.everything("new"));
        String bad = good.replace(part, wrong);
        assertFalse(bad.equals(good), part);
        assertThrows(SAXException.class, () -> validateJunit(bad), part);
    }

    @Test
    void junit_countsWhatFails() {
        String text = new JunitReport().write(Results.everything("new"));
        assertTrue(text.contains("failures=\"5\" errors=\"1\""), text);
        String tolerant = new JunitReport().write(Results.everything("risk=high"));
        assertTrue(tolerant.contains("failures=\"4\" errors=\"1\""), tolerant);
        String clean = new JunitReport().write(Results.clean());
        assertTrue(clean.contains("tests=\"1\" failures=\"0\" errors=\"0\""), clean);
    }

    @ParameterizedTest
    @MethodSource("results")
    void github_eachLineIsACommandOfOurs(CheckResult result) {
        for (String line : GITHUB.write(result).split("[\\n\\r\\u2028\\u0085]")) {
            assertTrue(line.isEmpty() || COMMAND.matcher(line).matches(), line);
            assertEquals(line.isEmpty() ? -1 : 0, line.indexOf("::"), line);
        }
    }

    @ParameterizedTest
    @MethodSource("results")
    void markdown_hasNoMarkupButOurs(CheckResult result) {
        String text = new MarkdownReport().write(result);
        String foreign = text.replaceAll("</?(code|pre)>", "");
        assertFalse(foreign.contains("<"), text);
        assertFalse(foreign.contains("@"), text);
        assertFalse(foreign.contains("]("), text);
        assertFalse(foreign.contains("```"), text);
        assertFalse(foreign.contains("__"), text);
        assertEquals(0, foreign.chars().filter(c -> c < ' ' && c != '\n').count(), text);
        assertTrue(text.length() < 65536, "a comment of GitHub has room for it");
        for (String line : text.split("\n")) {
            if (line.startsWith("|")) {
                long cells = line.chars().filter(c -> c == '|').count();
                assertTrue(cells == 6 || cells == 3, line);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("results")
    void json_isReadBack_withTheNamesAsTheyWere(CheckResult result) throws Exception {
        Map<String, Object> read = JSON.std.mapFrom(new JsonReport().write(result).getBytes(UTF_8));
        assertEquals("sandbox-check", read.get("format"));
        if (!result.policyFile().contains("\ud800")) {
            assertEquals(result.policyFile(), read.get("policy"));
        }
    }

    @Tag("large")
    @Test
    void reports_ofVeryManyCalls_areValid() throws Exception {
        int count = 20_000;
        List<Integer> numbers = IntStream.range(1000, 1000 + count).boxed().toList();
        ProgramEvidence program = program("/bin/x", X86_64, numbers);
        CheckResult result = Results.of(Recording.of(run("1", program)), "new");
        assertEquals(count, result.drift().forbidden().size());
        assertTrue(new MarkdownReport().write(result).length() < 65536);
        validateJunit(new JunitReport().write(result));
        assertEquals(count + 5, GITHUB.write(result).lines().count());
        assertTrue(SARIF.write(result).length() > count);
        assertTrue(new JsonReport().write(result).length() > count);
    }

    private static CallDrift drifted(ProgramEvidence... programs) {
        return drift(Recording.of(run("1", programs)), "socket(arg0==1)\n").calls().get(0);
    }

    @Table
    void details_manyExecutables_areCountedAfterTwenty(int executables, int more) {
        ProgramEvidence[] programs =
                IntStream.range(0, executables)
                        .mapToObj(i -> program("/bin/" + i, X86_64, List.of(101)))
                        .toArray(ProgramEvidence[]::new);
        List<String> details = Wording.details(drifted(programs));
        assertEquals(1 + 20 + (more > 0 ? 1 : 0), details.size(), details::toString);
        assertEquals(more > 0, details.get(details.size() - 1).equals("and " + more + " more"));
    }

    @Table
    void tests_onlySeveral_areCounted(int count, String expected) {
        boolean made = count > 0;
        List<String> smallest = made ? List.of("T.a") : List.of();
        Optional<CallTests> of = Optional.of(new CallTests(0, count, smallest, made, made ? 5 : 0));
        OptionalLong none = OptionalLong.empty();
        CallEvidence call =
                new CallEvidence(101, 2, 1, none, none, Optional.empty(), Optional.empty(), of);
        CallDrift drift = drifted(new ProgramEvidence("/bin/x", X86_64, List.of(call)));
        assertEquals(Optional.of(expected), Wording.tests(drift));
    }

    /**
     * The call and what is said of it in the last line. Learned lists refuse clone3 too, and their
     * programs work: nobody is asked about it. An update would not remove a rule that kills.
     *
     * @param refused whether the evidence is of calls that a filter refused
     */
    @Table
    void call_isSaid(String runs, String policy, boolean refused, String title, String last) {
        Drift compared = drift(RunText.recording(runs), policy);
        CallDrift call = (refused ? compared.ofRefusals() : compared).calls().get(0);
        assertEquals(title, Wording.title(call));
        List<String> details = Wording.details(call);
        assertEquals(last, details.get(details.size() - 1));
    }

    // What is too much for a comment is counted.

    private static String report(ProgramEvidence... programs) {
        return new MarkdownReport().write(Results.of(Recording.of(run("1", programs)), "new"));
    }

    @Test
    void write_moreCallsThanFit_countsTheRest() {
        List<Integer> numbers = IntStream.range(1000, 2000).boxed().toList();
        String text = report(program("/bin/x", X86_64, numbers));
        long rows = text.lines().filter(line -> line.startsWith("| `")).count();
        assertTrue(rows > 100 && rows < 1000, rows + " rows");
        assertTrue(text.contains("\nAnd " + (1000 - rows) + " more.\n"), text);
    }

    @Table
    void write_manyExecutables_namesThree(int executables, int more) {
        String text =
                report(
                        IntStream.range(0, executables)
                                .mapToObj(i -> program("/bin/" + i, X86_64, List.of(101)))
                                .toArray(ProgramEvidence[]::new));
        String rest = more > 0 ? ", " + more + " more |" : " |";
        assertTrue(text.contains("<code>/bin/2</code> (2)" + rest), text);
    }

    /** A part of a command would do something else. */
    @Table
    void write_longCommand_isLeftOut(int length, boolean shown) {
        String command = "x".repeat(length);
        String text = new MarkdownReport().write(Results.drifted(command));
        assertEquals(shown, text.contains("<pre><code>" + command + "</code></pre>"));
        assertEquals(!shown, text.contains("too long for here"));
    }

    @Table
    void write_longName_isShortened(int length, String end) {
        String text = new MarkdownReport().write(Results.drifted("x".repeat(length)));
        assertTrue(text.startsWith("### <code>" + "x".repeat(119) + end + "</code>"), text);
    }
}
