// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.learned;

import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.Machine;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Verdict;
import io.sandbox.evidence.testing.Records;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Makes recordings of one complete run from the names of its calls. */
final class Recordings {
    private Recordings() {}

    /** {@code counts}: how often the executable made each call. */
    static Recording of(
            RunFilter filter, List<String> command, String executable, Map<String, Long> counts) {
        SyscallDb db = SyscallDb.get();
        SyscallTable table = db.table(db.archByName("x86_64").orElseThrow());
        List<CallEvidence> calls = new ArrayList<>();
        counts.forEach(
                (name, count) ->
                        calls.add(
                                new CallEvidence(
                                        table.byName(name).orElseThrow().number(), count, 0)));
        return Recording.of(
                new Run(
                        String.join(" ", command) + executable,
                        Instant.ofEpochMilli(Records.TIME_MILLIS),
                        1,
                        "audit",
                        Optional.of("preload"),
                        command,
                        filter,
                        OptionalInt.of(0),
                        new Verdict.Complete(),
                        new Machine("6.18", "x86_64", "1"),
                        List.of(new ProgramEvidence(executable, Records.X86_64, calls))));
    }
}
