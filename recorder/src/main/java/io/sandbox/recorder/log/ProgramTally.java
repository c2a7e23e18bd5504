// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import io.sandbox.audit.RecordField;
import io.sandbox.audit.SeccompRecord;
import io.sandbox.recorder.run.ProbeNumber;
import java.io.Serializable;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;

/** The records of one executable on one architecture. For one thread. */
public final class ProgramTally implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final int TABLE = 512;

    /** A program that is one of many gets a table only when it has more records than this. */
    private static final int FEW = 64;

    private static final String SANDBOX_EXEC = "/sandbox-exec";
    private static final long MINUTE_MILLIS = 60_000;

    /** A log can hold any number of canaries. More than one a minute for two months are forged. */
    private static final int MAX_CANARY_MINUTES = 100_000;

    private static final KernelAction[] ACTIONS = KernelAction.values();

    /**
     * @param first time of the earliest record, in ms since the epoch; {@link Long#MAX_VALUE} if
     *     none had a time
     */
    public record Call(long count, long first) implements Serializable {
        Call plus(Call other) {
            return new Call(count + other.count, Math.min(first, other.first));
        }
    }

    private final ProgramKey key;

    /**
     * A table for the numbers that nearly all calls have. The count of call n is at 2n, the time of
     * its earliest record after it, in the same line of the processor's cache. Null while a program
     * that is one of many has few records.
     */
    private long[] calls;

    /** The calls with other numbers; without a table, all. */
    private final TreeMap<Integer, Call> others = new TreeMap<>();

    /** The calls of which records have only the name. */
    private final TreeMap<String, Call> words = new TreeMap<>();

    /** The minutes, since the epoch, in which a canary was recorded. */
    private final TreeSet<Long> canaryMinutes = new TreeSet<>();

    private final long[] actions = new long[ACTIONS.length];
    private final boolean ofSandboxExec;
    private long records;
    private long testRecords;
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;

    /**
     * @param isOneOfMany whether there are so many programs that memory matters more than time
     */
    ProgramTally(ProgramKey key, boolean isOneOfMany) {
        this.key = key;
        ofSandboxExec = key.executable().orElse("").endsWith(SANDBOX_EXEC);
        if (!isOneOfMany) {
            makeTable();
        }
    }

    private void makeTable() {
        calls = new long[2 * TABLE];
        for (int i = 1; i < calls.length; i += 2) {
            calls[i] = Long.MAX_VALUE;
        }
        Map<Integer, Call> before = new TreeMap<>(others);
        others.clear();
        for (Map.Entry<Integer, Call> call : before.entrySet()) {
            addCall(call.getKey(), call.getValue());
        }
    }

    private void addTable(long[] table) {
        if (calls == null) {
            makeTable();
        }
        for (int i = 0; i < table.length; i += 2) {
            calls[i] += table[i];
            calls[i + 1] = Math.min(calls[i + 1], table[i + 1]);
        }
    }

    private void addCall(int number, Call call) {
        if (calls == null || number < 0 || number >= TABLE) {
            others.merge(number, call, Call::plus);
        } else {
            calls[2 * number] += call.count;
            calls[2 * number + 1] = Math.min(calls[2 * number + 1], call.first);
        }
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
            String word = record.text(RecordField.SYSCALL).orElse("?");
            return addTo(words, word, time);
        }
        int number = record.syscall();
        if (calls == null && records > FEW) {
            makeTable();
        }
        if (calls == null || number < 0 || number >= TABLE) {
            return addTo(others, number, time);
        }
        int place = 2 * number;
        if (time < calls[place + 1]) {
            calls[place + 1] = time;
        }
        return calls[place]++ > 0;
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

    private static <K> boolean addTo(Map<K, Call> table, K call, long time) {
        return table.merge(call, new Call(1, time), Call::plus).count > 1;
    }

    void addAll(ProgramTally other) {
        records += other.records;
        testRecords += other.testRecords;
        canaryMinutes.addAll(other.canaryMinutes);
        first = Math.min(first, other.first);
        last = Math.max(last, other.last);
        for (int i = 0; i < ACTIONS.length; i++) {
            actions[i] += other.actions[i];
        }
        if (other.calls != null) {
            addTable(other.calls);
        }
        other.others.forEach(this::addCall);
        other.words.forEach((word, call) -> words.merge(word, call, Call::plus));
    }

    public ProgramKey key() {
        return key;
    }

    public long records() {
        return records;
    }

    /**
     * The number of canaries, which sandbox-log --canary and sandbox-learn made. No other count
     * includes them.
     */
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

    /**
     * Time of the earliest record in ms since the epoch, or since boot; empty if none had a time.
     */
    public OptionalLong first() {
        return first == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(first);
    }

    /** Time of the latest record, in the same form. */
    public OptionalLong last() {
        return last == Long.MIN_VALUE ? OptionalLong.empty() : OptionalLong.of(last);
    }

    /** The calls that the log has by number, ascending. */
    public Map<Integer, Call> byNumber() {
        Map<Integer, Call> all = new TreeMap<>(others);
        for (int i = 0; calls != null && i < TABLE; i++) {
            if (calls[2 * i] > 0) {
                all.put(i, new Call(calls[2 * i], calls[2 * i + 1]));
            }
        }
        return all;
    }

    /** The numbers of {@link #byNumber}; cheaper, for when there are many programs. */
    public int[] numbers() {
        int[] all = new int[TABLE + others.size()];
        int length = 0;
        for (int number : others.keySet()) {
            all[length++] = number;
        }
        for (int i = 0; calls != null && i < TABLE; i++) {
            if (calls[2 * i] > 0) {
                all[length++] = i;
            }
        }
        return Arrays.copyOf(all, length);
    }

    /** The calls that the log has by name, as {@code ausearch -i} prints them. */
    public Map<String, Call> byWord() {
        return Map.copyOf(words);
    }
}
