// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.testing;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.Operator;
import io.sandbox.policy.UnknownCalls;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.Coverage;
import io.sandbox.policy.document.Listener;
import io.sandbox.policy.document.Note;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.Rule;
import io.sandbox.policy.document.Scope;
import io.sandbox.syscalldb.KernelVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Random documents, the same in each run, with the features that a format can express. */
public final class RandomDocuments {
    public enum Feature {
        CONDITIONS,
        /** Several conditions for one argument. */
        ARGUMENT_TWICE,
        /** Rules with different actions for one call. */
        ORDER,
        /** Rules with other actions than allow and one other. */
        ACTIONS,
        /** Rules with errnos. Rules of one call are in the order of their strictness. */
        OWN_ERRNOS,
        DENY,
        NUMBERS,
        SCOPES,
        COMMENTS,
        REASONS,
        LOG,
        COVERAGE,
        /** Foreign calls get another action than the default. */
        FOREIGN,
        /** Calls that nobody could judge get ENOSYS. */
        UNKNOWN,
        /** Says who is asked. */
        LISTENER
    }

    public static final Circumstances HERE = Policies.here("x86_64", "6.1", "CAP_SYS_CHROOT");

    private static final long[] VALUES = {
        0, 1, 2, 3, 0x7fffffffL, 0x80000000L, 0xffffffffL, 0x100000000L, Long.MIN_VALUE, -2, -1
    };
    private static final List<String> NAMES =
            List.of(
                    """
                    read write openat close mmap socket clone clone3 ioctl fcntl prctl seccomp
                    exit_group execve getrandom futex
                    """
                            .split("\\s"));

    private final Random random;
    private final Set<Feature> features;
    private final List<Action> refusals;

    public RandomDocuments(long seed, Set<Feature> features, List<Action> refusals) {
        random = new Random(seed);
        this.features = features;
        this.refusals = refusals;
    }

    /** Both as words: {@code CONDITIONS ORDER}, {@code kill errno:1}. */
    public RandomDocuments(long seed, String features, String refusals) {
        this(seed, features(features), Policies.actions(refusals));
    }

    public static Set<Feature> features(String words) {
        return Stream.of(words.split(" ")).map(Feature::valueOf).collect(Collectors.toSet());
    }

    public PolicyDocument next() {
        Action refusal = pick(refusals);
        boolean deny = has(Feature.DENY) && random.nextInt(3) == 0;
        Action otherwise = deny ? Action.ALLOW : refusal;
        List<Rule> rules = new ArrayList<>();
        List<String> names = new ArrayList<>(NAMES);
        for (int i = random.nextInt(9); i > 0; i--) {
            Action action = deny ? refusal : Action.ALLOW;
            if (has(Feature.ACTIONS) && random.nextInt(3) == 0) {
                action = pick(refusals);
            }
            CallRef call = call(names);
            int alternatives = has(Feature.CONDITIONS) ? 1 + random.nextInt(3) : 1;
            for (int j = 0; j < alternatives; j++) {
                List<Condition> conditions = has(Feature.CONDITIONS) ? conditions() : List.of();
                boolean other = has(Feature.ORDER) && random.nextInt(2) == 0;
                Action ofRule = other ? pick(List.of(Action.ALLOW, pick(refusals))) : action;
                rules.add(new Rule(call, conditions, ownErrno(ofRule, refusal), scope(), note()));
            }
        }
        if (has(Feature.OWN_ERRNOS)) {
            rules = Rule.strictestFirst(rules);
        }
        UnknownCalls unknown = UnknownCalls.AS_OTHERS;
        if (has(Feature.UNKNOWN)) {
            UnknownCalls after = UnknownCalls.after(HERE.kernel());
            unknown = pick(List.of(unknown, UnknownCalls.ABOVE_TABLES, after));
        }
        Optional<Listener> listener = Optional.empty();
        if (has(Feature.LISTENER) && random.nextInt(3) == 0) {
            listener = Optional.of(new Listener("/run/l.sock", pick(List.of("", "x y"))));
        }
        return new PolicyDocument(
                otherwise,
                rules,
                coverage(),
                false,
                has(Feature.LOG) && random.nextBoolean(),
                has(Feature.FOREIGN) ? random.nextBoolean() : otherwise == Action.LOG,
                unknown,
                listener,
                comments());
    }

    private Action ownErrno(Action action, Action refusal) {
        boolean own = has(Feature.OWN_ERRNOS) && refusal != Action.LOG && random.nextInt(3) == 0;
        return own ? Action.errno(pick(List.of(1, 38, 41, 4094, 4095))) : action;
    }

    private CallRef call(List<String> names) {
        return has(Feature.NUMBERS) && random.nextInt(4) == 0
                ? new CallRef.Numbered(500 + random.nextInt(500))
                : new CallRef.Named(names.remove(random.nextInt(names.size())));
    }

    private List<Condition> conditions() {
        List<Condition> conditions = new ArrayList<>();
        int used = 0;
        for (int i = random.nextInt(3); i > 0; i--) {
            int argument = random.nextInt(6);
            if (has(Feature.ARGUMENT_TWICE) || (used & 1 << argument) == 0) {
                Operator operator = pick(List.of(Operator.values()));
                long mask = operator == Operator.MASKED_EQ ? value() : -1;
                conditions.add(new Condition(argument, operator, mask, value() & mask));
            }
            used |= 1 << argument;
        }
        return conditions;
    }

    private long value() {
        return VALUES[random.nextInt(VALUES.length)];
    }

    private Scope scope() {
        if (!has(Feature.SCOPES) || random.nextInt(2) == 0) {
            return Scope.ANYWHERE;
        }
        return new Scope(
                random.nextInt(3) == 0 ? Set.of("x86_64", "i386") : Set.of(),
                random.nextInt(5) == 0 ? Set.of("s390x", "mips64") : Set.of(),
                random.nextInt(4) == 0 ? Set.of("CAP_SYS_CHROOT") : Set.of(),
                random.nextInt(4) == 0 ? Set.of("CAP_SYS_ADMIN") : Set.of(),
                random.nextInt(4) == 0
                        ? Optional.of(KernelVersion.parse("4.8").orElseThrow())
                        : Optional.empty(),
                random.nextInt(4) == 0
                        ? Optional.of(KernelVersion.parse("5.19").orElseThrow())
                        : Optional.empty());
    }

    private Note note() {
        List<String> comments = has(Feature.COMMENTS) ? comments() : List.of();
        boolean reason = has(Feature.REASONS) && random.nextInt(3) == 0;
        return new Note(comments, reason ? pick(List.of("why # not", "\"x\" \\ é")) : "", 0);
    }

    private List<String> comments() {
        return has(Feature.COMMENTS) && random.nextInt(3) == 0
                ? List.of("two lines", "of comment: # ; \"")
                : List.of();
    }

    private Coverage coverage() {
        if (!has(Feature.COVERAGE)) {
            return Coverage.NATIVE;
        }
        Map<String, List<String>> byMachine =
                Map.of(
                        "x86_64", List.of("i386", "x32"),
                        "s390x", List.of("s390"),
                        "riscv64", List.of());
        return pick(
                List.of(
                        Coverage.NATIVE,
                        new Coverage(List.of("i386", "x32"), Map.of()),
                        new Coverage(List.of(), byMachine)));
    }

    private boolean has(Feature feature) {
        return features.contains(feature);
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    /** A call that a rule of the document matches, or nearly. */
    public Call call(PolicyDocument document) {
        long[] arguments = new long[6];
        for (int i = 0; i < 6; i++) {
            arguments[i] = value() + random.nextInt(3) - 1;
        }
        CallRef called = new CallRef.Named(pick(NAMES));
        if (!document.rules().isEmpty() && random.nextInt(8) > 0) {
            Rule rule = pick(document.rules());
            called = rule.call();
            for (Condition condition : rule.conditions()) {
                arguments[condition.argument()] =
                        random.nextInt(4) == 0
                                ? condition.value() + random.nextInt(3) - 1
                                : condition.value() | random.nextLong() & ~condition.mask();
            }
        }
        return new Call(called, arguments);
    }

    public record Call(CallRef call, long[] arguments) {
        /** The document's verdict, by a slow and simple reading. */
        public Action verdict(PolicyDocument document, Circumstances here) {
            for (Rule rule : document.under(here).rules()) {
                if (rule.call().equals(call)
                        && rule.conditions().stream()
                                .allMatch(each -> each.holds(arguments[each.argument()]))) {
                    return rule.action();
                }
            }
            return document.otherwise();
        }
    }
}
