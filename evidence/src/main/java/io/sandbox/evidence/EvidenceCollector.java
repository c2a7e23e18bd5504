// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.Origin;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/** Counts the calls of a run while it goes on. For one thread. */
public final class EvidenceCollector implements Progress {
    /** A target can make calls of any number. Distinct ones beyond this are only counted. */
    public static final int MAX_DISTINCT = 100_000;

    /** For all mapped files, in characters of paths. Files beyond it are left out. */
    private static final long MAX_MAPPED = 20_000_000;

    /** What a mapped file costs besides its path. */
    private static final int MAPPED_COST = 100;

    private static final class Tally {
        private final long firstMillis;
        private final Optional<Origin> origin;
        private final ArgumentTally arguments;
        private final TestTally tests = new TestTally();
        private long count;
        private long lastMillis;
        private long beforeEntry;

        private Tally(long firstMillis, Optional<Origin> origin, ArgumentTally arguments) {
            this.firstMillis = firstMillis;
            this.origin = origin;
            this.arguments = arguments;
        }
    }

    private final long startMillis;

    /** Finds the code that made a call, as long as its process lives. */
    private final Function<Sighting, Optional<Origin>> originFinder;

    private final ArgumentDetail arguments;
    private final Map<ProgramId, Map<Integer, Tally>> programs = new LinkedHashMap<>();

    private final Map<ProgramId, Set<String>> mapped = new HashMap<>();

    /** The AUDIT_ARCH value in the upper half, the number in the lower. */
    private final Set<Long> distinct = new HashSet<>();

    private byte[] lastExecutableKey = {};
    private int lastArch;
    private Map<Integer, Tally> lastProgram;

    /** Of the last call: programs often repeat a call. */
    private Map<Integer, Tally> recentProgram;

    private int recentNumber;
    private Tally recentTally;

    private long records;
    private long mappedSize;
    private long beyondLimit;
    private int tallies;
    private boolean entered;

    /** Null if it does not matter which tests make the calls. */
    private OpenTests openTests;

    /** {@code startMillis}: when the run started, in ms since the epoch. */
    public EvidenceCollector(long startMillis, Function<Sighting, Optional<Origin>> originFinder) {
        this(startMillis, originFinder, ArgumentDetail.NONE);
    }

    public EvidenceCollector(
            long startMillis,
            Function<Sighting, Optional<Origin>> originFinder,
            ArgumentDetail arguments) {
        this.startMillis = startMillis;
        this.originFinder = originFinder;
        this.arguments = arguments;
    }

    public void add(Sighting sighting) {
        records++;
        Map<Integer, Tally> program = programOf(sighting);
        Tally tally =
                program == recentProgram && sighting.number() == recentNumber
                        ? recentTally
                        : program.get(sighting.number());
        if (tally == null) {
            if (tallies == MAX_DISTINCT) {
                beyondLimit++;
                return;
            }
            tallies++;
            distinct.add(distinctKey(sighting.arch(), sighting.number()));
            tally =
                    new Tally(
                            millis(sighting), originFinder.apply(sighting), argumentsOf(sighting));
            program.put(sighting.number(), tally);
        }
        recentProgram = program;
        recentNumber = sighting.number();
        recentTally = tally;
        tally.count++;
        tally.lastMillis = Math.max(tally.lastMillis, millis(sighting));
        tally.arguments.add(sighting);
        if (openTests != null) {
            tally.tests.add(openTests.maker());
        }
        if (!entered) {
            tally.beforeEntry++;
        }
    }

    /**
     * Notes a file that a program maps as code.
     *
     * @param file what /proc calls it: anything but an existing file is left out
     */
    public void mapped(String executable, int arch, String file) {
        boolean named = file.startsWith("/") && !file.endsWith(" (deleted)");
        if (!named || mappedSize > MAX_MAPPED) {
            return;
        }
        boolean added =
                mapped.computeIfAbsent(new ProgramId(executable, arch), key -> new HashSet<>())
                        .add(file);
        if (added) {
            mappedSize += MAPPED_COST + executable.length() + file.length();
        }
    }

    /** Later calls come after the program's entry. If never called, that is unknown. */
    public void programEntered() {
        entered = true;
    }

    /**
     * Has the evidence say which tests make the calls.
     *
     * @return to be told of the tests, and before each call of who makes it
     */
    public OpenTests watchTests() {
        openTests = new OpenTests();
        return openTests;
    }

    /** The kernel's clock for records lags by up to a tick. */
    private long millis(Sighting sighting) {
        return Math.max(0, sighting.timeMillis() - startMillis);
    }

    private ArgumentTally argumentsOf(Sighting sighting) {
        if (arguments.limit() == 0) {
            return ArgumentTally.NONE;
        }
        ObservedCall call = ObservedCall.of(sighting.arch(), sighting.number());
        return new ArgumentTally(WatchedArgument.of(call, arguments), arguments.limit());
    }

    /** Decodes the name only when it changes: mostly the program is that of the record before. */
    private Map<Integer, Tally> programOf(Sighting sighting) {
        if (lastProgram != null
                && sighting.arch() == lastArch
                && sighting.isOfExecutable(lastExecutableKey)) {
            return lastProgram;
        }
        lastExecutableKey = sighting.executableKey();
        String executable = sighting.executable().orElse("");
        lastArch = sighting.arch();
        ProgramId key = new ProgramId(executable, lastArch);
        lastProgram = programs.get(key);
        if (lastProgram == null) {
            lastProgram = new HashMap<>();
            if (tallies < MAX_DISTINCT) {
                programs.put(key, lastProgram);
            }
        }
        return lastProgram;
    }

    @Override
    public long records() {
        return records;
    }

    /** Records of calls that are not listed because {@link #MAX_DISTINCT} was reached. */
    public long beyondLimit() {
        return beyondLimit;
    }

    @Override
    public Optional<ObservedCall> lastCall() {
        return records == 0
                ? Optional.empty()
                : Optional.of(ObservedCall.of(lastArch, recentNumber));
    }

    @Override
    public int callCount() {
        return distinct.size();
    }

    /** What has been counted, in no particular order. */
    public List<ProgramEvidence> programs() {
        List<ProgramEvidence> result = new ArrayList<>();
        int[] testSizes = testSizes();
        for (Map.Entry<ProgramId, Map<Integer, Tally>> program : programs.entrySet()) {
            ProgramId key = program.getKey();
            List<CallEvidence> calls = new ArrayList<>();
            for (Map.Entry<Integer, Tally> call : program.getValue().entrySet()) {
                Tally tally = call.getValue();
                calls.add(
                        new CallEvidence(
                                call.getKey(),
                                tally.count,
                                tally.firstMillis,
                                OptionalLong.of(Math.max(tally.firstMillis, tally.lastMillis)),
                                entered ? OptionalLong.of(tally.beforeEntry) : OptionalLong.empty(),
                                tally.origin,
                                tally.arguments.conditions(),
                                openTests == null
                                        ? Optional.empty()
                                        : Optional.of(tally.tests.result(openTests, testSizes))));
            }
            result.add(
                    new ProgramEvidence(key.executable(), key.auditArch(), calls)
                            .mapping(mapped.getOrDefault(key, Set.of())));
        }
        return result;
    }

    /** How many distinct calls each test made, whichever program made them for it. */
    private int[] testSizes() {
        if (openTests == null) {
            return new int[0];
        }
        Map<Long, BitSet> makers = new HashMap<>();
        programs.forEach(
                (program, calls) ->
                        calls.forEach(
                                (number, tally) ->
                                        tally.tests.addMakers(
                                                makers.computeIfAbsent(
                                                        distinctKey(program.auditArch(), number),
                                                        key -> new BitSet()))));
        int[] sizes = new int[openTests.count()];
        makers.values().forEach(tests -> tests.stream().forEach(test -> sizes[test]++));
        return sizes;
    }

    private static long distinctKey(int arch, int number) {
        return (long) arch << 32 | number & 0xffffffffL;
    }
}
