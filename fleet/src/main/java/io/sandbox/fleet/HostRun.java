// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet;

import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.ProgramId;
import io.sandbox.evidence.Run;
import io.sandbox.recorder.log.CallCount;
import io.sandbox.recorder.log.LogEvidence;
import io.sandbox.recorder.log.LogFilter;
import io.sandbox.syscalldb.ObservedCall;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The part of a {@link Run} that counts in a fleet, small enough to be sent around.
 *
 * @param start in ms since the epoch, or since boot
 * @param kept all of it; null unless the fleet is to make a recording
 */
record HostRun(EvidenceId id, long start, long millis, List<Program> programs, KeptRun kept)
        implements Serializable {
    /** The source of a run that was made from a log. */
    private static final String LOG = "log";

    /**
     * A call of a program.
     *
     * @param arguments the conditions that hold for those with which it was made
     */
    record Call(int number, long count, long firstMillis, Set<String> arguments)
            implements Serializable {
        static final String ANY = "";
    }

    /** The calls of a program; {@code buildId} is null if it is not known. */
    record Program(String executable, int auditArch, String buildId, List<Call> calls)
            implements Serializable {
        /** {@code passed}: the calls that the run's filter let pass with any arguments. */
        private static Program of(ProgramEvidence evidence, List<String> passed) {
            int arch = evidence.auditArch();
            List<Call> calls = new ArrayList<>();
            for (CallEvidence call : evidence.calls()) {
                Set<String> arguments =
                        call.arguments()
                                .filter(all -> !passed.contains(name(arch, call.number())))
                                .<Set<String>>map(TreeSet::new)
                                .orElse(Set.of(Call.ANY));
                calls.add(new Call(call.number(), call.count(), call.firstMillis(), arguments));
            }
            return new Program(evidence.executable(), arch, evidence.buildId().orElse(null), calls);
        }

        private static Program of(ProgramId key, Map<Integer, CallCount> counts, long start) {
            List<Call> calls = new ArrayList<>();
            counts.forEach(
                    (number, call) ->
                            calls.add(
                                    new Call(
                                            number,
                                            call.count(),
                                            call.millisAfter(start),
                                            Set.of(Call.ANY))));
            return new Program(key.executable(), key.auditArch(), null, calls);
        }

        private static String name(int arch, int number) {
            return ObservedCall.of(arch, number).displayName();
        }

        private void addTo(EvidenceId.Sum sum) {
            sum.add(executable).add(auditArch).add(buildId == null ? "" : buildId);
            sum.add(calls.size());
            for (Call call : calls) {
                sum.add(call.number).add(call.count).add(call.firstMillis);
                sum.add(String.join(" ", call.arguments));
            }
        }
    }

    /**
     * A run of a recording. That of a log equals the log.
     *
     * @param filter which executables are wanted
     * @param keep whether a recording is to be made of it
     */
    static HostRun of(Run run, LogFilter filter, boolean keep) {
        return of(
                run.source().equals(LOG) ? "" : run.id(),
                run.started().toEpochMilli(),
                run.millis(),
                run.programs().stream()
                        .filter(program -> filter.acceptsExecutable(program.executable()))
                        .map(program -> Program.of(program, run.filter().allowed()))
                        .toList(),
                keep ? Optional.of(run) : Optional.empty());
    }

    /** What a log shows of a host. */
    static HostRun of(LogEvidence evidence, boolean keep) {
        long start = evidence.start();
        List<Program> programs = new ArrayList<>();
        evidence.programs().forEach((key, calls) -> programs.add(Program.of(key, calls, start)));
        return of(
                "",
                start,
                evidence.millis(),
                programs,
                keep ? evidence.toRecording().runs().stream().findFirst() : Optional.empty());
    }

    private static HostRun of(
            String id, long start, long millis, List<Program> programs, Optional<Run> kept) {
        EvidenceId.Sum sum = new EvidenceId.Sum().add(id).add(start).add(millis);
        programs.forEach(program -> program.addTo(sum));
        return new HostRun(
                sum.id(),
                start,
                millis,
                List.copyOf(programs),
                kept.map(KeptRun::new).orElse(null));
    }
}
