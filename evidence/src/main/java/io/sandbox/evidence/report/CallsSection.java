// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.report;

import io.sandbox.evidence.CallTests;
import io.sandbox.evidence.report.ReachShown.ReachedCall;
import io.sandbox.syscalldb.Origin;
import io.sandbox.syscalldb.Risk;
import io.sandbox.syscalldb.SyscallFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The table of all calls, which the page's script sorts and filters. */
final class CallsSection {
    private static final int MOST_NAMES = 3;
    private static final int MOST_ARGUMENTS = 16;
    private static final int MOST_CHOICES = 200;

    private final ReportSources sources;
    private final ReportModel model;
    private final boolean hasRuns;

    CallsSection(ReportSources sources, ReportModel model) {
        this.sources = sources;
        this.model = model;
        this.hasRuns = sources.recording().runs().size() > 1;
    }

    Map<String, Object> values() {
        Map<String, Object> values = new HashMap<>();
        values.put("lead", lead());
        values.put("levels", Risk.Level.values());
        values.put("phases", Phase.values());
        values.put("hasPrograms", model.programs().size() > 1);
        values.put(
                "choices",
                IntStream.range(0, Math.min(model.programs().size(), MOST_CHOICES))
                        .mapToObj(i -> new Labelled(i, model.programs().get(i).shownPath()))
                        .toList());
        values.put("hasRuns", hasRuns);
        values.put("hasArguments", model.calls().stream().anyMatch(r -> !r.arguments().isEmpty()));
        values.put("hasTests", model.calls().stream().anyMatch(row -> row.tests().isPresent()));
        values.put("sorted", sorted());
        values.put("reachName", reachName());
        values.put("rows", model.calls().stream().map(this::row).toList());
        return values;
    }

    private String lead() {
        return sources.reach().isPresent()
                ? "Below reach is a shortest way through the code from "
                        + reachName()
                        + " to each of its calls. These runs may have taken another way."
                : sources.next().reach()
                        + " shows by which of its functions and imports the executable gets there.";
    }

    /** The columns that sort the table, and how each does at first. */
    private List<Labelled> sorted() {
        List<Labelled> columns = new ArrayList<>();
        columns.add(new Labelled("Call", "none"));
        columns.add(new Labelled("Risk", "descending"));
        columns.add(new Labelled("Calls", "none"));
        if (hasRuns) {
            columns.add(new Labelled("Runs", "none"));
        }
        columns.add(new Labelled("First seen", "none"));
        return columns;
    }

    /** The program whose code was read; empty if none was. */
    private String reachName() {
        return sources.reach().map(reach -> Units.shortened(lastPart(reach.program()))).orElse("");
    }

    private static String lastPart(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private Map<String, Object> row(CallRow row) {
        String arch = row.call().archName();
        int programs = row.programs().size();
        int executables = programs == MOST_NAMES + 1 ? programs : MOST_NAMES;
        Optional<CallTests> tests = row.tests();
        Map<String, Object> values = new HashMap<>();
        values.put("call", row);
        values.put("name", row.call().displayName());
        values.put("phases", phases(row));
        values.put(
                "programs",
                row.programs().stream().map(String::valueOf).collect(Collectors.joining(" ")));
        values.put("searched", searched(row));
        values.put("foreignArch", arch.equals(sources.arch().name()) ? "" : arch);
        values.put("reason", row.facts().map(this::reason).orElse("nothing is known of this call"));
        values.put("count", Units.number(row.count()));
        values.put("time", Units.time(row.firstMillis()));
        values.put(
                "executables",
                row.programs().stream().limit(executables).map(model.programs()::get).toList());
        values.put("moreExecutables", more(programs, executables));
        values.put("origins", row.origins().stream().limit(MOST_NAMES).map(this::place).toList());
        values.put("moreOrigins", more(row.origins().size(), MOST_NAMES));
        values.put(
                "arguments",
                row.arguments().stream().limit(MOST_ARGUMENTS).map(Units::shortened).toList());
        values.put("moreArguments", more(row.arguments().size(), MOST_ARGUMENTS));
        values.put("makers", tests.map(CallTests::makers).map(Units::shortened).orElse(""));
        values.put(
                "among",
                tests.map(CallTests::count).filter(n -> n > 1).map(String::valueOf).orElse(""));
        values.put(
                "alsoOutside",
                tests.filter(t -> t.outside() > 0 && !t.isOnlyOutside()).isPresent());
        sources.reach().ifPresent(reach -> putReach(values, row, reach));
        return values;
    }

    private static String more(int all, int shown) {
        return all > shown ? String.valueOf(all - shown) : "";
    }

    /** A call can be of several phases, each in another program. */
    private String phases(CallRow row) {
        return model.programs().stream()
                .flatMap(program -> program.sightings().stream())
                .filter(sighting -> sighting.call().equals(row.call()))
                .map(sighting -> sighting.phase().key())
                .distinct()
                .collect(Collectors.joining(" "));
    }

    /** What the search finds besides what is shown, and the names of the programs. */
    private static String searched(CallRow row) {
        return row.origins().stream()
                .limit(MOST_NAMES)
                .map(origin -> Units.shortened(origin.module()))
                .distinct()
                .collect(Collectors.joining(" "));
    }

    private String reason(SyscallFacts facts) {
        String kind = facts.risk() == Risk.NONE ? "" : facts.risk().word() + ": ";
        return kind + facts.riskReason();
    }

    private Map<String, String> place(Origin origin) {
        String module = origin.module();
        String file = lastPart(module).isEmpty() ? module : lastPart(module);
        return Map.of(
                "function", Units.shortened(sources.functions().getOrDefault(origin, "")),
                "module", Units.shortened(module),
                "place", Units.shortened(file) + "+0x" + Long.toHexString(origin.offset()));
    }

    private void putReach(Map<String, Object> values, CallRow row, ReachShown reach) {
        Optional<ReachedCall> found =
                reach.calls().stream()
                        .filter(each -> reach.auditArch() == row.call().auditArch())
                        .filter(each -> each.number() == row.call().number())
                        .findFirst();
        values.put("reached", found.map(this::reachWords).orElseGet(() -> notReached(row, reach)));
        // The place of a call is mostly in the C library. This is where the program comes in.
        String start = reach.program() + " ";
        values.put(
                "way",
                found.filter(ReachedCall::seen)
                        .map(ReachedCall::path)
                        .map(path -> path.startsWith(start) ? path.substring(start.length()) : path)
                        .map(Units::shortened)
                        .orElse(""));
    }

    private String reachWords(ReachedCall call) {
        String own = call.seen() ? "own" : "reachable, not exercised";
        return call.floor() ? "every program" : own;
    }

    private String notReached(CallRow row, ReachShown reach) {
        boolean made =
                row.programs().stream()
                        .map(model.programs()::get)
                        .anyMatch(program -> program.executable().equals(reach.program()));
        return made ? "made, but not found in the code" : "–";
    }
}
