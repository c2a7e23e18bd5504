// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.report;

import io.sandbox.evidence.Estimate;
import io.sandbox.evidence.Machine;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.Verdict;
import io.sandbox.evidence.report.Objection.Weight;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Writes a report as one HTML file, which needs nothing from anywhere. */
public final class HtmlReport {
    private final Html html = new Html();
    private final ReportSources sources;
    private final Recording recording;
    private final ReportModel model;

    private HtmlReport(ReportSources sources) {
        this.sources = sources;
        this.recording = sources.recording();
        this.model = ReportModel.of(recording);
    }

    /** The whole file, in UTF-8. Equal sources give equal bytes. */
    public static byte[] write(ReportSources sources) {
        HtmlReport report = new HtmlReport(sources);
        report.page();
        return report.html.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String resource(String name) {
        try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("a part of the jar cannot be read", e);
        }
    }

    /** Nothing but our own script and style is obeyed, even if text got through as markup. */
    private static String policy(String style, String script) {
        return "default-src 'none'; base-uri 'none'; form-action 'none'; style-src '"
                + hash(style)
                + "'; script-src '"
                + hash(script)
                + "'";
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

    private void page() {
        String style = resource("report.css");
        String script = resource("report.js");
        html.declaration().open("html", "lang", "en").open("head").line();
        html.element("meta", "", "charset", "utf-8").line();
        html.element(
                        "meta",
                        "",
                        "http-equiv",
                        "Content-Security-Policy",
                        "content",
                        policy(style, script))
                .line();
        html.element(
                        "meta",
                        "",
                        "name",
                        "viewport",
                        "content",
                        "width=device-width, initial-scale=1")
                .line();
        html.element("meta", "", "name", "color-scheme", "content", "light dark").line();
        html.element("title", title() + " - system calls").line();
        html.resource("style", style).line();
        html.close("head").open("body").line();
        html.element("a", "Skip to the verdict", "class", "skip", "href", "#verdict").line();
        header();
        html.open("main").line();
        verdict();
        numbers();
        GrowthSection growth = new GrowthSection(html, recording);
        DetailSections details = new DetailSections(html, sources, model);
        new TimelineSection(html, model).write();
        growth.write();
        new CallsSection(html, sources, model).write();
        sources.reach()
                .ifPresentOrElse(
                        reach -> new ReachSection(html, reach).write(),
                        () -> ReachSection.writeHint(html, sources.next()));
        details.writePrograms();
        details.writePolicies();
        details.writeRuns(growth.steps());
        html.close("main").line();
        html.resource("script", script).line();
        html.close("body", "html").line();
    }

    private String title() {
        return Html.shortened(
                commands().isEmpty() ? "a recording without a command" : commands().get(0));
    }

    private List<String> commands() {
        return recording.runs().stream()
                .map(run -> String.join(" ", run.command()))
                .filter(command -> !command.isEmpty())
                .distinct()
                .toList();
    }

    private void header() {
        html.open("header").element("p", "System calls of", "class", "kicker");
        html.open("h1").element("code", title()).close("h1");
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
        html.open("p", "class", "muted");
        html.text(
                facts.stream().filter(fact -> !fact.isEmpty()).collect(Collectors.joining(" · ")));
        html.close("p").open("nav", "aria-label", "Sections").open("ul");
        link("verdict", "Verdict");
        link("timeline", "Timeline");
        link("growth", "Growth");
        link("calls", "Calls");
        link("reach", "Reach");
        link("programs", "Executables");
        link("policy", "Policy");
        link("runs", "Runs");
        html.close("ul", "nav", "header").line();
    }

    private static String machine(Machine machine) {
        return "Linux " + machine.kernel() + ", " + machine.arch() + ", sandbox " + machine.tool();
    }

    private String words(Function<Run, String> word) {
        return Html.shortened(
                recording.runs().stream().map(word).distinct().collect(Collectors.joining(", ")));
    }

    private void link(String id, String title) {
        html.open("li").element("a", title, "href", "#" + id).close("li");
    }

    private void verdict() {
        List<Objection> objections = Objections.of(sources, model);
        List<String> reasons = Objections.reasonsToRely(sources, model);
        long serious = objections.stream().filter(o -> o.weight() == Weight.SERIOUS).count();
        long cautions = objections.stream().filter(o -> o.weight() == Weight.CAUTION).count();
        String style = serious > 0 ? "bad" : cautions > 0 ? "warn" : "good";
        html.open(
                "section",
                "id",
                "verdict",
                "class",
                "verdict " + style,
                "tabindex",
                -1,
                "aria-labelledby",
                "verdict-title");
        html.line();
        html.open("h2", "id", "verdict-title");
        html.element("span", "Verdict: ", "class", "hidden");
        html.text(verdictWords());
        if (serious + cautions > 0) {
            html.text(" ");
            html.element(
                    "span",
                    serious > 0
                            ? Units.count(serious, "serious objection")
                            : Units.count(cautions, "caution"),
                    "class",
                    "against");
        }
        html.close("h2");
        html.element(
                "p",
                serious > 0
                        ? "Do not enforce a list of this recording as it is."
                        : "The list has every call of these runs. "
                                + Estimate.of(recording)
                                        .map(Estimate::ofOneMore)
                                        .map(Units::sentence)
                                        .orElse(
                                                "Whether another run makes other calls is not"
                                                        + " known yet."),
                "class",
                "lead");
        html.open("div", "class", "columns").line();
        html.open("div").element("h3", "What speaks against relying on it");
        html.open("ul", "class", "objections").line();
        for (Objection each : objections) {
            html.open("li");
            html.element("span", each.weight().word(), "class", "badge " + each.weight().style());
            html.open("span").text(each.sentence()).close("span", "li").line();
        }
        html.close("ul", "div").line();
        html.open("div").element("h3", "What speaks for it").open("ul").line();
        reasons.forEach(reason -> html.element("li", reason));
        if (reasons.isEmpty()) {
            html.element("li", "Nothing so far.");
        }
        html.close("ul", "div", "div", "section").line();
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

    private void numbers() {
        long records = recording.runs().stream().mapToLong(Run::records).sum();
        long millis = recording.runs().stream().mapToLong(Run::millis).sum();
        long high = model.calls().stream().filter(CallRow::isHigh).count();
        long lost =
                recording.unhealed().stream()
                        .map(Run::verdict)
                        .filter(Verdict.Incomplete.class::isInstance)
                        .mapToLong(v -> ((Verdict.Incomplete) v).lost())
                        .sum();
        html.open("dl", "class", "numbers", "aria-label", "Numbers").line();
        number("calls", model.calls().size(), "distinct calls", "");
        number("high", high, "of high risk", high > 0 ? "warn" : "");
        number("records", records, "calls recorded", "");
        number("executables", executables(), "executables", "");
        number("runs", recording.runs().size(), "runs", "");
        if (recording.unhealed().isEmpty()) {
            number("missing", 0, "records missing", "");
        } else {
            html.open("div").element("dt", "records missing");
            html.element(
                    "dd", lost == 0 ? "unknown" : "up to " + Units.number(lost), "class", "bad");
            html.close("div");
        }
        html.open("div").element("dt", "recorded time").element("dd", Units.time(millis));
        html.close("div", "dl").line();
    }

    private long executables() {
        return model.programs().stream().map(ProgramRow::executable).distinct().count();
    }

    private void number(String id, long number, String noun, String style) {
        html.open("div").element("dt", noun);
        html.element(
                "dd",
                Units.number(number),
                "id",
                "number-" + id,
                "data-value",
                number,
                "class",
                style.isEmpty() ? null : style);
        html.close("div").line();
    }
}
