// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.recording;

import io.sandbox.evidence.Recording;
import io.sandbox.evidence.drift.report.Wording;
import io.sandbox.evidence.learned.LearnedCapabilities;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.format.SystemdHardening;
import io.sandbox.syscalldb.Capability;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A drop-in with settings that the evidence proves to be harmless, and the reason above each. */
final class HardenedUnit {
    private static final String PRIVILEGES = "NoNewPrivileges";

    /** A row of hardening.tsv. */
    private record Setting(
            String key,
            String value,
            List<String> calls,
            long capabilities,
            String reason,
            String files) {
        static Setting of(String row) {
            String[] fields = row.split("\t", -1);
            return new Setting(
                    fields[0],
                    fields[1],
                    words(fields[2]),
                    Capability.set(words(fields[3])),
                    fields[4],
                    fields[5]);
        }

        private static List<String> words(String text) {
            return text.isEmpty() ? List.of() : List.of(text.split(" "));
        }

        boolean isProved(SystemdHardening policy, long capabilitiesUsed) {
            return calls.stream().allMatch(policy::refuses)
                    && (capabilities & capabilitiesUsed) == 0;
        }

        String comment(String runs) {
            return (reason.isEmpty() ? "" : "# in " + runs + ": " + reason + "\n")
                    + (files.isEmpty() ? "" : "# rests on nothing: " + files + "\n");
        }
    }

    private final Map<String, StringBuilder> settings = new LinkedHashMap<>();
    private final Recording recording;

    /**
     * @param dropIn that of the list
     */
    HardenedUnit(String dropIn, Recording recording) {
        this.recording = recording;
        dropIn.lines().forEach(line -> add(line.replaceFirst("=.*", ""), line + "\n"));
    }

    private static Stream<Setting> all() {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                Objects.requireNonNull(
                                        HardenedUnit.class.getResourceAsStream("hardening.tsv")),
                                StandardCharsets.UTF_8))) {
            return lines
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(Setting::of)
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException("hardening.tsv", e);
        }
    }

    private void add(String key, String lines) {
        settings.computeIfAbsent(key, absent -> new StringBuilder()).append(lines);
    }

    /**
     * Adds what the recording proves.
     *
     * @param givesNothing whether no file that was executed gives privileges
     * @param more whether a setting is to be added of which it proves only a part, by name
     * @return itself
     */
    HardenedUnit harden(
            PolicyDocument policy,
            Circumstances here,
            boolean givesNothing,
            Predicate<String> more) {
        SystemdHardening proved = new SystemdHardening(policy, here);
        settings.keySet().removeAll(proved.settings().keySet());
        proved.settings().forEach(this::add);
        if (givesNothing) {
            add(PRIVILEGES, PRIVILEGES + "=yes\n");
        }
        long used =
                LearnedCapabilities.of(recording)
                        .filter(each -> each.unrecorded().isEmpty())
                        .map(each -> each.kept() | each.quiet())
                        .orElse(-1L);
        all().filter(each -> !each.value.isEmpty() && each.isProved(proved, used))
                .filter(each -> more.test(each.key))
                .forEach(each -> add(each.key, each.key + "=" + each.value + "\n"));
        return this;
    }

    /** With the reasons. */
    String text() {
        String runs = Wording.count(recording.runs().size(), "run");
        Map<String, String> comments = new LinkedHashMap<>();
        all().forEach(each -> comments.put(each.key, each.comment(runs)));
        StringBuilder text = new StringBuilder();
        settings.forEach((key, lines) -> text.append(comments.getOrDefault(key, "")).append(lines));
        return text.toString();
    }
}
