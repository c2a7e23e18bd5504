// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.Action;
import io.sandbox.policy.Condition;
import io.sandbox.policy.ErrnoNames;
import io.sandbox.policy.Operator;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.NoteLines;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.Rule;
import io.sandbox.policy.meaning.CallNames;
import io.sandbox.policy.meaning.Reduction;
import io.sandbox.policy.meaning.Region;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Writes for {@code minijail0 -S}; deny lists need it with {@code --seccomp-denylist}. */
final class MinijailWriter implements FormatWriter {
    private static final Action USUAL_ERRNO = Action.errno(1);
    private static final Action TRACE = new Action.Trace(0); // minijail gives tracers no number

    @Override
    public Writing write(PolicyDocument document, Circumstances here) {
        List<Loss> losses = new ArrayList<>();
        PolicyDocument counting = document.under(here);
        CallNames names = CallNames.on(here.arch());
        StringBuilder out = new StringBuilder();
        boolean deny = document.otherwise() == Action.ALLOW;
        NoteLines.writeOfFile(
                out,
                '#',
                deny ? Reduction.withoutConditions(document.comments()) : document.comments());
        appendDefault(out, document.otherwise(), losses);
        for (List<Rule> rules : Reduction.byCall(counting, names).values()) {
            String filter =
                    deny ? denial(rules, losses) : permission(rules, document.otherwise(), losses);
            if (!filter.isEmpty()) {
                append(out, names, rules.get(0), filter);
            }
        }
        if (UnknownText.isEmpty(out.toString())) {
            out.append("@default kill-process\n"); // an empty file would be no policy
        }
        losses.addAll(Loss.ofForeign(document, here));
        losses.addAll(Loss.ofLogDenials(document));
        return new Writing(out.toString(), losses);
    }

    @Override
    public boolean says(Action action) {
        return action instanceof Action.Trace ? action.equals(TRACE) : true;
    }

    private static void append(StringBuilder out, CallNames names, Rule first, String filter) {
        NoteLines.write(out, '#', first.note().comments());
        out.append(names.nameOf(first.call()).orElse(first.call().toString()));
        out.append(": ").append(filter);
        if (!first.note().reason().isEmpty()) {
            out.append("  # ").append(NoteLines.shown(first.note().reason()));
        }
        out.append('\n');
    }

    private static void appendDefault(StringBuilder out, Action otherwise, List<Loss> losses) {
        if (otherwise == Action.ALLOW) {
            out.append("@denylist\n");
        } else if (otherwise == Action.KILL_THREAD) {
            out.append("@default kill-thread\n");
        } else if (otherwise == Action.TRAP) {
            out.append("@default trap\n");
        } else if (otherwise == Action.NOTIFY) {
            out.append("@default user-notify\n");
        } else if (otherwise != Action.KILL) {
            losses.add(Loss.ofAction("other calls", otherwise, Action.KILL));
        }
    }

    /** When the call is allowed, and what else happens; empty if the default says the same. */
    static String permission(List<Rule> rules, Action otherwise, List<Loss> losses) {
        Optional<List<List<Condition>>> allowed =
                Region.where(rules, action -> action == Action.ALLOW);
        if (allowed.isEmpty()) {
            losses.add(
                    new Loss(
                            rules.get(0).call().toString(),
                            "the order of its rules cannot be said; all of it is refused"));
            return "";
        }
        if (allowed.get().contains(List.<Condition>of())) {
            return "1";
        }
        Set<String> alternatives = new LinkedHashSet<>(); // rules may say the same
        for (List<Condition> conditions : allowed.get()) {
            alternatives.add(String.join(" && ", tests(conditions)));
        }
        String refusal = refusal(rules, otherwise, losses);
        String expression = String.join(" || ", alternatives);
        return expression.isEmpty() || refusal.isEmpty()
                ? expression + refusal
                : expression + "; " + refusal;
    }

    /** The action for a call that is not allowed; empty if it is the default. */
    private static String refusal(List<Rule> rules, Action otherwise, List<Loss> losses) {
        Set<Action> refusals = new LinkedHashSet<>();
        rules.stream().map(Rule::action).filter(a -> a != Action.ALLOW).forEach(refusals::add);
        if (rules.stream().allMatch(Rule::isConditional)) {
            refusals.add(otherwise);
        }
        if (refusals.size() == 1) {
            Action only = refusals.iterator().next();
            if (only instanceof Action.Errno errno) {
                return "return " + ErrnoNames.nameOrNumber(errno.number());
            }
            if (only.equals(TRACE)) {
                return "trace";
            }
            if (only == Action.NOTIFY && otherwise != Action.NOTIFY) {
                return "user-notify";
            }
        }
        for (Action refusal : refusals) {
            if (!refusal.equals(otherwise)) {
                losses.add(
                        Loss.ofAction(
                                rules.get(0).call().toString(),
                                refusal,
                                otherwise instanceof Action.Plain ? otherwise : Action.KILL));
            }
        }
        return "";
    }

    /** The action for a call in a deny list; empty if it is allowed. */
    private static String denial(List<Rule> rules, List<Loss> losses) {
        Rule first = rules.get(0);
        if (first.isConditional()) {
            losses.add(
                    new Loss(
                            first.call().toString(),
                            "is allowed whatever the arguments: a deny list has no conditions"));
            return "";
        }
        if (first.action() == Action.ALLOW) {
            return "";
        }
        if (first.action() instanceof Action.Errno errno) {
            return "return " + ErrnoNames.nameOrNumber(errno.number());
        }
        losses.add(Loss.ofAction(first.subject(), first.action(), USUAL_ERRNO));
        return "return EPERM";
    }

    private static List<String> tests(List<Condition> conditions) {
        List<String> tests = new ArrayList<>();
        for (Condition condition : conditions) {
            if (condition.operator() == Operator.MASKED_EQ) {
                addMasked(tests, condition);
            } else {
                tests.add(test(condition, condition.operator().symbol(), condition.value()));
            }
        }
        return tests;
    }

    /** Adds one test for each bit that must be set, and one for all that must not. */
    private static void addMasked(List<String> tests, Condition condition) {
        if (condition.mask() == -1) {
            tests.add(test(condition, "==", condition.value()));
            return;
        }
        for (long rest = condition.value(); rest != 0; rest &= rest - 1) {
            tests.add(test(condition, "&", Long.lowestOneBit(rest)));
        }
        long clear = condition.mask() & ~condition.value();
        if (clear != 0 || condition.mask() == 0) {
            tests.add(test(condition, "in", ~clear));
        }
    }

    private static String test(Condition condition, String operator, long value) {
        return "arg" + condition.argument() + " " + operator + " 0x" + Long.toHexString(value);
    }
}
