// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.worth;

import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.Operator;
import io.sandbox.policy.meaning.ClassDifference;
import io.sandbox.policy.meaning.Outcome;
import io.sandbox.policy.meaning.PolicyMeaning;
import io.sandbox.syscalldb.CallClass;
import io.sandbox.syscalldb.Exploit;
import io.sandbox.syscalldb.SyscallDb;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which known exploits of the kernel a policy leaves reachable at the entry: it lets through a call
 * for everything that the exploit cannot do without. That is a lower bound of what is left: another
 * exploit of the same hole may need less, and only calls of the machine's own architecture count,
 * with values as the published exploit gives them. For one thread.
 */
public final class Worth {
    /** Follows what is refused. */
    public static final String OVERLOOKED =
            " (but one that also sets the upper half of an argument, which the kernel ignores,"
                    + " passes)";

    private static final long INT = 0xffff_ffffL;

    /** Calls whose argument with a class is a long; on each architecture the same ones are. */
    private static final List<String> LONG = List.of("ptrace");

    private final PolicyMeaning meaning;
    private final Map<String, List<CallClass>> classes = new LinkedHashMap<>();
    private final Map<String, Optional<Way>> ways = new HashMap<>();
    private final Map<String, String> refused = new HashMap<>();
    private final Map<String, Exploit> exploits = new LinkedHashMap<>();
    private final Map<String, Exploit> records = new LinkedHashMap<>();

    /** A call that does something and that the policy lets through, and by what outcome. */
    public record Way(CallClass call, Outcome by) {
        /** Such as {@code a new user namespace by clone3 (clone3, line 4)}. */
        public String text() {
            return call.about() + " by " + call.call() + " (" + by.rule() + ")";
        }
    }

    /**
     * What a policy does about an exploit.
     *
     * @param open a way to each of its needs that the policy leaves open
     * @param closed its needs that the policy closes, in plain words; the exploit is reachable if
     *     there are none
     */
    public record Stand(Exploit exploit, List<Way> open, List<String> closed) {
        public Stand {
            open = List.copyOf(open);
            closed = List.copyOf(closed);
        }

        public boolean isReachable() {
            return closed.isEmpty();
        }

        /** Such as {@code stopped: the policy refuses a new user namespace}. */
        public String text() {
            return isReachable()
                    ? "reachable: " + cause()
                    : "stopped: the policy refuses " + String.join(" and ", closed);
        }

        /** Why it is reachable, such as {@code kernel crypto by socket (socket, line 3)}. */
        public String cause() {
            return open.isEmpty()
                    ? "it needs only what ordinary programs use"
                    : String.join("; ", open.stream().map(Way::text).toList());
        }
    }

    private Worth(PolicyMeaning meaning) {
        this.meaning = meaning;
        SyscallDb db = SyscallDb.get();
        for (CallClass each : db.callClasses()) {
            classes.computeIfAbsent(each.id(), id -> new ArrayList<>()).add(each);
        }
        db.exploits().forEach(exploit -> exploits.put(exploit.id(), exploit));
        db.recordsOf2026().forEach(exploit -> records.put(exploit.id(), exploit));
    }

    /** With the classes and exploits of our tables. */
    public static Worth of(PolicyMeaning meaning) {
        return new Worth(meaning);
    }

    /** The exploits that the policy leaves reachable, in the order of the table. */
    public List<Stand> reachable() {
        return exploits.values().stream().map(this::stand).filter(Stand::isReachable).toList();
    }

    /** Reachable holes of 2026 whose CVE record names the entry, not in {@link #all}. */
    public List<Stand> reachableOf2026() {
        return records.values().stream().map(this::stand).filter(Stand::isReachable).toList();
    }

    /** How many are left of the holes of 2026, in words that say which ones were counted. */
    public String sentenceOf2026() {
        return String.format(
                "of %d kernel holes whose CVE record of 2026 names the entry, this policy leaves %d"
                        + " reachable at the entry (a lower bound)",
                records.size(), reachableOf2026().size());
    }

    /** How many exploits our table has. */
    public static int all() {
        return SyscallDb.get().exploits().size();
    }

    /** How many of the known exploits the policy stops as they were published. */
    public int stopped() {
        return all() - reachable().size();
    }

    /**
     * How many exploits are left, in words that also say which ones were counted.
     *
     * @param more what is added in the parentheses at the end; empty for nothing
     */
    public String sentence(String more) {
        return String.format(
                "of %d kernel holes with a public exploit (kernelCTF, 2023 to 2025), this policy"
                        + " leaves %d reachable at the entry (a lower bound%s)",
                all(), reachable().size(), more);
    }

    /** What leaves exploits reachable, with their number: what leaves the most comes first. */
    public Map<String, Long> causes() {
        Map<String, Long> counts =
                reachable().stream()
                        .collect(
                                Collectors.groupingBy(
                                        Stand::cause, LinkedHashMap::new, Collectors.counting()));
        Map<String, Long> sorted = new LinkedHashMap<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .forEach(each -> sorted.put(each.getKey(), each.getValue()));
        return sorted;
    }

    /**
     * @param id such as {@code CVE-2023-0193}
     * @return empty if no such exploit or record of 2026 is known
     */
    public Optional<Stand> about(String id) {
        return Optional.ofNullable(exploits.getOrDefault(id, records.get(id))).map(this::stand);
    }

    private Stand stand(Exploit exploit) {
        List<Way> open = new ArrayList<>();
        List<String> closed = new ArrayList<>();
        for (String need : exploit.needs()) {
            way(need)
                    .ifPresentOrElse(
                            open::add,
                            () -> closed.add(refused.computeIfAbsent(need, this::closed)));
        }
        return new Stand(exploit, open, closed);
    }

    private String closed(String id) {
        boolean overlooks = false;
        for (CallClass each : classes.get(id)) {
            CallRef call = new CallRef.Named(each.call());
            overlooks |= overlooksUpperHalf(meaning, call, ClassDifference.conditions(each));
        }
        return classes.get(id).get(0).about() + (overlooks ? OVERLOOKED : "");
    }

    private Optional<Way> way(String id) {
        return ways.computeIfAbsent(
                id,
                key ->
                        classes.get(key).stream()
                                .flatMap(each -> way(meaning, each).stream())
                                .findFirst());
    }

    /**
     * Whether a policy lets such a call through if a bit of the upper half of an argument is set.
     * The kernel ignores that half of an int, so the call does the same.
     *
     * @param where the values for which the policy refuses the call
     */
    public static boolean overlooksUpperHalf(
            PolicyMeaning meaning, CallRef call, List<Condition> where) {
        List<Integer> ints =
                SyscallDb.get().callClasses().stream()
                        .filter(each -> each.call().equals(call.toString()))
                        .filter(each -> !LONG.contains(each.call()))
                        .flatMap(each -> each.values().stream())
                        .filter(value -> value.equal() && value.mask() == -1)
                        .map(CallClass.Value::argument)
                        .toList();
        List<Condition> lower =
                where.stream()
                        .map(each -> ints.contains(each.argument()) ? lowerHalf(each) : each)
                        .toList();
        return !lower.equals(where)
                && SyscallDb.get().arch(meaning.arch()).elfClass() == 64
                && meaning.exists(call)
                && meaning.outcomes(call, lower).stream().anyMatch(Outcome::passes);
    }

    private static Condition lowerHalf(Condition condition) {
        return condition.operator() == Operator.EQ
                ? Condition.masked(condition.argument(), INT, condition.value() & INT)
                : condition;
    }

    private static Optional<Way> way(PolicyMeaning meaning, CallClass each) {
        return ClassDifference.way(meaning, each).map(outcome -> new Way(each, outcome));
    }
}
