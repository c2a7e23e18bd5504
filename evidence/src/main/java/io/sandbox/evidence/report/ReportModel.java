// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.report;

import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.ProgramId;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.TestsOfCalls;
import io.sandbox.evidence.report.ProgramRow.Sighting;
import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.Origin;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BinaryOperator;

/**
 * The numbers of a recording as people ask for them: by call and by program.
 *
 * @param calls the most dangerous first, then by name
 * @param programs the one that made calls first comes first
 */
record ReportModel(List<CallRow> calls, List<ProgramRow> programs) {
    /** The shortest pause that can separate the start of a program from its work. */
    static final long PAUSE_MILLIS = 250;

    static ReportModel of(Recording recording) {
        return new Builder().build(recording);
    }

    /**
     * The start is over at the first pause without a new call that is as long as all before it, and
     * {@link #PAUSE_MILLIS} at least.
     *
     * @param millis sorted
     * @return how many of them belong to the start
     */
    static int startUp(List<Long> millis) {
        for (int i = 1; i < millis.size(); i++) {
            long before = millis.get(i - 1) - millis.get(0);
            if (millis.get(i) - millis.get(i - 1) >= Math.max(PAUSE_MILLIS, before)) {
                return i;
            }
        }
        return millis.size();
    }

    private static final class ProgramTally {
        Optional<String> libc = Optional.empty();
        long records;
        final Map<ObservedCall, Long> millis = new TreeMap<>();
        final Set<ObservedCall> byLinker = new TreeSet<>();

        /** When each call was made last; the greatest possible number if that is not known. */
        final Map<ObservedCall, Long> lastMillis = new TreeMap<>();
    }

    private static final class CallTally {
        long count;
        final Set<String> runs = new TreeSet<>();

        /** How many of the runs leave out calls that are known. */
        int besides;

        long firstMillis = Long.MAX_VALUE;
        final Set<ProgramId> programs = new TreeSet<>();
        final Set<Origin> origins = new LinkedHashSet<>();
        final Set<String> arguments = new TreeSet<>();
    }

    private static final class Builder {
        private final Map<ProgramId, ProgramTally> programs = new TreeMap<>();
        private final Map<ObservedCall, CallTally> calls = new TreeMap<>();
        private int showAll;

        ReportModel build(Recording recording) {
            showAll =
                    (int) recording.runs().stream().filter(run -> run.filter().showsAll()).count();
            long usual =
                    recording.runs().stream()
                            .filter(run -> run.filter().showsAll())
                            .mapToLong(Builder::begin)
                            .min()
                            .orElse(0);
            for (Run run : recording.runs()) {
                add(run, run.filter().showsAll() ? begin(run) : usual);
            }
            List<ProgramRow> rows = new ArrayList<>();
            programs.forEach((program, tally) -> rows.add(row(program, tally)));
            rows.sort(Comparator.comparing(Builder::start));
            return new ReportModel(callRows(rows, TestsOfCalls.of(recording)), List.copyOf(rows));
        }

        private static long start(ProgramRow row) {
            return row.sightings().stream().mapToLong(Sighting::millis).min().orElse(0);
        }

        /** When the first call was recorded, in ms after the start of the run. */
        private static long begin(Run run) {
            return run.programs().stream()
                    .flatMap(program -> program.calls().stream())
                    .mapToLong(CallEvidence::firstMillis)
                    .min()
                    .orElse(0);
        }

        private void add(Run run, long begin) {
            for (ProgramEvidence program : run.programs()) {
                ProgramId key = program.id();
                ProgramTally tally = programs.computeIfAbsent(key, absent -> new ProgramTally());
                tally.libc = program.libc().or(() -> tally.libc);
                for (CallEvidence call : program.calls()) {
                    long at = Math.max(0, call.firstMillis() - begin);
                    OptionalLong last = call.lastMillis();
                    add(run, key, tally, call, at);
                    tally.lastMillis.merge(
                            ObservedCall.of(key.auditArch(), call.number()),
                            last.isPresent() ? last.getAsLong() - begin : Long.MAX_VALUE,
                            Math::max);
                }
            }
        }

        private void add(Run run, ProgramId key, ProgramTally program, CallEvidence seen, long at) {
            ObservedCall call = ObservedCall.of(key.auditArch(), seen.number());
            program.records += seen.count();
            program.millis.merge(call, at, Math::min);
            if (isByLinker(run, seen)) {
                program.byLinker.add(call);
            }
            CallTally tally = calls.computeIfAbsent(call, absent -> new CallTally());
            tally.count += seen.count();
            if (tally.runs.add(run.id()) && !run.filter().showsAll()) {
                tally.besides++;
            }
            tally.firstMillis = Math.min(tally.firstMillis, at);
            tally.programs.add(key);
            seen.origin().ifPresent(tally.origins::add);
            seen.arguments().ifPresent(tally.arguments::addAll);
        }

        /** Of other programs than the first, only the place of the call tells it. */
        private static boolean isByLinker(Run run, CallEvidence call) {
            return !run.isWindow() && call.beforeEntry().orElse(0) > 0
                    || call.origin().filter(Builder::isInLinker).isPresent();
        }

        /**
         * When the last call of the start was made. A server that listens is ready, which on a busy
         * machine is after a pause; and one that waits for a client serves.
         */
        private static long lastOfStart(ProgramTally tally, long pause) {
            long listening = first(tally, Set.of("listen")).orElse(0);
            long accepting = first(tally, Set.of("accept", "accept4")).orElse(0);
            long last = Math.max(pause, listening);
            return listening > 0 && accepting > listening ? Math.min(last, accepting - 1) : last;
        }

        private static OptionalLong first(ProgramTally tally, Set<String> names) {
            return tally.millis.entrySet().stream()
                    .filter(entry -> names.contains(entry.getKey().displayName()))
                    .mapToLong(Map.Entry::getValue)
                    .min();
        }

        private static boolean isInLinker(Origin origin) {
            String module = origin.module();
            return module.startsWith("ld-", module.lastIndexOf('/') + 1);
        }

        private static ProgramRow row(ProgramId program, ProgramTally tally) {
            List<Long> times =
                    tally.millis.entrySet().stream()
                            .filter(entry -> !tally.byLinker.contains(entry.getKey()))
                            .map(Map.Entry::getValue)
                            .sorted()
                            .toList();
            int starting = startUp(times);
            long pause = starting == 0 ? 0 : times.get(starting - 1);
            long lastOfStart = lastOfStart(tally, pause);
            Map<ObservedCall, Phase> phases = new TreeMap<>();
            tally.millis.forEach(
                    (call, at) -> {
                        Phase later = at <= lastOfStart ? Phase.START : Phase.SERVING;
                        phases.put(call, tally.byLinker.contains(call) ? Phase.LINKER : later);
                    });
            long serving =
                    tally.millis.entrySet().stream()
                            .filter(entry -> phases.get(entry.getKey()) == Phase.SERVING)
                            .mapToLong(Map.Entry::getValue)
                            .min()
                            .orElse(0);
            List<Sighting> sightings = new ArrayList<>();
            tally.millis.forEach(
                    (call, at) -> {
                        boolean startOnly = tally.lastMillis.get(call) < serving;
                        sightings.add(new Sighting(call, at, phases.get(call), startOnly));
                    });
            sightings.sort(Sighting.ORDER);
            return new ProgramRow(
                    program.executable(),
                    program.auditArch(),
                    tally.libc,
                    tally.records,
                    sightings);
        }

        private List<CallRow> callRows(List<ProgramRow> rows, TestsOfCalls tests) {
            Map<ObservedCall, Phase> phases = new TreeMap<>();
            Map<ProgramId, Integer> indexes = new TreeMap<>();
            for (ProgramRow row : rows) {
                indexes.put(new ProgramId(row.executable(), row.auditArch()), indexes.size());
                for (Sighting sighting : row.sightings()) {
                    phases.merge(
                            sighting.call(),
                            sighting.phase(),
                            BinaryOperator.minBy(Comparator.naturalOrder()));
                }
            }
            List<CallRow> result = new ArrayList<>();
            calls.forEach(
                    (call, tally) ->
                            result.add(
                                    new CallRow(
                                            call,
                                            call.syscall()
                                                    .map(Syscall::name)
                                                    .flatMap(SyscallDb.get()::facts),
                                            tally.count,
                                            tally.runs.size(),
                                            showAll + tally.besides,
                                            tally.firstMillis,
                                            phases.get(call),
                                            tally.programs.stream()
                                                    .map(indexes::get)
                                                    .sorted()
                                                    .toList(),
                                            List.copyOf(tally.origins),
                                            tally.arguments,
                                            tests.of(call))));
            result.sort(
                    Comparator.comparing(CallRow::level)
                            .thenComparing(row -> row.call().displayName())
                            .thenComparing(CallRow::call));
            return List.copyOf(result);
        }
    }
}
