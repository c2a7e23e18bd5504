// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import io.sandbox.audit.Carrier;
import io.sandbox.audit.LossKind;
import io.sandbox.audit.MalformedReason;
import io.sandbox.audit.RecordField;
import io.sandbox.audit.SeccompRecord;
import io.sandbox.evidence.Judge;
import io.sandbox.evidence.Sign;
import io.sandbox.evidence.Signs;
import java.io.Serializable;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Counts the records of logs, by executable and architecture. Each thread fills a tally of its own,
 * and these are added up in the end: the order of records does not matter. A tally that was sent to
 * another machine can only be added.
 */
public final class LogTally implements OutcomeSink, Serializable {
    private static final long serialVersionUID = 1L;

    /** A log can name any number of programs. Records of any beyond are only counted. */
    static final int MAX_PROGRAMS = 20_000;

    private static final String BEYOND_LIMIT =
            String.format(
                    "more than %s programs, or more than %s calls that no table names",
                    MAX_PROGRAMS, StrangeCalls.MAX);

    private static final int CACHE = 4096;
    private static final byte[] NO_HOST = {};

    /** The tally that a record's text led to, so that equal text is decoded only once. */
    private record Known(
            Object owner,
            byte[] exe,
            byte[] arch,
            boolean isArchNumber,
            boolean fromContainer,
            KernelAction action,
            byte[] host,
            ProgramTally tally) {}

    /** Where the first record that could not be read was found. */
    private record Place(MalformedReason reason, long position, String log)
            implements Serializable {}

    private final transient LogFilter filter;
    private final boolean byHost;
    private final transient Known[] cache = new Known[CACHE];

    /** Stands for this tally in what a parser remembers, which is to keep no old tally alive. */
    private final transient Object self = new Object();

    private final HashMap<ProgramKey, ProgramTally> programs = new HashMap<>();
    private final StrangeCalls strange = new StrangeCalls();

    /** The hosts of records that the filter refused because of their program. */
    private final HashSet<String> otherHosts = new HashSet<>();

    /** The last of these hosts as records have it. */
    private transient byte[] lastOtherHost;

    private String log = "";
    private boolean lastIsNew;
    private long records;
    private long unwanted;
    private long beyondLimit;
    private long containerRecords;
    private long withoutTime;
    private long withoutExe;
    private long withUnit;
    private long suppressed;
    private long warnings;
    private long lostTotal;
    private long uncounted;
    private long undatedLosses;
    private long malformed;
    private Place firstMalformed;

    LogTally(LogFilter filter) {
        this(filter, false);
    }

    /** {@code byHost}: whether the same program counts for each host that the records name. */
    public LogTally(LogFilter filter, boolean byHost) {
        this.filter = filter;
        this.byHost = byHost;
    }

    /** Sets the name of the log that follows, for messages. */
    void startLog(String name) {
        log = name;
    }

    @Override
    public void record(SeccompRecord record) {
        accept(record);
    }

    /** Counts a record if it is wanted, and returns whether it is. */
    boolean accept(SeccompRecord record) {
        lastIsNew = false;
        if (!isWanted(record)) {
            unwanted++;
            return false;
        }
        records++;
        ProgramTally tally;
        KernelAction action;
        if (record.note() instanceof Known known && known.owner == self) {
            tally = known.tally;
            action = known.action;
        } else {
            boolean fromContainer = record.carrier() == Carrier.CONTAINER;
            containerRecords += fromContainer ? 1 : 0;
            action = KernelAction.of(record);
            tally = tallyOf(record, fromContainer, action);
        }
        if (tally == null || !tally.hasRoom(record, strange)) {
            beyondLimit++;
        } else {
            lastIsNew = !tally.add(record, action);
        }
        return true;
    }

    /** Whether the last record was the first of its call by its program. */
    boolean lastIsNew() {
        return lastIsNew;
    }

    private boolean isWanted(SeccompRecord record) {
        if (!filter.acceptsProgram(record)) {
            withoutExe += filter.hasExe() && !record.has(RecordField.EXE) ? 1 : 0;
            noteHost(record);
            return false;
        }
        if (filter.hasPeriod()) {
            if (!record.hasTime() || record.timeMillis() < LogFilter.FIRST_DATE_MILLIS) {
                withoutTime++;
                return false;
            }
            if (!filter.acceptsTime(record)) {
                return false;
            }
        }
        if (filter.hasUnit()) {
            withUnit += record.unit().isPresent() ? 1 : 0;
            return filter.acceptsUnit(record);
        }
        return true;
    }

    private void noteHost(SeccompRecord record) {
        if (!byHost
                || filter.hasPeriod() && !filter.acceptsTime(record)
                || lastOtherHost != null && record.isOfHost(lastOtherHost)) {
            return;
        }
        lastOtherHost = record.copyHost();
        String name = record.host().orElse("");
        if (otherHosts.size() < MAX_PROGRAMS) {
            otherHosts.add(name);
        } else if (!otherHosts.contains(name)) {
            beyondLimit++;
        }
    }

    private ProgramTally tallyOf(SeccompRecord record, boolean fromContainer, KernelAction action) {
        int exeHash = record.rawHash(RecordField.EXE);
        int archHash = record.rawHash(RecordField.ARCH);
        if (exeHash == 0 || archHash == 0) {
            return programs.get(intern(record));
        }
        int slot = (exeHash ^ archHash ^ action.ordinal()) & CACHE - 1;
        Known known = cache[slot];
        if (known != null
                && record.rawEquals(RecordField.ARCH, known.arch)
                && known.isArchNumber == record.hasArch()
                && known.fromContainer == fromContainer
                && known.action == action
                && record.rawEquals(RecordField.EXE, known.exe)
                && (!byHost || record.isOfHost(known.host))) {
            note(record, known);
            return known.tally;
        }
        ProgramTally tally = programs.get(intern(record));
        byte[] exe = record.copyRaw(RecordField.EXE);
        byte[] arch = record.copyRaw(RecordField.ARCH);
        byte[] host = byHost ? record.copyHost() : NO_HOST;
        cache[slot] =
                new Known(self, exe, arch, record.hasArch(), fromContainer, action, host, tally);
        note(record, cache[slot]);
        return tally;
    }

    /** Makes the parser remember the tally, except for containers, which count on their own. */
    private static void note(SeccompRecord record, Known known) {
        if (!known.fromContainer) {
            record.setNote(known);
        }
    }

    private ProgramKey intern(SeccompRecord record) {
        ProgramKey key = ProgramKey.of(record, byHost ? record.host() : Optional.empty());
        if (programs.size() < MAX_PROGRAMS) {
            programs.computeIfAbsent(key, ProgramTally::new);
        }
        return key;
    }

    @Override
    public void loss(LossKind kind, OptionalLong count, OptionalLong millis) {
        if (filter.isBeforePeriod(millis)) {
            return;
        }
        undatedLosses += filter.mayBeBeforePeriod(millis) ? 1 : 0;
        switch (kind) {
            case PRINTK_SUPPRESSED -> suppressed += count.orElse(1);
            case WARNINGS_SUPPRESSED -> warnings += count.orElse(1);
            case LOST_TOTAL -> lostTotal = Math.max(lostTotal, count.orElse(1));
            case UNCOUNTED -> uncounted++;
        }
    }

    @Override
    public void malformed(MalformedReason reason, long position) {
        malformed++;
        // Blocks may be parsed in any order.
        if (firstMalformed == null
                || firstMalformed.log.equals(log) && position < firstMalformed.position) {
            firstMalformed = new Place(reason, position, log);
        }
    }

    public void addAll(LogTally other) {
        records += other.records;
        unwanted += other.unwanted;
        beyondLimit += other.beyondLimit;
        containerRecords += other.containerRecords;
        withoutTime += other.withoutTime;
        withoutExe += other.withoutExe;
        withUnit += other.withUnit;
        suppressed += other.suppressed;
        warnings += other.warnings;
        lostTotal = Math.max(lostTotal, other.lostTotal);
        uncounted += other.uncounted;
        undatedLosses += other.undatedLosses;
        malformed += other.malformed;
        firstMalformed = earlier(firstMalformed, other.firstMalformed);
        otherHosts.addAll(other.otherHosts);
        for (ProgramTally tally : other.programs.values()) {
            if (programs.size() < MAX_PROGRAMS || programs.containsKey(tally.key())) {
                ProgramTally sum = programs.computeIfAbsent(tally.key(), ProgramTally::new);
                beyondLimit += sum.addAll(tally, strange);
            } else {
                beyondLimit += tally.records() + tally.testRecords();
            }
        }
    }

    private static Place earlier(Place a, Place b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return a.log.equals(b.log) && b.position < a.position ? b : a;
    }

    /** The number of wanted records, without {@link #testRecords}. */
    public long records() {
        return records - testRecords();
    }

    /** The number of records that the filter refused. */
    public long unwanted() {
        return unwanted;
    }

    /** The number of wanted records that are canaries. */
    public long testRecords() {
        return programs.values().stream().mapToLong(ProgramTally::testRecords).sum();
    }

    /** The number of wanted records that were found in the output of containers. */
    public long containerRecords() {
        return containerRecords;
    }

    /** Records without a time, which therefore do not match the filter's period. */
    public long withoutTime() {
        return withoutTime;
    }

    /** The number of records that do not name the executable for which the filter asks. */
    public long withoutExe() {
        return withoutExe;
    }

    /**
     * When canaries of each host were recorded, to the minute, ascending; an empty name for records
     * that name no host. Those in the output of containers do not count: any container can write
     * them, and they do not show that the kernel's records arrive.
     */
    public Map<Optional<String>, List<Instant>> canaries() {
        Map<Optional<String>, TreeSet<Instant>> byHost = new HashMap<>();
        for (ProgramTally program : programs.values()) {
            if (program.testRecords() > 0 && !program.key().fromContainer()) {
                byHost.computeIfAbsent(program.key().host(), host -> new TreeSet<>())
                        .addAll(program.canaries());
            }
        }
        Map<Optional<String>, List<Instant>> lists = new HashMap<>();
        byHost.forEach((host, times) -> lists.put(host, List.copyOf(times)));
        return lists;
    }

    /**
     * The hosts of which there are records, even if the filter wants none of their programs; an
     * empty name for records that name no host. Only if the tally is one by host.
     */
    public Set<Optional<String>> hosts() {
        Set<Optional<String>> hosts = new HashSet<>();
        otherHosts.forEach(host -> hosts.add(Optional.of(host).filter(name -> !name.isEmpty())));
        programs.keySet().forEach(program -> hosts.add(program.host()));
        return hosts;
    }

    /** The number of records that name any unit; 0 if the filter asks for none. */
    public long withUnit() {
        return withUnit;
    }

    /** Sorted by executable, then architecture. */
    public List<ProgramTally> programs() {
        return inAnyOrder().sorted((a, b) -> ProgramKey.ORDER.compare(a.key(), b.key())).toList();
    }

    /** The same, for who sorts them later. */
    Stream<ProgramTally> inAnyOrder() {
        return programs.values().stream().filter(program -> program.records() > 0);
    }

    /** What shows that the log is not complete. */
    public Signs signs() {
        return new Signs()
                .addCount(Sign.Kind.LOG_SUPPRESSED, suppressed)
                .addCount(Sign.Kind.LOG_LOST_IN_ALL, lostTotal)
                .addCount(Sign.Kind.LOG_LOST_WITHOUT_COUNT, uncounted + warnings)
                .addCount(Sign.Kind.LOG_LOSS_UNDATED, undatedLosses)
                .addCount(Sign.Kind.LOG_UNREADABLE, malformed, malformed > 0 ? malformedText() : "")
                .addCount(Sign.Kind.LOG_BEYOND_LIMIT, beyondLimit, BEYOND_LIMIT);
    }

    /** Why the log is not complete; empty if nothing shows that. */
    public List<String> gaps() {
        return signs().sentences();
    }

    public Optional<String> limitReached() {
        return beyondLimit == 0
                ? Optional.empty()
                : Optional.of(
                        beyondLimit
                                + " records were not counted, because the log has "
                                + BEYOND_LIMIT);
    }

    private String malformedText() {
        String which =
                malformed == 1
                        ? "1 record could not be read, at byte "
                        : malformed + " records could not be read, the first at byte ";
        return String.format(
                "%s%s of %s: %s",
                which, firstMalformed.position, firstMalformed.log, firstMalformed.reason.text());
    }

    /** The number of records that could not be read. */
    public long malformed() {
        return malformed;
    }

    /** How many records are missing at most, as far as known; 0 if no number is known. */
    public long lost() {
        return Judge.lost(signs());
    }
}
