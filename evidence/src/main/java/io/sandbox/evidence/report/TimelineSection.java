// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.report;

import io.sandbox.evidence.report.ProgramRow.Sighting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * When each program made its calls for the first time: a lane for each program, with a bar for each
 * moment. Positions are percentages, so the picture fits any width and its words stay readable.
 */
final class TimelineSection {
    static final int MOST_LANES = 12;

    private static final int COLUMNS = 64;
    private static final int LANE = 70;
    private static final int BAR = 32;
    private static final int AXIS = 26;
    private static final double MARGIN = 1.6;
    private static final List<Long> TICKS =
            List.of(0L, 10L, 100L, 1000L, 10_000L, 100_000L, 1_000_000L, 10_000_000L, 100_000_000L);

    private final Html html;
    private final List<ProgramRow> programs;
    private final Set<Object> highRisk;
    private final double scale;

    TimelineSection(Html html, ReportModel model) {
        this.html = html;
        this.programs = model.programs();
        this.highRisk =
                model.calls().stream()
                        .filter(CallRow::isHigh)
                        .map(CallRow::call)
                        .collect(Collectors.toSet());
        long last =
                programs.stream()
                        .flatMap(program -> program.sightings().stream())
                        .mapToLong(Sighting::millis)
                        .max()
                        .orElse(0);
        this.scale = Math.log1p(Math.max(last, 10) * 1.15);
    }

    /** In percent. The scale is logarithmic, since most calls come at once. */
    private double position(long millis) {
        return MARGIN + Math.log1p(millis) / scale * (100 - MARGIN);
    }

    void write() {
        html.add(
                """
                <section id='timeline' aria-labelledby='timeline-title'>
                <h2 id='timeline-title'>First sightings</h2>\
                <p class='lead'>When each program made each call for the first time. Zero, here and \
                in the table below, is the first recorded call of the run. The scale is \
                logarithmic.</p>\
                """);
        legend();
        List<ProgramRow> shown = programs.subList(0, Math.min(programs.size(), MOST_LANES));
        html.add("<figure>\n");
        draw(shown);
        if (programs.size() > shown.size()) {
            html.add(
                    "<p class='muted'>%s came later; the table has all.</p>",
                    Units.count(programs.size() - shown.size(), "further executable"));
        }
        html.add(
                """
                <figcaption>Linker: made by the dynamic linker, or before the program&#39;s entry \
                point. Start-up ends at the first pause without a new call that is as long as all \
                before it, and %s ms at least. A server is starting until it listens, and not \
                longer than until its first accept. Serving: what comes after that.\
                </figcaption></figure>
                """,
                ReportModel.PAUSE_MILLIS);
        table();
        html.add("</section>\n");
    }

    private void legend() {
        html.add("<ul class='legend' aria-label='Legend'>");
        for (Phase phase : Phase.values()) {
            html.add("<li><span class='swatch %s'></span>%s</li>", phase.key(), phase.word());
        }
        html.add("<li><span class='swatch high'></span>a call of high risk</li></ul>\n");
    }

    private void draw(List<ProgramRow> shown) {
        int height = shown.size() * LANE + AXIS;
        Picture picture = new Picture(html, height, description(shown));
        for (long tick : TICKS) {
            double x = position(tick);
            if (x <= 97) {
                picture.line("grid", x, 0, x, height - AXIS);
                picture.text(tick == 0 ? "tick first" : "tick", x, height - 8, tickWord(tick));
            }
        }
        int tallest =
                shown.stream()
                        .flatMap(program -> columns(program).values().stream())
                        .mapToInt(List::size)
                        .max()
                        .orElse(1);
        for (int i = 0; i < shown.size(); i++) {
            int bottom = (i + 1) * LANE - 6;
            picture.text("lane", 0, i * LANE + 14, shown.get(i).shownName());
            picture.line("base", 0, bottom, 100, bottom);
            columns(shown.get(i))
                    .forEach((column, calls) -> bars(picture, column, calls, bottom, tallest));
        }
        picture.end();
    }

    private static String tickWord(long millis) {
        return millis == 0
                ? "0"
                : millis < 1000 ? millis + " ms" : Units.number(millis / 1000) + " s";
    }

    private static String description(List<ProgramRow> shown) {
        List<String> parts = new ArrayList<>();
        for (ProgramRow program : shown) {
            Map<Phase, Long> counts = counts(program);
            parts.add(
                    program.shownName()
                            + ": "
                            + counts.entrySet().stream()
                                    .map(e -> e.getValue() + " by " + e.getKey().word())
                                    .collect(Collectors.joining(", ")));
        }
        return "Timeline of first sightings. Calls by phase, " + String.join("; ", parts) + ".";
    }

    private static Map<Phase, Long> counts(ProgramRow program) {
        return program.sightings().stream()
                .collect(
                        Collectors.groupingBy(
                                Sighting::phase, TreeMap::new, Collectors.counting()));
    }

    private Map<Integer, List<Sighting>> columns(ProgramRow program) {
        Map<Integer, List<Sighting>> columns = new TreeMap<>();
        for (Sighting sighting : program.sightings()) {
            int column = (int) (position(sighting.millis()) / 100 * COLUMNS);
            columns.computeIfAbsent(column, key -> new ArrayList<>()).add(sighting);
        }
        return columns;
    }

    private void bars(Picture picture, int column, List<Sighting> calls, int bottom, int tallest) {
        double unit = (double) BAR / tallest;
        double width = 100.0 / COLUMNS;
        Map<Phase, List<Sighting>> phases =
                calls.stream()
                        .collect(
                                Collectors.groupingBy(
                                        Sighting::phase, TreeMap::new, Collectors.toList()));
        double y = bottom;
        for (Map.Entry<Phase, List<Sighting>> each : phases.entrySet()) {
            // A single call must be visible beside a moment with many.
            double height = Math.max(each.getValue().size() * unit, 3);
            y -= height;
            String title =
                    Units.time(each.getValue().get(0).millis())
                            + ", "
                            + each.getKey().word()
                            + ": "
                            + Sighting.names(each.getValue());
            picture.bar(each.getKey().key(), column * width, y, width * 0.86, height, title);
        }
        List<Sighting> high =
                calls.stream().filter(call -> highRisk.contains(call.call())).toList();
        if (!high.isEmpty()) {
            String title = "high risk: " + Sighting.names(high);
            picture.disc("high", (column + 0.43) * width, y - 6, 3.5, title);
        }
    }

    /** The timeline for those who cannot see the picture, or want to read it exactly. */
    private void table() {
        html.add(
                """
                <details><summary>The timeline as a table</summary>
                <div class='scroll' tabindex='0' role='region'><table class='plain'>\
                <caption>Calls of each executable by phase, in the order of their first \
                sighting</caption><thead><tr>\
                """);
        for (String title : List.of("Executable", "Phase", "From", "To", "Calls")) {
            html.add("<th scope='col'>%s</th>", title);
        }
        html.add("</tr></thead><tbody>\n");
        for (ProgramRow program :
                programs.subList(0, Math.min(programs.size(), DetailSections.MOST_PROGRAMS))) {
            program.byPhase().forEach((phase, calls) -> row(program, phase, calls));
        }
        html.add("</tbody></table></div></details>\n");
    }

    private void row(ProgramRow program, Phase phase, List<Sighting> calls) {
        html.add("<tr><th scope='row'>").name(program.shownPath());
        html.add(
                """
                </th><td>%s</td><td class='num'>%s</td><td class='num'>%s</td>\
                <td><code>%s</code></td></tr>
                """,
                phase.word(),
                Units.time(calls.get(0).millis()),
                Units.time(calls.get(calls.size() - 1).millis()),
                Sighting.names(calls));
    }
}
