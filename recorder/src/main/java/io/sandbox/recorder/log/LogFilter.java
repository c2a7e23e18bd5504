// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import io.sandbox.audit.RecordField;
import io.sandbox.audit.SeccompRecord;
import io.sandbox.syscalldb.Arch;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which records are wanted. A record that lacks a field does not match a filter on it: without a
 * time it is outside every period, and outside the journal it has no unit.
 */
public final class LogFilter {
    /** The forms of a text in a record, so that we need not decode to compare. */
    private record Text(byte[] quoted, byte[] hex, byte[] plain) {
        static Text of(String text) {
            byte[] plain = text.getBytes(StandardCharsets.UTF_8);
            String hex = HexFormat.of().withUpperCase().formatHex(plain);
            return new Text(
                    ("\"" + text + "\"").getBytes(StandardCharsets.UTF_8),
                    hex.getBytes(StandardCharsets.US_ASCII),
                    plain);
        }

        boolean isIn(SeccompRecord record, RecordField field) {
            return record.rawEquals(field, quoted)
                    || record.rawEquals(field, hex)
                    || record.isInterpreted() && record.rawEquals(field, plain);
        }
    }

    /** Smaller times are seconds since boot, from a clock that was not set. */
    public static final long FIRST_DATE_MILLIS = 315_532_800_000L;

    /** The kernel's mark of an executable removed or replaced while it ran, as by an upgrade. */
    private static final String DELETED = " (deleted)";

    /** The wanted executables; empty for all. */
    private final Set<String> exes;

    /** The names of {@link #exes}, in the forms of records. */
    private final List<Text> exeTexts;

    private final Text comm;
    private final byte[] host;
    private final Optional<String> unit;
    private final Optional<Arch> arch;
    private final long sinceMillis;
    private final long untilMillis;
    private final boolean canaries;
    private final boolean refusedOnly;

    public static LogFilter all() {
        return ofExecutables(List.of());
    }

    /** Accepts the records of these executables (paths); without any, those of all. */
    public static LogFilter ofExecutables(Collection<String> exes) {
        Optional<String> any = Optional.empty();
        return new LogFilter(exes, any, any, any, Optional.empty(), Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /**
     * @param exes the paths of executables; empty for all. A file replaced since is still wanted.
     * @param sinceMillis the first wanted time, in ms since the epoch; {@link Long#MIN_VALUE} for
     *     no limit
     * @param untilMillis the last wanted time; {@link Long#MAX_VALUE} for no limit
     */
    public LogFilter(
            Collection<String> exes,
            Optional<String> comm,
            Optional<String> host,
            Optional<String> unit,
            Optional<Arch> arch,
            long sinceMillis,
            long untilMillis) {
        this(
                exes.stream()
                        .flatMap(exe -> Stream.of(exe, exe + DELETED))
                        .collect(Collectors.toUnmodifiableSet()),
                comm.map(Text::of).orElse(null),
                host.map(name -> name.getBytes(StandardCharsets.UTF_8)).orElse(null),
                unit,
                arch,
                sinceMillis,
                untilMillis,
                false,
                false);
    }

    private LogFilter(
            Set<String> exes,
            Text comm,
            byte[] host,
            Optional<String> unit,
            Optional<Arch> arch,
            long sinceMillis,
            long untilMillis,
            boolean canaries,
            boolean refusedOnly) {
        this.exes = exes;
        exeTexts = exes.stream().map(Text::of).toList();
        this.comm = comm;
        this.host = host;
        this.unit = Objects.requireNonNull(unit);
        this.arch = Objects.requireNonNull(arch);
        this.sinceMillis = sinceMillis;
        this.untilMillis = untilMillis;
        this.canaries = canaries;
        this.refusedOnly = refusedOnly;
    }

    /** This filter, which lets canaries through too, whatever executable is wanted. */
    public LogFilter andCanaries() {
        return new LogFilter(
                exes, comm, host, unit, arch, sinceMillis, untilMillis, true, refusedOnly);
    }

    /** This filter, for calls that were not made, up to a time. */
    public LogFilter refusedUntil(long millis) {
        return new LogFilter(exes, comm, host, unit, arch, sinceMillis, millis, canaries, true);
    }

    boolean hasExe() {
        return !exes.isEmpty();
    }

    boolean hasPeriod() {
        return sinceMillis != Long.MIN_VALUE || untilMillis != Long.MAX_VALUE;
    }

    boolean hasUnit() {
        return unit.isPresent();
    }

    public boolean acceptsExecutable(String path) {
        return exes.isEmpty() || exes.contains(path);
    }

    private boolean acceptsExecutable(SeccompRecord record) {
        for (Text exe : exeTexts) {
            if (exe.isIn(record, RecordField.EXE)) {
                return true;
            }
        }
        return exes.isEmpty();
    }

    /** Whether a record passes all conditions except the period and the unit. */
    boolean acceptsProgram(SeccompRecord record) {
        return (acceptsExecutable(record) || canaries && ProgramTally.isCanary(record))
                && (comm == null || comm.isIn(record, RecordField.COMM))
                && (host == null || record.isOfHost(host))
                && (arch.isEmpty() || isArch(record, arch.get()))
                && (!refusedOnly || KernelAction.of(record).isDenial());
    }

    private static boolean isArch(SeccompRecord record, Arch wanted) {
        return record.hasArch()
                ? RecordNames.archOf(record.arch(), record.syscall())
                        .filter(wanted::equals)
                        .isPresent()
                : record.text(RecordField.ARCH).filter(wanted.name()::equals).isPresent();
    }

    boolean acceptsTime(SeccompRecord record) {
        return record.hasTime()
                && record.timeMillis() >= sinceMillis
                && record.timeMillis() <= untilMillis;
    }

    /** Whether something at this time was before the period. What has no date may be in it. */
    boolean isBeforePeriod(OptionalLong millis) {
        return hasDate(millis) && millis.getAsLong() < sinceMillis;
    }

    /** Whether nothing tells if something at this time was before the period. */
    boolean mayBeBeforePeriod(OptionalLong millis) {
        return sinceMillis != Long.MIN_VALUE && !hasDate(millis);
    }

    private static boolean hasDate(OptionalLong millis) {
        return millis.orElse(0) >= FIRST_DATE_MILLIS;
    }

    boolean acceptsUnit(SeccompRecord record) {
        return record.unit().equals(unit);
    }
}
