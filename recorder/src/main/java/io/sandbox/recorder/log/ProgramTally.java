// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import io.sandbox.audit.RecordField;
import io.sandbox.audit.SeccompRecord;
import io.sandbox.recorder.run.ProbeNumber;
import io.sandbox.syscalldb.SyscallDb;
import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The records of one executable on one architecture. For one thread. */
public final class ProgramTally implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final String SANDBOX_EXEC = "/sandbox-exec";
    private static final long MINUTE_MILLIS = 60_000;

    /** A log can hold any number of canaries. More than one a minute for two months are forged. */
    private static final int MAX_CANARY_MINUTES = 100_000;

    private static final KernelAction[] ACTIONS = KernelAction.values();

    private final ProgramKey key;

    private final CallTable calls = new CallTable();

    /** The calls with numbers that the table cannot hold. */
    private final TreeMap<Integer, CallCount> others = new TreeMap<>();

    private final WordTable words = new WordTable();

    /** The minutes, since the epoch, in which a canary was recorded. */
    private final TreeSet<Long> canaryMinutes = new TreeSet<>();

    private final long[] actions = new long[ACTIONS.length];
    private final boolean ofSandboxExec;
    private long records;
    private long testRecords;
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;

    ProgramTally(ProgramKey key) {
        this.key = key;
        ofSandboxExec = key.executable().orElse("").endsWith(SANDBOX_EXEC);
    }

    private static boolean isOfTable(int number) {
        return number >= 0 && number < CallTable.LIMIT;
    }

    /** Counts a record, and returns whether its call was counted before. */
    boolean add(SeccompRecord record, KernelAction action) {
        if (ofSandboxExec && isTest(record)) {
            testRecords++;
            if (record.hasTime() && canaryMinutes.size() < MAX_CANARY_MINUTES) {
                canaryMinutes.add(record.timeMillis() / MINUTE_MILLIS);
            }
            return true;
        }
        records++;
        actions[action.ordinal()]++;
        long time = Long.MAX_VALUE;
        if (record.hasTime()) {
            time = record.timeMillis();
            first = Math.min(first, time);
            last = Math.max(last, time);
        }
        if (!record.has(RecordField.SYSCALL)) {
            return words.add(record, time);
        }
        int number = record.syscall();
        return isOfTable(number) ? calls.add(number, 1, time) : addToOthers(number, time);
    }

    /**
     * Whether this is the record of a canary. The kernel writes the executable, and its number is
     * that of no call, so it cannot be the record of a program's call.
     */
    static boolean isCanary(SeccompRecord record) {
        return isTest(record) && record.exe().orElse("").endsWith(SANDBOX_EXEC);
    }

    private static boolean isTest(SeccompRecord record) {
        return ProbeNumber.isProbe(
                record.has(RecordField.SYSCALL)
                        ? record.syscall()
                        : RecordNames.numberOfWord(record).orElse(0));
    }

    /** Whether the call of a record is known, or there is room for it. */
    boolean hasRoom(SeccompRecord record, StrangeCalls strange) {
        if (!record.has(RecordField.SYSCALL)) {
            return words.hasRecently(record)
                    || ofSandboxExec && isTest(record)
                    || hasRoom(record.text(RecordField.SYSCALL).orElse("?"), strange);
        }
        int number = record.syscall();
        return isOfTable(number) || ofSandboxExec && isTest(record) || hasRoom(number, strange);
    }

    private boolean hasRoom(int number, StrangeCalls strange) {
        return others.containsKey(number)
                || key.auditArch().flatMap(arch -> RecordNames.syscallOf(arch, number)).isPresent()
                || strange.take();
    }

    private boolean hasRoom(String word, StrangeCalls strange) {
        return words.has(word)
                || key.arch().flatMap(arch -> SyscallDb.get().table(arch).byName(word)).isPresent()
                || strange.take();
    }

    private boolean addToOthers(int number, long time) {
        CallCount one = new CallCount(1, time);
        return others.merge(number, one, CallCount::plus) != one;
    }

    /** Adds all for which there is room, and returns how many records there is none for. */
    long addAll(ProgramTally other, StrangeCalls strange) {
        long refused = 0;
        testRecords += other.testRecords;
        canaryMinutes.addAll(other.canaryMinutes);
        first = Math.min(first, other.first);
        last = Math.max(last, other.last);
        for (int i = 0; i < ACTIONS.length; i++) {
            actions[i] += other.actions[i];
        }
        for (int number : other.calls.numbers()) {
            CallCount call = other.calls.call(number);
            calls.add(number, call.count(), call.first());
        }
        for (Map.Entry<Integer, CallCount> each : other.others.entrySet()) {
            if (hasRoom(each.getKey(), strange)) {
                others.merge(each.getKey(), each.getValue(), CallCount::plus);
            } else {
                refused += each.getValue().count();
            }
        }
        for (Map.Entry<String, CallCount> each : other.words.calls().entrySet()) {
            if (hasRoom(each.getKey(), strange)) {
                words.add(each.getKey(), each.getValue());
            } else {
                refused += each.getValue().count();
            }
        }
        records += other.records - refused;
        return refused;
    }

    public ProgramKey key() {
        return key;
    }

    public long records() {
        return records;
    }

    /** The canaries of sandbox log --canary and sandbox learn, in no other count. */
    long testRecords() {
        return testRecords;
    }

    /** When canaries were recorded, to the minute, ascending. */
    List<Instant> canaries() {
        return canaryMinutes.stream()
                .map(minute -> Instant.ofEpochMilli(minute * MINUTE_MILLIS))
                .toList();
    }

    public long count(KernelAction action) {
        return actions[action.ordinal()];
    }

    /** The earliest time in ms since the epoch, or since boot; empty if none had one. */
    public OptionalLong first() {
        return first == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(first);
    }

    /** Time of the latest record, in the same form. */
    public OptionalLong last() {
        return last == Long.MIN_VALUE ? OptionalLong.empty() : OptionalLong.of(last);
    }

    /** The calls that the log has by number, ascending. */
    public SortedMap<Integer, CallCount> byNumber() {
        TreeMap<Integer, CallCount> all = new TreeMap<>(others);
        for (int number : calls.numbers()) {
            all.put(number, calls.call(number));
        }
        return all;
    }

    /** The calls that the log has by name, as {@code ausearch -i} prints them. */
    public Map<String, CallCount> byWord() {
        return words.calls();
    }
}
