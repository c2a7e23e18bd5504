// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import io.sandbox.audit.Carrier;
import io.sandbox.audit.RecordField;
import io.sandbox.audit.SeccompRecord;
import io.sandbox.syscalldb.ObservedCall;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts what a followed log shows, in Prometheus' text format 0.0.4. Programs choose their names,
 * and so could make any number of series; beyond a limit, they are counted only. Thread-safe.
 */
public final class DenialMetrics implements LogFollower.Observer {
    /** How many series there are at most. A program has some dozens of calls. */
    public static final int MAX_SERIES = 1000;

    private final Map<String, Long> series = new TreeMap<>();
    private long notShown;
    private long gaps;
    private long lost;
    private long lastRecord = Long.MIN_VALUE;
    private long lastCanary = Long.MIN_VALUE;

    @Override
    public synchronized void record(SeccompRecord record, boolean isNew) {
        lastRecord = later(lastRecord, record);
        String labels = labels(record);
        if (series.size() < MAX_SERIES || series.containsKey(labels)) {
            series.merge(labels, 1L, Long::sum);
        } else {
            notShown++;
        }
    }

    @Override
    public synchronized void canary(SeccompRecord record) {
        // Any container can write one, and would silence the alarm about missing canaries.
        if (record.carrier() != Carrier.CONTAINER) {
            lastCanary = later(lastCanary, record);
        }
    }

    @Override
    public synchronized void gap(String what, long records) {
        gaps++;
        lost += records;
    }

    /** How many records belong to series beyond the limit. */
    public synchronized long notShown() {
        return notShown;
    }

    private static long later(long millis, SeccompRecord record) {
        return record.hasTime() && record.timeMillis() >= LogFilter.FIRST_DATE_MILLIS
                ? Math.max(millis, record.timeMillis())
                : millis;
    }

    private static String labels(SeccompRecord record) {
        ProgramKey key = ProgramKey.of(record);
        String arch = key.archName();
        String call = record.text(RecordField.SYSCALL).orElse("?");
        if (record.has(RecordField.SYSCALL) && record.hasArch()) {
            ObservedCall observed = ObservedCall.of(record.arch(), record.syscall());
            arch = observed.archName();
            call = observed.displayName();
        }
        return String.format(
                Locale.ROOT,
                "{exe=\"%s\",arch=\"%s\",syscall=\"%s\",action=\"%s\"}",
                escape(key.executable().orElse("")),
                escape(arch),
                escape(call),
                KernelAction.of(record).text().replace(' ', '_'));
    }

    /** The format gives a meaning to these three characters of a value. */
    private static String escape(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    /** All metrics. A time that is not known has none. */
    public synchronized String text() {
        StringBuilder text = new StringBuilder();
        head(text, "seccomp_denials_total", "counter", "Records of calls that a filter logs.");
        series.forEach(
                (labels, count) ->
                        text.append("seccomp_denials_total" + labels + ' ' + count + '\n'));
        counter(
                text,
                "seccomp_denials_not_shown_total",
                "Records beyond the limit of series.",
                notShown);
        counter(text, "seccomp_log_gaps_total", "Signs that records are missing.", gaps);
        counter(
                text,
                "seccomp_log_lost_records_total",
                "Records that are known to be missing.",
                lost);
        time(text, "seccomp_last_record_timestamp_seconds", "The latest record.", lastRecord);
        time(text, "seccomp_last_canary_timestamp_seconds", "The latest canary.", lastCanary);
        return text.toString();
    }

    private static void counter(StringBuilder text, String name, String help, long value) {
        head(text, name, "counter", help);
        text.append(name).append(' ').append(value).append('\n');
    }

    private static void time(StringBuilder text, String name, String help, long millis) {
        head(text, name, "gauge", help);
        if (millis != Long.MIN_VALUE) {
            text.append(name).append(' ');
            text.append(String.format(Locale.ROOT, "%d.%03d\n", millis / 1000, millis % 1000));
        }
    }

    private static void head(StringBuilder text, String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }
}
