// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import io.sandbox.enforcer.launch.SourceException;
import io.sandbox.evidence.Judge;
import io.sandbox.evidence.Sign;
import io.sandbox.evidence.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/** The audit core's answers, set by a test. */
final class FakeAudit implements AuditFacts {
    OptionalLong lost = OptionalLong.of(0);
    OptionalLong rateLimit = OptionalLong.of(0);
    Optional<Sign> logActionChange = Optional.empty();
    OptionalInt excludeRules = OptionalInt.of(0);

    /** The calls of the records that were drained. */
    final List<Integer> seen = new ArrayList<>();

    Verdict drain(RecordSource source) {
        source.drain(record -> seen.add(record.syscall()));
        return Judge.judge(source.losses());
    }

    private String verdict(RecordSource source) {
        try {
            return drain(source).toString();
        } catch (SourceException e) {
            return "fails";
        }
    }

    /**
     * Has events happen to a source, and drains it at each {@code drain} and at the end.
     *
     * @param events separated by semicolons: a word, and more about it; {@code lost} and {@code
     *     changed} happen here
     * @param other has the others happen, by their first word
     * @return what each draining finds, or {@code fails}, with bars between them
     */
    String play(String events, RecordSource source, BiConsumer<String, String> other) {
        List<String> verdicts = new ArrayList<>();
        for (String event : (events + "; drain").split("; ")) {
            String[] words = event.split(" ", 2);
            String rest = words[words.length - 1];
            switch (words[0]) {
                case "drain" -> verdicts.add(verdict(source));
                case "lost" -> lost = OptionalLong.of(Long.parseLong(rest));
                case "changed" ->
                        logActionChange =
                                Optional.of(new Sign(Sign.Kind.LOG_ACTION_CHANGED, 0, ""));
                default -> other.accept(words[0], rest);
            }
        }
        return String.join(" | ", verdicts);
    }

    @Override
    public OptionalLong queryLost() {
        return lost;
    }

    @Override
    public OptionalLong queryRateLimit() {
        return rateLimit;
    }

    @Override
    public OptionalInt queryExcludeRules() {
        return excludeRules;
    }

    @Override
    public void watchLogAction() {
        logActionChange = Optional.empty();
    }

    @Override
    public Optional<Sign> queryLogActionChange() {
        return logActionChange;
    }

    /** The text of a record as the kernel writes it. */
    static String payload(int syscall) {
        return "audit(1586171042.680:138): auid=0 uid=0 gid=0 ses=1 pid=5 comm=\"x\" exe=\"/x\""
                + " sig=0 arch=c000003e syscall="
                + syscall
                + " compat=0 ip=0x7f21a2d42af3 code=0x7ffc0000";
    }

    /** Puts the payload of a record of call N for {@code {N}}. */
    static String withPayloads(String text) {
        return Pattern.compile("\\{([0-9]+)\\}")
                .matcher(text)
                .replaceAll(number -> payload(Integer.parseInt(number.group(1))));
    }
}
