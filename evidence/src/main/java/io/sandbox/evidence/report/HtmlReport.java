// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.report;

import io.sandbox.evidence.Estimate;
import io.sandbox.evidence.Machine;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.Verdict;
import io.sandbox.evidence.learned.LearnedCapabilities;
import io.sandbox.evidence.report.Objection.Weight;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Writes a report as one HTML file that needs nothing else, from the template report.html. */
public final class HtmlReport {
    private final ReportSources sources;
    private final Recording recording;
    private final ReportModel model;
    private final GrowthSection growth;

    private HtmlReport(ReportSources sources) {
        this.sources = sources;
        this.recording = sources.recording();
        this.model = ReportModel.of(recording);
        this.growth = new GrowthSection(recording);
    }

    /** The whole file, in UTF-8. Equal sources give equal bytes. */
    public static byte[] write(ReportSources sources) {
        Map<String, Object> values = new HtmlReport(sources).values();
        return Page.of("report.html", values).getBytes(StandardCharsets.UTF_8);
    }

    private Map<String, Object> values() {
        Map<String, Object> values = new HashMap<>();
        values.put("contentPolicy", contentPolicy());
        values.put("title", title());
        values.put("facts", facts());
        values.put("verdict", verdict());
        values.put("numbers", numbers());
        values.put("missing", missing());
        values.put(
                "recordedTime", Units.time(recording.runs().stream().mapToLong(Run::millis).sum()));
        values.put("timeline", new TimelineSection(model));
        values.put("growth", growth);
        values.put("calls", new CallsSection(sources, model).values());
        values.put("toReach", sources.next().reach());
        values.put("reach", sources.reach().stream().map(DetailSections::reach).toList());
        values.put("programs", DetailSections.programs(model));
        values.put("capabilities", capabilities());
        values.put(
                "access",
                Run.accessOf(recording.runs()).stream().map(DetailSections::access).toList());
        values.put(
                "morePrograms",
                more(model.programs().size() - DetailSections.MOST_PROGRAMS, "executable"));
        values.put("worth", sources.worth().stream().toList());
        values.put("policies", sources.policies());
        values.put("hasPolicies", !sources.policies().isEmpty());
        values.put(
                "runs",
                growth.steps().stream()
                        .limit(DetailSections.MOST_RUNS)
                        .map(DetailSections::run)
                        .toList());
        values.put("moreRuns", more(recording.runs().size() - DetailSections.MOST_RUNS, "run"));
        values.put("runtimeCalls", runtimeCalls());
        return values;
    }

    private String capabilities() {
        return LearnedCapabilities.of(recording)
                .map(each -> Units.sentence(each.sentence()))
                .orElse("");
    }

    private static String more(int count, String noun) {
        return count > 0 ? Units.count(count, noun) : "";
    }

    /** Nothing but our own script and style is obeyed, even if text got through as markup. */
    static String contentPolicy() {
        return String.format(
                "default-src 'none'; base-uri 'none'; form-action 'none'; style-src '%s';"
                        + " script-src '%s'",
                hash(Page.resource("report.css")), hash(Page.resource("report.js")));
    }

    private static String hash(String text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private String title() {
        return Units.shortened(
                commands().isEmpty() ? "a recording without a command" : commands().get(0));
    }

    private List<String> commands() {
        return recording.runs().stream()
                .map(run -> String.join(" ", run.command()))
                .filter(command -> !command.isEmpty())
                .distinct()
                .toList();
    }

    private String facts() {
        List<String> facts = new ArrayList<>();
        if (commands().size() > 1) {
            facts.add("and " + Units.count(commands().size() - 1, "other command"));
        }
        if (!recording.runs().isEmpty()) {
            facts.add(recording.runs().get(0).started().toString().substring(0, 10));
        }
        facts.add(words(run -> "source " + run.source()));
        facts.add(words(run -> run.from().map(from -> "from " + from).orElse("")));
        facts.add(words(run -> machine(run.machine())));
        facts.removeIf(String::isEmpty);
        return String.join(" · ", facts);
    }

    private static String machine(Machine machine) {
        return "Linux " + machine.kernel() + ", " + machine.arch() + ", sandbox " + machine.tool();
    }

    private String words(Function<Run, String> word) {
        return Units.shortened(
                recording.runs().stream()
                        .map(word)
                        .filter(each -> !each.isEmpty())
                        .distinct()
                        .collect(Collectors.joining(", ")));
    }

    private Map<String, Object> verdict() {
        List<Objection> objections = Objections.of(sources, model);
        long serious = objections.stream().filter(o -> o.weight() == Weight.SERIOUS).count();
        long cautions = objections.stream().filter(o -> o.weight() == Weight.CAUTION).count();
        String ofCautions = cautions > 0 ? Units.count(cautions, "caution") : "";
        String ofOneMore =
                Estimate.of(recording)
                        .map(Estimate::ofOneMore)
                        .map(Units::sentence)
                        .orElse("Whether another run makes other calls is not known yet.");
        String lead =
                serious > 0
                        ? "Do not enforce a list of this recording as it is."
                        : "The list has every call of these runs. " + ofOneMore;
        return Map.of(
                "style",
                serious > 0 ? "bad" : cautions > 0 ? "warn" : "good",
                "words",
                verdictWords(),
                "against",
                serious > 0 ? Units.count(serious, "serious objection") : ofCautions,
                "lead",
                lead,
                "objections",
                objections,
                "reasons",
                Objections.reasonsToRely(sources, model));
    }

    /** About these runs alone. What another run may bring is said beside it. */
    private String verdictWords() {
        if (recording.runs().isEmpty()) {
            return "Nothing was recorded";
        }
        if (!recording.isComplete()) {
            return "Calls may be missing";
        }
        return recording.reservations().isEmpty()
                ? "Nothing was lost"
                : "Nothing was lost, with a reservation";
    }

    /** A number at the head of the page. */
    record Number(String id, long value, String noun, String style) {
        String shown() {
            return Units.number(value);
        }
    }

    private List<Number> numbers() {
        long high = model.calls().stream().filter(CallRow::isHigh).count();
        long executables = model.programs().stream().map(ProgramRow::executable).distinct().count();
        long records = recording.runs().stream().mapToLong(Run::records).sum();
        List<Number> numbers = new ArrayList<>();
        numbers.add(new Number("calls", model.calls().size(), "distinct calls", ""));
        numbers.add(new Number("high", high, "of high risk", high > 0 ? "warn" : ""));
        numbers.add(new Number("records", records, "calls recorded", ""));
        numbers.add(new Number("executables", executables, "executables", ""));
        numbers.add(new Number("runs", recording.runs().size(), "runs", ""));
        if (recording.unhealed().isEmpty()) {
            numbers.add(new Number("missing", 0, "records missing", ""));
        }
        return numbers;
    }

    /** How many records are missing; empty if none is. */
    private String missing() {
        if (recording.unhealed().isEmpty()) {
            return "";
        }
        long lost =
                recording.unhealed().stream()
                        .map(Run::verdict)
                        .filter(Verdict.Incomplete.class::isInstance)
                        .mapToLong(v -> ((Verdict.Incomplete) v).lost())
                        .sum();
        return lost == 0 ? "unknown" : "up to " + Units.number(lost);
    }

    /** What the runtime made under the container's filter, before the program was executed. */
    private String runtimeCalls() {
        return GrowthSection.names(
                recording.runs().stream()
                        .flatMap(run -> run.runtimeCalls().stream())
                        .distinct()
                        .sorted()
                        .toList());
    }
}
