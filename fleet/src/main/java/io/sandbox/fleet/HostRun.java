// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet;

import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Run;
import io.sandbox.recorder.log.CallCount;
import io.sandbox.recorder.log.LogEvidence;
import io.sandbox.recorder.log.LogFilter;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
     * The calls of a program: the same place in each array is of the same call.
     *
     * @param buildId null if it is not known
     */
    record Program(
            String executable,
            int auditArch,
            String buildId,
            int[] numbers,
            long[] counts,
            long[] firstMillis)
            implements Serializable {
        private Program(String executable, int auditArch, String buildId, int calls) {
            this(executable, auditArch, buildId, new int[calls], new long[calls], new long[calls]);
        }

        private void set(int place, int number, long count, long millis) {
            numbers[place] = number;
            counts[place] = count;
            firstMillis[place] = millis;
        }

        private static Program of(ProgramEvidence evidence) {
            List<CallEvidence> calls = evidence.calls();
            Program program =
                    new Program(
                            evidence.executable(),
                            evidence.auditArch(),
                            evidence.buildId().orElse(null),
                            calls.size());
            int place = 0;
            for (CallEvidence call : calls) {
                program.set(place++, call.number(), call.count(), call.firstMillis());
            }
            return program;
        }

        private static Program of(
                LogEvidence.Program key, Map<Integer, CallCount> calls, long start) {
            Program program = new Program(key.executable(), key.auditArch(), null, calls.size());
            int place = 0;
            for (Map.Entry<Integer, CallCount> each : calls.entrySet()) {
                CallCount call = each.getValue();
                program.set(place++, each.getKey(), call.count(), call.millisAfter(start));
            }
            return program;
        }

        private void addTo(EvidenceId.Sum sum) {
            sum.add(executable).add(auditArch).add(buildId == null ? "" : buildId);
            sum.add(numbers.length);
            for (int i = 0; i < numbers.length; i++) {
                sum.add(numbers[i]).add(counts[i]).add(firstMillis[i]);
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
                        .map(Program::of)
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
