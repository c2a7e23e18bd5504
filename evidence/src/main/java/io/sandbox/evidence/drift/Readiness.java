// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift;

import io.sandbox.evidence.Required;
import io.sandbox.policy.meaning.PolicyMeaning;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Whether logs of a time in which a policy refused nothing show that it can be enforced. No record
 * is a good sign only where records arrive, so each host must have left canaries all the time.
 *
 * @param hosts all that the logs name, sorted
 * @param doubts why the logs do not suffice, one sentence each
 */
public record Readiness(Demand demand, List<Host> hosts, List<Doubt> doubts) {
    /** The longest time without a canary. A daily one may be late: machines sleep. */
    public static final Duration LONGEST_GAP = Duration.ofHours(36);

    private static final int NAMES = 10;

    /**
     * What the user wants to be shown.
     *
     * @param after records count from here on
     * @param to the end of the time, which is now
     * @param span how long nothing new may have come, before the end
     * @param hosts how many hosts there are; empty if the user does not say
     */
    public record Demand(Instant after, Instant to, Duration span, OptionalInt hosts) {
        public Demand {
            Required.all(after, to, span, hosts);
        }

        /** From here on, canaries must have come. */
        public Instant from() {
            return to.minus(span);
        }
    }

    /** The longest time without a canary, if that is too long. */
    public record Gap(Instant from, Instant to) {
        private Duration length() {
            return Duration.between(from, to);
        }
    }

    /** {@code canaries}: those of the time, ascending. */
    public record Host(String name, List<Instant> canaries, Optional<Gap> gap) {
        public Host {
            Required.all(name, gap);
            canaries = List.copyOf(canaries);
        }

        private static Host of(HostEvidence evidence, Demand demand) {
            // Canaries have the time of the minute in which they came.
            Instant start = demand.from().minusSeconds(60);
            List<Instant> canaries =
                    evidence.canaries().stream()
                            .filter(time -> time.isAfter(start) && !time.isAfter(demand.to()))
                            .toList();
            List<Instant> times = new ArrayList<>(canaries);
            times.add(demand.to());
            Gap longest = new Gap(demand.from(), demand.from());
            Instant last = demand.from();
            for (Instant time : times) {
                Gap gap = new Gap(last, time);
                longest = gap.length().compareTo(longest.length()) > 0 ? gap : longest;
                last = time;
            }
            boolean tooLong = canaries.isEmpty() || longest.length().compareTo(LONGEST_GAP) > 0;
            return new Host(
                    evidence.host(), canaries, tooLong ? Optional.of(longest) : Optional.empty());
        }

        public Optional<Instant> lastCanary() {
            return canaries.isEmpty()
                    ? Optional.empty()
                    : Optional.of(canaries.get(canaries.size() - 1));
        }
    }

    public Readiness {
        Required.all(demand);
        hosts = List.copyOf(hosts);
        doubts = List.copyOf(doubts);
    }

    /**
     * @param evidence one element for each host
     * @param losses signs that records are missing, or say too little; one sentence each
     */
    public static Readiness of(List<HostEvidence> evidence, List<String> losses, Demand demand) {
        List<Host> hosts =
                evidence.stream()
                        .map(each -> Host.of(each, demand))
                        .sorted((a, b) -> a.name().compareTo(b.name()))
                        .toList();
        List<Doubt> doubts = new ArrayList<>();
        if (demand.after().isAfter(demand.from())) {
            String shown = inWords(Duration.between(demand.after(), demand.to()));
            String sentence = "the time is too short: " + shown + " of " + inWords(demand.span());
            doubts.add(new Doubt(Doubt.Kind.OTHER, sentence));
        }
        int wanted = demand.hosts().orElse(1);
        if (hosts.size() < wanted) {
            String sentence =
                    "the logs have evidence of " + hosts.size() + " of " + wanted + " hosts";
            doubts.add(new Doubt(Doubt.Kind.OTHER, sentence));
        }
        addNames(doubts, "no canary came from", hosts, true);
        addNames(
                doubts,
                "no canary came for more than " + LONGEST_GAP.toHours() + " hours",
                hosts,
                false);
        losses.forEach(loss -> doubts.add(new Doubt(Doubt.Kind.OTHER, loss)));
        return new Readiness(demand, hosts, doubts);
    }

    /** Adds a doubt about the hosts that have a gap, if there are any. */
    private static void addNames(
            List<Doubt> doubts, String what, List<Host> hosts, boolean withoutAny) {
        List<Host> some =
                hosts.stream()
                        .filter(host -> host.gap().isPresent())
                        .filter(host -> host.canaries().isEmpty() == withoutAny)
                        .toList();
        if (some.isEmpty()) {
            return;
        }
        List<String> named = new ArrayList<>();
        for (Host host : some.stream().limit(NAMES).toList()) {
            named.add(withoutAny ? host.name() : host.name() + " from " + host.gap().get().from());
        }
        String names = String.join(", ", named);
        String more = some.size() > NAMES ? " and " + (some.size() - NAMES) + " more" : "";
        String sentence = what + ": " + names + more;
        doubts.add(new Doubt(withoutAny ? Doubt.Kind.NO_CANARY : Doubt.Kind.OTHER, sentence));
    }

    private static String inWords(Duration time) {
        return time.toDays() > 1
                ? time.toDays() + " days"
                : time.toHours() > 1 ? time.toHours() + " hours" : time.toSeconds() + " seconds";
    }

    /**
     * What the policy does not allow, with the hosts where it was seen. No rule counts as unused: a
     * program under a filter leaves no record of what that allows.
     */
    public static Drift drift(List<HostEvidence> evidence, PolicyMeaning policy) {
        Map<String, CallDrift> calls = new TreeMap<>();
        long records = 0;
        int distinct = 0;
        for (HostEvidence each : evidence) {
            Drift drift = DriftComparison.of(each.recording(), policy);
            records += drift.records();
            distinct = Math.max(distinct, drift.distinctCalls());
            for (CallDrift call : drift.calls()) {
                List<Seen> here = call.seen().stream().map(seen -> seen.on(each.host())).toList();
                calls.merge(
                        call.call().archName() + " " + call.call().displayName(),
                        call.withSeen(here),
                        Readiness::together);
            }
        }
        return new Drift(
                List.copyOf(calls.values()),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                distinct,
                records,
                evidence.size());
    }

    private static CallDrift together(CallDrift a, CallDrift b) {
        List<Seen> seen = new ArrayList<>(a.seen());
        seen.addAll(b.seen());
        seen.sort((x, y) -> Long.compare(y.count(), x.count()));
        return a.withSeen(seen);
    }
}
