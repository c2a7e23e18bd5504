// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.meaning;

import io.sandbox.policy.Action;
import io.sandbox.policy.ActionText;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.Listener;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.Rule;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * One difference between the decisions of two policies.
 *
 * @param subject the call or other thing that is decided differently
 * @param before what the first says
 * @param after what the second says
 */
public record PolicyDifference(String subject, String before, String after) {
    /** The subject for the calls that no rule mentions. */
    public static final String OTHERS = "other calls";

    /** The subject for the architectures whose calls the rules are about. */
    public static final String ARCHITECTURES = "other architectures";

    /** The subject for the calls of all other architectures. */
    public static final String FOREIGN = "calls of architectures not covered";

    /** The subject for calls that nobody could judge. */
    public static final String NEWER = "ENOSYS for calls";

    /** The subject for who decides about calls. */
    public static final String LISTENER = "listener";

    /**
     * In one line, such as {@code clone3: errno:ENOSYS -> allow (opens: a new user namespace)}.
     *
     * @param named puts names after the values in what a policy says of a call
     * @param about what the difference comes to; empty for nothing of note
     */
    public String text(UnaryOperator<String> named, String about) {
        return "%s: %s -> %s%s"
                .formatted(
                        subject,
                        named.apply(before),
                        named.apply(after),
                        about.isEmpty() ? "" : " (" + about + ")");
    }

    /** All differences: those that are not about one call, then the others by call. */
    public static List<PolicyDifference> between(
            PolicyDocument first, PolicyDocument second, Circumstances here) {
        List<PolicyDifference> found = between(first, second, here, false);
        boolean sayTheSame =
                first.otherwise().equals(second.otherwise())
                        && first.unknown().refusesSame(second.unknown());
        // Both answer numbers that nobody knows in the same way, so each known call can be
        // compared: one policy may list the calls that are the rest of the other.
        if (sayTheSame
                || !first.unlisted(Optional.empty()).equals(second.unlisted(Optional.empty()))) {
            return found;
        }
        List<PolicyDifference> ofCalls = between(first, second, here, true);
        return ofCalls.size() < found.size() ? ofCalls : found;
    }

    /** {@code byCall}: whether each known call is compared, and nothing is said of the rest. */
    private static List<PolicyDifference> between(
            PolicyDocument first, PolicyDocument second, Circumstances here, boolean byCall) {
        List<PolicyDifference> found = new ArrayList<>();
        if (!byCall) {
            add(found, OTHERS, text(first.otherwise()), text(second.otherwise()));
        }
        add(
                found,
                ARCHITECTURES,
                String.join(" ", new TreeSet<>(first.coverage().foreignOn(here.arch()))),
                String.join(" ", new TreeSet<>(second.coverage().foreignOn(here.arch()))));
        add(found, FOREIGN, foreign(first), foreign(second));
        if (!byCall && !first.unknown().refusesSame(second.unknown())) {
            add(found, NEWER, first.unknown().text(), second.unknown().text());
        }
        add(found, LISTENER, listener(first), listener(second));
        add(found, "refused calls", logged(first), logged(second));
        List<String> known = byCall ? known(here.arch()) : List.of();
        addCalls(found, first.under(here), second.under(here), here.arch(), known);
        return found;
    }

    /** The calls of an architecture. Those that only others have, no rule of it can be about. */
    private static List<String> known(String arch) {
        return SyscallDb.get().archByName(arch).map(SyscallDb.get()::table).stream()
                .flatMap(table -> table.all().stream())
                .map(Syscall::name)
                .toList();
    }

    private static void addCalls(
            List<PolicyDifference> found,
            PolicyDocument first,
            PolicyDocument second,
            String arch,
            List<String> known) {
        CallNames names = CallNames.on(arch);
        boolean has32BitArguments =
                SyscallDb.get().archByName(arch).filter(Arch::has32BitArguments).isPresent();
        Map<String, List<Rule>> before = Reduction.byCall(first, names);
        Map<String, List<Rule>> after = Reduction.byCall(second, names);
        Map<String, CallRef> calls = new HashMap<>();
        before.forEach((key, rules) -> calls.put(key, rules.get(0).call()));
        after.forEach((key, rules) -> calls.putIfAbsent(key, rules.get(0).call()));
        for (String name : known) {
            CallRef call = new CallRef.Named(name);
            calls.putIfAbsent(names.key(call), call);
        }
        List<PolicyDifference> ofCalls = new ArrayList<>();
        calls.forEach(
                (key, call) -> {
                    Optional<Syscall> syscall = names.find(call);
                    Decision was = decision(before.get(key), first, syscall);
                    Decision is = decision(after.get(key), second, syscall);
                    if (!was.sameOn(has32BitArguments, is)) {
                        String name = names.nameOf(call).orElse(call.toString());
                        ofCalls.add(new PolicyDifference(name, was.text(), is.text()));
                    }
                });
        ofCalls.sort((a, b) -> a.subject().compareTo(b.subject()));
        found.addAll(ofCalls);
    }

    private static Decision decision(
            List<Rule> rules, PolicyDocument document, Optional<Syscall> call) {
        return rules == null
                ? new Decision(List.of(), document.unlisted(call))
                : new Decision(rules, document.otherwise());
    }

    private static void add(
            List<PolicyDifference> found, String subject, String before, String after) {
        if (!before.equals(after)) {
            found.add(new PolicyDifference(subject, shown(before), shown(after)));
        }
    }

    private static String shown(String text) {
        return text.isEmpty() ? "none" : text;
    }

    private static String text(Action action) {
        return ActionText.format(action);
    }

    private static String foreign(PolicyDocument document) {
        return text(document.logsForeign() ? Action.LOG : Action.KILL);
    }

    private static String listener(PolicyDocument document) {
        return document.listener().map(Listener::toString).orElse("");
    }

    private static String logged(PolicyDocument document) {
        return document.logDenials() ? "logged" : "not logged";
    }
}
