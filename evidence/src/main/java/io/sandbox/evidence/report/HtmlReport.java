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
        html.add(
                """
                <!DOCTYPE html>
                <html lang='en'><head>
                <meta charset='utf-8'>
                <meta http-equiv='Content-Security-Policy' content='%s'>
                <meta name='viewport' content='width=device-width, initial-scale=1'>
                <meta name='color-scheme' content='light dark'>
                <title>%s - system calls</title>
                """,
                policy(style, script), title());
        html.resource("style", style);
        html.add(
                """
                </head><body>
                <a class='skip' href='#verdict'>Skip to the verdict</a>
                """);
        header();
        html.add("<main>\n");
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
        sources.worth().ifPresent(worth -> new WorthSection(html, worth).write());
        details.writePolicies();
        details.writeRuns(growth.steps());
        html.add("</main>\n");
        html.resource("script", script);
        html.add("</body></html>\n");
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
        html.add("<header><p class='kicker'>System calls of</p><h1>").name(title()).add("</h1>");
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
        html.add(
                """
                <p class='muted'>%s</p><nav aria-label='Sections'><ul>\
                <li><a href='#verdict'>Verdict</a></li>\
                <li><a href='#timeline'>Timeline</a></li>\
                <li><a href='#growth'>Growth</a></li>\
                <li><a href='#calls'>Calls</a></li>\
                <li><a href='#reach'>Reach</a></li>\
                <li><a href='#programs'>Executables</a></li>\
                """,
                facts.stream().filter(fact -> !fact.isEmpty()).collect(Collectors.joining(" · ")));
        if (sources.worth().isPresent()) {
            html.add("<li><a href='#worth'>Left open</a></li>");
        }
        html.add(
                """
                <li><a href='#policy'>Policy</a></li>\
                <li><a href='#runs'>Runs</a></li></ul></nav></header>
                """);
    }

    private static String machine(Machine machine) {
        return "Linux " + machine.kernel() + ", " + machine.arch() + ", sandbox " + machine.tool();
    }

    private String words(Function<Run, String> word) {
        return Html.shortened(
                recording.runs().stream().map(word).distinct().collect(Collectors.joining(", ")));
    }

    private void verdict() {
        List<Objection> objections = Objections.of(sources, model);
        List<String> reasons = Objections.reasonsToRely(sources, model);
        long serious = objections.stream().filter(o -> o.weight() == Weight.SERIOUS).count();
        long cautions = objections.stream().filter(o -> o.weight() == Weight.CAUTION).count();
        String style = serious > 0 ? "bad" : cautions > 0 ? "warn" : "good";
        html.add(
                """
                <section id='verdict' class='verdict %s' tabindex='-1' aria-labelledby='verdict-title'>
                <h2 id='verdict-title'><span class='hidden'>Verdict: </span>%s\
                """,
                style, verdictWords());
        if (serious + cautions > 0) {
            html.add(
                    " <span class='against'>%s</span>",
                    serious > 0
                            ? Units.count(serious, "serious objection")
                            : Units.count(cautions, "caution"));
        }
        html.add(
                """
                </h2><p class='lead'>%s</p><div class='columns'>
                <div><h3>What speaks against relying on it</h3><ul class='objections'>
                """,
                serious > 0
                        ? "Do not enforce a list of this recording as it is."
                        : "The list has every call of these runs. "
                                + Estimate.of(recording)
                                        .map(Estimate::ofOneMore)
                                        .map(Units::sentence)
                                        .orElse(
                                                "Whether another run makes other calls is not"
                                                        + " known yet."));
        for (Objection each : objections) {
            html.add(
                    "<li><span class='badge %s'>%s</span><span>%s</span></li>\n",
                    each.weight().style(), each.weight().word(), each.sentence());
        }
        html.add("</ul></div>\n<div><h3>What speaks for it</h3><ul>\n");
        for (String reason : reasons.isEmpty() ? List.of("Nothing so far.") : reasons) {
            html.add("<li>%s</li>", reason);
        }
        html.add("</ul></div></div></section>\n");
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
        html.add("<dl class='numbers' aria-label='Numbers'>\n");
        number("calls", model.calls().size(), "distinct calls", "");
        number("high", high, "of high risk", high > 0 ? "warn" : "");
        number("records", records, "calls recorded", "");
        number("executables", executables(), "executables", "");
        number("runs", recording.runs().size(), "runs", "");
        if (recording.unhealed().isEmpty()) {
            number("missing", 0, "records missing", "");
        } else {
            html.add(
                    "<div><dt>records missing</dt><dd class='bad'>%s</dd></div>",
                    lost == 0 ? "unknown" : "up to " + Units.number(lost));
        }
        html.add("<div><dt>recorded time</dt><dd>%s</dd></div></dl>\n", Units.time(millis));
    }

    private long executables() {
        return model.programs().stream().map(ProgramRow::executable).distinct().count();
    }

    private void number(String id, long number, String noun, String style) {
        html.add(
                "<div><dt>%s</dt><dd id='number-%s' data-value='%s' class='%s'>%s</dd></div>\n",
                noun, id, number, style, Units.number(number));
    }
}
