// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.testing;

import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.Machine;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Verdict;
import io.sandbox.evidence.drift.Drift;
import io.sandbox.evidence.drift.DriftComparison;
import io.sandbox.policy.meaning.PolicyMeaning;
import io.sandbox.policy.testing.Policies;
import io.sandbox.syscalldb.Origin;
import io.sandbox.syscalldb.SyscallDb;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Makes recordings for tests, and policies to compare with them. */
public final class Evidence {
    public static final int X86_64 = 0xc000003e;
    public static final int I386 = 0x40000003;

    public static PolicyMeaning policy(String policy) {
        return PolicyMeaning.of(Policies.read(policy), Policies.here("x86_64", "6.18"));
    }

    public static Drift drift(Recording recording, String policy) {
        return DriftComparison.of(recording, policy(policy));
    }

    public static int number(String name) {
        SyscallDb db = SyscallDb.get();
        return db.table(db.arch("x86_64")).byName(name).orElseThrow().number();
    }

    /** One complete run of {@code /bin/x} that made these calls, twice each. */
    public static Recording calls(String... names) {
        List<Integer> numbers = Arrays.stream(names).map(Evidence::number).toList();
        return Recording.of(run("1", program("/bin/x", X86_64, numbers)));
    }

    public static ProgramEvidence program(
            String executable, int arch, Collection<Integer> numbers) {
        Optional<Origin> origin = Optional.of(new Origin("/usr/lib/libc.so.6", 0x1234));
        return new ProgramEvidence(
                executable,
                arch,
                numbers.stream()
                        .map(n -> new CallEvidence(n, 2, 12, OptionalLong.empty(), origin))
                        .toList());
    }

    /** One run of {@code /bin/x} on x86_64. */
    public static Recording made(
            RunFilter filter, int status, Verdict verdict, Integer... numbers) {
        ProgramEvidence program = program("/bin/x", X86_64, List.of(numbers));
        return Recording.of(run("1", filter, status, verdict, program));
    }

    public static Run run(String id, ProgramEvidence... programs) {
        return run(id, RunFilter.LOG_ALL, 0, new Verdict.Complete(), programs);
    }

    public static Run run(
            String id, RunFilter filter, int status, Verdict verdict, ProgramEvidence... programs) {
        return new Run(
                id,
                Instant.ofEpochMilli(1_700_000_000_000L),
                40,
                "audit",
                Optional.of("preload"),
                List.of("./x"),
                filter,
                OptionalInt.of(status),
                verdict,
                new Machine("6.18", "x86_64", "0.1.0"),
                List.of(programs));
    }
}
