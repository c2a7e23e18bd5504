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

    private final List<ProgramRow> programs;
    private final Set<Object> highRisk;
    private final double scale;

    TimelineSection(ReportModel model) {
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

    List<Phase> phases() {
        return List.of(Phase.values());
    }

    long pauseMillis() {
        return ReportModel.PAUSE_MILLIS;
    }

    /** How many executables are in the table only; empty if none is. */
    String later() {
        int later = programs.size() - MOST_LANES;
        return later > 0 ? Units.count(later, "further executable") : "";
    }

    /** For those who cannot see the picture, or want to read it exactly. */
    List<ProgramRow> rows() {
        return programs.stream().limit(DetailSections.MOST_PROGRAMS).toList();
    }

    Picture picture() {
        List<ProgramRow> shown = programs.stream().limit(MOST_LANES).toList();
        int height = shown.size() * LANE + AXIS;
        Picture picture = new Picture(height, description(shown));
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
        return picture;
    }

    private static String tickWord(long millis) {
        return millis == 0
                ? "0"
                : millis < 1000 ? millis + " ms" : Units.number(millis / 1000) + " s";
    }

    private static String description(List<ProgramRow> shown) {
        List<String> parts = new ArrayList<>();
        for (ProgramRow program : shown) {
            parts.add(
                    program.shownName()
                            + ": "
                            + counts(program).entrySet().stream()
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
            String when = Units.time(each.getValue().get(0).millis());
            String names = Sighting.names(each.getValue());
            String title = when + ", " + each.getKey().word() + ": " + names;
            picture.bar(each.getKey().key(), column * width, y, width * 0.86, height, title);
        }
        List<Sighting> high =
                calls.stream().filter(call -> highRisk.contains(call.call())).toList();
        if (!high.isEmpty()) {
            String title = "high risk: " + Sighting.names(high);
            picture.disc("high", (column + 0.43) * width, y - 6, 3.5, title);
        }
    }
}
