// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.bpf;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.UnknownCalls;
import io.sandbox.policy.bpf.CallCases.Case;
import io.sandbox.policy.document.Coverage;
import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.Rule;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallTable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The policy that filters enforce, with calls by name. It covers the machine's own architecture and
 * every other one for which the filters decide alike.
 *
 * @param losses what the filters decide and the policy cannot express
 */
public record DecodedPolicy(PolicyDocument document, List<Loss> losses) {
    /** The most calls that a message names. */
    private static final int NAMED = 3;

    public DecodedPolicy {
        losses = List.copyOf(losses);
    }

    /** {@code logDenials}: whether refused calls also leave audit records, which no filter says. */
    public static DecodedPolicy of(FilterMeaning meaning, boolean logDenials) {
        return new Writer(meaning).write(logDenials);
    }

    private static final class Writer {
        private final FilterMeaning meaning;
        private final ArchMeaning main;
        private final Map<String, List<Rule>> rules = new LinkedHashMap<>();
        private final List<Loss> losses = new ArrayList<>();
        private final List<String> covered = new ArrayList<>();

        Writer(FilterMeaning meaning) {
            this.meaning = meaning;
            main = meaning.arches().get(0);
        }

        PolicyDocument document(boolean logDenials, Action otherwise, Action foreign) {
            List<Rule> all = new ArrayList<>();
            rules.values().forEach(all::addAll);
            PolicyDocument document =
                    new PolicyDocument(
                            otherwise,
                            all,
                            new Coverage(covered, Map.of()),
                            !covered.isEmpty(),
                            logDenials,
                            foreign == Action.LOG,
                            UnknownCalls.AS_OTHERS,
                            Optional.empty(),
                            List.of());
            return otherwise.equals(UnknownCalls.REFUSAL)
                    ? new JudgedCalls(document, main.arch()).shortest()
                    : document;
        }

        DecodedPolicy write(boolean logDenials) {
            Action otherwise = action("calls that are not listed", main.otherwise());
            addCalls(main);
            for (CallCases range : main.ranges()) {
                losses.add(
                        new Loss(
                                "calls " + range.subject(),
                                "get the default action in place of: " + range.text()));
            }
            Action foreign = foreign();
            for (ArchMeaning other : meaning.arches().subList(1, meaning.arches().size())) {
                addArch(other, foreign);
            }
            return new DecodedPolicy(document(logDenials, otherwise, foreign), losses);
        }

        private Action foreign() {
            Action wanted =
                    meaning.others()
                            .map(verdict -> action("calls of other architectures", verdict))
                            .orElse(Action.KILL);
            if (meaning.others().isEmpty()) {
                losses.add(
                        new Loss(
                                "calls of other architectures",
                                "are killed: the filter's verdict on them depends on the call"));
            } else if (wanted != Action.LOG && wanted != Action.KILL) {
                losses.add(Loss.ofAction("calls of other architectures", wanted, Action.KILL));
            }
            return wanted == Action.LOG ? wanted : Action.KILL;
        }

        private void addCalls(ArchMeaning arch) {
            for (CallCases call : arch.calls()) {
                Optional<CallRef> reference = reference(call);
                if (reference.isEmpty()) {
                    losses.add(
                            new Loss(
                                    "call " + call.subject(),
                                    "gets the default action in place of: " + call.text()));
                } else {
                    rules.put(call.subject(), rules(reference.get(), call));
                }
            }
        }

        private static Optional<CallRef> reference(CallCases call) {
            if (call.name().isPresent()) {
                return Optional.of(new CallRef.Named(call.name().get()));
            }
            return call.from() <= CallRef.MAX_NUMBER
                    ? Optional.of(new CallRef.Numbered((int) call.from()))
                    : Optional.empty();
        }

        private List<Rule> rules(CallRef call, CallCases cases) {
            List<Rule> ofCall = new ArrayList<>();
            for (Case each : cases.cases()) {
                Rule rule = Rule.of(call, each.conditions(), Action.KILL);
                Action action = action(rule.subject(), each.verdict());
                ofCall.add(Rule.of(call, each.conditions(), action));
            }
            return ofCall;
        }

        /** What was not decoded is refused. */
        private Action action(String subject, Verdict verdict) {
            if (verdict.action().isPresent()) {
                return verdict.action().get();
            }
            losses.add(
                    new Loss(
                            subject,
                            "is refused: what decides about it cannot be said in rules (the"
                                    + " filter's instructions show it)"));
            return Action.KILL;
        }

        private void addArch(ArchMeaning other, Action foreign) {
            String calls = "calls of " + other.arch().name();
            if (other.isUniform()) {
                if (!other.otherwise().action().equals(Optional.of(foreign))) {
                    String given = foreign == Action.LOG ? "log" : "kill";
                    String wanted = " in place of " + other.otherwise();
                    losses.add(new Loss(calls, "get " + given + wanted));
                }
                return;
            }
            Set<String> different = different(other);
            if (!different.isEmpty()) {
                String some = String.join(", ", different.stream().limit(NAMED).toList());
                losses.add(
                        new Loss(
                                calls,
                                "are refused: the filter has other verdicts for some, such as "
                                        + some));
                return;
            }
            covered.add(other.arch().name());
            SyscallTable own = SyscallDb.get().table(main.arch());
            for (CallCases call : other.calls()) {
                call.name()
                        .filter(name -> own.byCanonicalName(name).isEmpty())
                        .ifPresent(
                                name ->
                                        rules.putIfAbsent(
                                                name, rules(new CallRef.Named(name), call)));
            }
        }

        /** The calls that both architectures have, with a different verdict on each. */
        private Set<String> different(ArchMeaning other) {
            Set<String> different = new TreeSet<>();
            if (!other.isWhole() || !other.otherwise().equals(main.otherwise())) {
                different.add("calls that are not listed");
            }
            Map<String, List<Case>> here = bySubject(main);
            Map<String, List<Case>> there = bySubject(other);
            Set<String> subjects = new HashSet<>(here.keySet());
            subjects.addAll(there.keySet());
            for (String subject : subjects) {
                if (!sameWhereBothHave(other.arch(), subject, here, there)) {
                    different.add(subject);
                }
            }
            return different;
        }

        private boolean sameWhereBothHave(
                Arch other,
                String subject,
                Map<String, List<Case>> here,
                Map<String, List<Case>> there) {
            if (Character.isDigit(subject.charAt(0))) {
                return cases(here, subject).equals(cases(there, subject));
            }
            Optional<String> mine = nameOn(main.arch(), subject);
            Optional<String> theirs = nameOn(other, subject);
            return mine.isEmpty()
                    || theirs.isEmpty()
                    || cases(here, mine.get()).equals(cases(there, theirs.get()));
        }

        private static List<Case> cases(Map<String, List<Case>> of, String subject) {
            return of.getOrDefault(subject, List.of());
        }

        /** A name of one architecture can be another's second name for another call. */
        private static Optional<String> nameOn(Arch arch, String name) {
            return SyscallDb.get().table(arch).byName(name).map(Syscall::name);
        }

        private static Map<String, List<Case>> bySubject(ArchMeaning arch) {
            Map<String, List<Case>> cases = new LinkedHashMap<>();
            arch.calls().forEach(call -> cases.put(call.subject(), call.cases()));
            arch.ranges().forEach(range -> cases.put(range.subject(), range.cases()));
            return cases;
        }
    }
}
