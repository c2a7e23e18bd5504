// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet;

import io.sandbox.recorder.evidence.CallEvidence;
import io.sandbox.recorder.evidence.ProgramEvidence;
import io.sandbox.recorder.evidence.Run;
import java.io.Serializable;
import java.util.List;

/**
 * The part of a {@link Run} that counts in a fleet, small enough to be sent around.
 *
 * @param id the same only for the same evidence
 * @param start in ms since the epoch, or since boot
 */
record HostRun(String id, long start, long millis, List<Program> programs) implements Serializable {
    /** The calls of a program: the same place in each array is of the same call. */
    record Program(
            String executable, int auditArch, int[] numbers, long[] counts, long[] firstMillis)
            implements Serializable {
        static Program of(ProgramEvidence evidence) {
            List<CallEvidence> calls = evidence.calls();
            return new Program(
                    evidence.executable(),
                    evidence.auditArch(),
                    calls.stream().mapToInt(CallEvidence::number).toArray(),
                    calls.stream().mapToLong(CallEvidence::count).toArray(),
                    calls.stream().mapToLong(CallEvidence::firstMillis).toArray());
        }
    }

    static HostRun of(Run run) {
        return new HostRun(
                run.id(),
                run.started().toEpochMilli(),
                run.millis(),
                run.programs().stream().map(Program::of).toList());
    }
}
