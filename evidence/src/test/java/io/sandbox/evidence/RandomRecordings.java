// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import io.sandbox.syscalldb.Origin;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;

/** Random recordings of every shape. Runs with the same number are equal in all of them. */
final class RandomRecordings {
    static final int X86_64 = 0xc000003e;
    static final int I386 = 0x40000003;
    private static final int DISTINCT_RUNS = 12;

    static Recording next(Random random) {
        List<Run> runs = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            runs.add(run(random.nextInt(DISTINCT_RUNS)));
        }
        return new Recording(runs);
    }

    private static Run run(int number) {
        Random random = new Random(number);
        boolean log = random.nextInt(4) == 0;
        return new Run(
                "run-" + number,
                Instant.ofEpochMilli(1_700_000_000_000L + random.nextInt(5)),
                random.nextInt(1000),
                log ? "log" : "audit",
                log ? Optional.empty() : Optional.of("preload"),
                log ? List.of() : List.of("/bin/x", text(random)),
                random.nextBoolean()
                        ? RunFilter.LOG_ALL
                        : new RunFilter(random.nextBoolean(), List.of("write", "read", "7")),
                log ? OptionalInt.empty() : OptionalInt.of(random.nextInt(256)),
                random.nextBoolean()
                        ? new Verdict.Complete(reservations(random))
                        : new Verdict.Incomplete(random.nextInt(3), List.of(text(random) + ".")),
                new Machine("6.18", "x86_64", text(random)),
                List.of(
                        program("/bin/" + text(random), X86_64, random),
                        program("/bin/y", I386, random)),
                random.nextBoolean()
                        ? List.of()
                        : List.of(program("/usr/bin/runc", X86_64, random).in(false)),
                random.nextBoolean() ? "" : text(random),
                random.nextBoolean() ? Optional.empty() : Optional.of(capabilities(random)),
                random.nextBoolean() ? Optional.empty() : Optional.of(operations(random)),
                random.nextBoolean()
                        ? Optional.empty()
                        : Optional.of(
                                new RunAccess(
                                        random.nextInt(3),
                                        List.of(names(random, RunAccess.Use.values())))));
    }

    private static <W extends Enum<W>> NamesOfProgram<W> names(Random random, W[] ways) {
        Map<W, List<String>> names = new TreeMap<>();
        for (W way : ways) {
            names.put(way, random.nextBoolean() ? List.of() : List.of("read", text(random)));
        }
        return new NamesOfProgram<>("/bin/" + text(random), names);
    }

    private static RunOperations operations(Random random) {
        return random.nextInt(4) == 0
                ? RunOperations.unrecorded(text(random))
                : new RunOperations(
                        Optional.empty(), List.of(names(random, RunOperations.Way.values())));
    }

    private static RunCapabilities capabilities(Random random) {
        if (random.nextInt(4) == 0) {
            return RunCapabilities.unrecorded(text(random));
        }
        Map<RunCapabilities.Use, Long> sets = new EnumMap<>(RunCapabilities.Use.class);
        for (RunCapabilities.Use use : RunCapabilities.Use.values()) {
            sets.put(use, random.nextLong() & random.nextLong());
        }
        return new RunCapabilities(
                Optional.empty(),
                random.nextLong(),
                List.of(new RunCapabilities.OfProgram("/bin/" + text(random), sets)),
                random.nextLong() & random.nextLong(),
                random.nextLong() & random.nextLong());
    }

    private static List<String> reservations(Random random) {
        return random.nextBoolean() ? List.of() : List.of("refused: " + text(random));
    }

    private static CallTests tests(Random random) {
        return random.nextBoolean()
                ? new CallTests(random.nextInt(3), 2, List.of(text(random)), true, 5)
                : new CallTests(1, 0, List.of(), false, 0);
    }

    private static ProgramEvidence program(String executable, int arch, Random random) {
        List<CallEvidence> calls = new ArrayList<>();
        for (int number = -2; number < 500; number += 1 + random.nextInt(100)) {
            long count = 1 + random.nextInt(1000);
            OptionalLong last = OptionalLong.of(1000 + random.nextInt(1000));
            Origin origin = new Origin(text(random), random.nextLong());
            calls.add(
                    new CallEvidence(
                            number,
                            count,
                            random.nextInt(1000),
                            random.nextBoolean() ? last : OptionalLong.empty(),
                            random.nextBoolean()
                                    ? OptionalLong.of(count / 2)
                                    : OptionalLong.empty(),
                            maybe(random, origin),
                            maybe(random, List.of("arg2==7", "arg0&0xff==1,arg1==0")),
                            maybe(random, tests(random))));
        }
        return new ProgramEvidence(
                executable,
                arch,
                maybe(random, "glibc 2.41"),
                maybe(random, "0a1b2c"),
                calls,
                random.nextBoolean() ? List.of(text(random), "/lib/x") : List.of(),
                random.nextBoolean());
    }

    private static <T> Optional<T> maybe(Random random, T value) {
        return random.nextBoolean() ? Optional.of(value) : Optional.empty();
    }

    /** Texts that occur in file names and arguments. */
    private static String text(Random random) {
        String[] texts = {
            "x", "a b", "\"", "\\", "\n", "\u0000", "ü", "\ud83d\ude00", "+0x1", "{}"
        };
        return "x" + texts[random.nextInt(texts.length)];
    }
}
