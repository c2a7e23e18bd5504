// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.check;

import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.TimeSpan;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.recording.GivenEvidence;
import io.sandbox.cli.recording.RecordedNames;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.drift.Drift;
import io.sandbox.evidence.drift.HostEvidence;
import io.sandbox.evidence.drift.Readiness;
import io.sandbox.evidence.drift.report.Wording;
import io.sandbox.fleet.HostPattern;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.policy.meaning.PolicyMeaning;
import io.sandbox.recorder.log.LogEvidence;
import io.sandbox.recorder.log.LogFilter;
import io.sandbox.recorder.log.LogTally;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The options that ask whether a policy can be enforced, and the logs that answer it. */
final class ReadinessOptions {
    /** The name in reports of a host that the logs do not name. */
    private static final String UNNAMED = "the log";

    private final Value<Duration> span;
    private final Value<Integer> hosts;
    private final Value<String> hostFromPath;

    ReadinessOptions(Options options) {
        span = options.named("--for").converted(TimeSpan::convert, "TIME");
        hosts = options.named("--hosts").rare().number("N");
        hostFromPath = options.named("--host-from-path").rare().text("PATTERN");
    }

    boolean isGiven() {
        return span.isGiven();
    }

    /** Throws {@link CommandFailure} if an option is given that is only for --for. */
    void refuseOthers() {
        Options.refuseIf(
                hosts.isGiven() || hostFromPath.isGiven(),
                "--hosts, --host-from-path: only with --for");
    }

    /** What the logs say. */
    record Answer(Drift drift, Readiness readiness, List<String> warnings) {}

    /** Reads the logs and judges them. Throws {@link CommandFailure} if one cannot be read. */
    Answer answer(GivenEvidence given, PolicyMeaning policy) {
        Readiness.Demand demand = demand(given.after());
        LogFilter filter = given.filter(Optional.of(demand.after())).andCanaries();
        Map<String, HostEvidence> evidence = new TreeMap<>();
        Set<String> losses = new HashSet<>();
        long inContainers = 0;
        for (Map.Entry<String, List<Path>> group : byHost(given.logs()).entrySet()) {
            LogTally tally =
                    GivenEvidence.tally(
                            GivenEvidence.sources(group.getValue()),
                            filter,
                            group.getKey().isEmpty());
            add(evidence, group.getKey(), tally);
            losses.addAll(LogEvidence.of(tally).losses());
            inContainers += tally.containerRecords();
        }
        List<HostEvidence> hostEvidence = List.copyOf(evidence.values());
        RecordedNames names = given.recordedNames();
        losses.addAll(names.doubts(hostEvidence.stream().map(HostEvidence::recording)));
        List<String> warnings = new ArrayList<>(names.notes());
        warnings.add("logs do not show whether the program ran, and under which policy");
        if (inContainers > 0) {
            warnings.add(
                    Wording.count(inContainers, "record")
                            + " from the output of containers, which the kernel may not have"
                            + " written");
        }
        return new Answer(
                Readiness.drift(hostEvidence, policy),
                Readiness.of(hostEvidence, losses.stream().sorted().toList(), demand),
                warnings);
    }

    private Readiness.Demand demand(Optional<Instant> after) {
        Instant now = Instant.now();
        OptionalInt count = hosts.isGiven() ? OptionalInt.of(hosts.get()) : OptionalInt.empty();
        if (count.orElse(1) < 1) {
            throw CommandFailure.ownFailure("--hosts: " + hosts.get() + ": at least 1");
        }
        return new Readiness.Demand(
                after.orElseGet(() -> now.minus(span.get())), now, span.get(), count);
    }

    /** The logs of each host that has a name in their paths; otherwise all, under an empty name. */
    private Map<String, List<Path>> byHost(List<Path> logs) {
        if (!hostFromPath.isGiven()) {
            return Map.of("", logs);
        }
        HostPattern pattern;
        try {
            pattern = HostPattern.parse(hostFromPath.get());
        } catch (IllegalArgumentException e) {
            throw CommandFailure.ownFailure(
                    "--host-from-path: " + hostFromPath.get() + ": " + e.getMessage());
        }
        return logs.stream()
                .collect(
                        Collectors.groupingBy(
                                log -> hostOf(log, pattern), TreeMap::new, Collectors.toList()));
    }

    private static String hostOf(Path log, HostPattern pattern) {
        return pattern.hostOf(log.toString())
                .orElseThrow(
                        () ->
                                CommandFailure.ownFailure(
                                        log
                                                + ": its path does not fit the pattern of"
                                                + " --host-from-path"));
    }

    private static void add(Map<String, HostEvidence> all, String ofPath, LogTally tally) {
        Map<Optional<String>, LogEvidence> calls = LogEvidence.byHost(tally);
        Map<Optional<String>, List<Instant>> canaries = tally.canaries();
        // A host of which other programs left records, and no canary, proves nothing.
        Set<Optional<String>> hosts = new HashSet<>(tally.hosts());
        hosts.addAll(canaries.keySet());
        if (!ofPath.isEmpty()) {
            hosts.add(Optional.empty());
        }
        for (Optional<String> host : hosts) {
            String name = ofPath.isEmpty() ? host.orElse(UNNAMED) : ofPath;
            LogEvidence known = calls.get(host);
            Recording recording = known == null ? new Recording(List.of()) : known.toRecording();
            List<Instant> its = canaries.getOrDefault(host, List.of());
            all.put(name, new HostEvidence(name, recording, its));
        }
    }
}
