// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift.report;

import io.sandbox.evidence.CallTests;
import io.sandbox.evidence.drift.CallDrift;
import io.sandbox.evidence.drift.CheckResult;
import io.sandbox.evidence.drift.Drift;
import io.sandbox.evidence.drift.Gate;
import io.sandbox.evidence.drift.Readiness;
import io.sandbox.evidence.drift.Seen;
import io.sandbox.evidence.drift.UnusedRule;
import io.sandbox.syscalldb.Risk;
import io.sandbox.syscalldb.SyscallFacts;
import io.sandbox.text.VisibleText;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The words for findings, which all formats share. All text is {@link VisibleText}. */
public final class Wording {
    /** How many executables, or hosts, of a call are named. Only JSON names all. */
    private static final int SEEN_LIMIT = 20;

    private Wording() {}

    /** The result in one line, such as {@code 2 new calls, 1 unused rule; seen: ...}. */
    public static String summary(CheckResult result) {
        Drift drift = result.drift();
        String found =
                drift.forbidden().isEmpty()
                        ? "no new calls"
                        : count(drift.forbidden().size(), "new call");
        if (!drift.refused().isEmpty()) {
            found += ", " + drift.refused().size() + " refused by decision";
        }
        if (!drift.unused().isEmpty()) {
            found += ", " + count(drift.unused().size(), "unused rule");
        }
        if (result.readiness().isPresent()) {
            return found + "; " + seen(result.readiness().get(), drift);
        }
        return String.format(
                "%s; seen: %s, %s, %s",
                found,
                count(drift.distinctCalls(), "call"),
                count(drift.records(), "record"),
                count(drift.runs(), "run"));
    }

    /** Such as {@code seen: 3 hosts, 12 canaries, 4 records since 2026-11-17T08:00:00Z}. */
    private static String seen(Readiness readiness, Drift drift) {
        long canaries = readiness.hosts().stream().mapToLong(host -> host.canaries().size()).sum();
        return String.format(
                "seen: %s, %s, %s since %s",
                count(readiness.hosts().size(), "host"),
                canaries == 1 ? "1 canary" : canaries + " canaries",
                count(drift.records(), "record"),
                readiness.demand().after().truncatedTo(ChronoUnit.SECONDS));
    }

    public static String verdict(CheckResult result) {
        if (result.readiness().isPresent()) {
            return switch (result.outcome()) {
                case SAME -> "ready";
                case DRIFT -> "not ready";
                case UNCHECKED -> "unknown";
            };
        }
        return switch (result.outcome()) {
            case SAME -> result.drift().forbidden().isEmpty() ? "same" : "tolerated";
            case DRIFT -> result.failOn().concerns(result.drift()) ? "drift" : "too open";
            case UNCHECKED -> "could not check";
        };
    }

    /** The call's name, with its architecture if that is not the policy's. */
    static String name(CallDrift call) {
        String name = call.call().displayName();
        return call.covered() ? name : name + " of " + call.call().archName();
    }

    /** Returns a text such as {@code socket is not allowed}. */
    public static String title(CallDrift call) {
        String name = name(call);
        String ruling = " (" + call.ruling().text() + ")";
        return switch (call.kind()) {
            case NEW -> name + " is not allowed" + ruling;
            case OUTSIDE_CONDITIONS -> {
                String seen = String.join(" or ", call.arguments());
                String which = seen.isEmpty() ? "" : ": " + seen;
                yield name + " is made with other arguments" + which + ruling;
            }
            case OUTSIDE_CONDITIONS_OR_POLICY ->
                    name + " was refused, for its arguments or under another policy" + ruling;
            case UNDECIDED -> name + " may be made with other arguments" + ruling;
            case REFUSED -> name + " is refused by decision" + ruling;
        };
    }

    public static String title(UnusedRule rule) {
        return VisibleText.of(rule.subject())
                + " is allowed and not used"
                + (rule.unreachable()
                        ? ", and no code of the program leads there: a candidate to remove"
                        : "");
    }

    /** How many known exploits the policy stops, and how many it must stop. */
    public static String title(Gate gate) {
        return String.format(
                "the policy leaves %d of %d known exploits reachable (a lower bound): it stops %d"
                        + " at most, and %d are wanted",
                gate.known() - gate.stopped(), gate.known(), gate.stopped(), gate.atLeast());
    }

    /** What leaves known exploits reachable, one line for each cause. */
    public static List<String> details(Gate gate) {
        return gate.open().stream().map(VisibleText::of).toList();
    }

    /** The title, and then the details. */
    static List<String> text(Gate gate) {
        return Stream.concat(Stream.of(title(gate)), details(gate).stream()).toList();
    }

    /** The title, the details, and how the call is allowed. */
    static List<String> text(CheckResult result, CallDrift call) {
        List<String> text = new ArrayList<>(List.of(title(call)));
        text.addAll(details(call));
        if (call.kind() == CallDrift.Kind.NEW && byHand(call).isEmpty()) {
            result.updateCommand()
                    .map(command -> "to allow it, after review: " + VisibleText.of(command))
                    .ifPresent(text::add);
        }
        return text;
    }

    /** How risky the call is, who makes it, and what may be the reason; one sentence each. */
    public static List<String> details(CallDrift call) {
        List<String> details = new ArrayList<>();
        if (olderMade(call).isPresent()) {
            return List.of(olderMade(call).get());
        }
        call.facts().ifPresent(facts -> details.add(risk(facts)));
        call.seen().stream().limit(SEEN_LIMIT).forEach(seen -> details.add(seen(seen)));
        if (call.seen().size() > SEEN_LIMIT) {
            details.add("and " + (call.seen().size() - SEEN_LIMIT) + " more");
        }
        tests(call).ifPresent(details::add);
        sibling(call).ifPresent(details::add);
        byHand(call).ifPresent(details::add);
        return details;
    }

    /** Learned lists have it for clone3, whose flags no filter sees: nobody needs to act. */
    static Optional<String> olderMade(CallDrift call) {
        return call.sibling()
                .filter(older -> call.kind() == CallDrift.Kind.REFUSED)
                .filter(older -> call.ruling().text().equals("errno:ENOSYS"))
                .map(
                        older ->
                                "as on a kernel without it; then "
                                        + older.name()
                                        + ", which is allowed, is made in its place");
    }

    /** Returns a text such as {@code risk high, kernel-surface: ...; groups @process}. */
    public static String risk(SyscallFacts facts) {
        List<String> groups = new ArrayList<>(facts.groups());
        groups.remove("@known"); // every named call is in it
        return "risk "
                + facts.risk().level().word()
                + (facts.risk() == Risk.NONE ? "" : ", " + facts.risk().word())
                + ": "
                + facts.riskReason()
                + (groups.isEmpty() ? "" : "; " + String.join(" ", groups));
    }

    /** Such as {@code /usr/bin/ping: 3 times, first after 0.01 s, from libc.so.6+0x1}. */
    public static String seen(Seen seen) {
        String origin =
                seen.origin().map(from -> ", from " + VisibleText.of(from.toString())).orElse("");
        String first =
                seen.host().isPresent()
                        ? ", first at " + seen.first().truncatedTo(ChronoUnit.SECONDS)
                        : String.format(
                                Locale.ROOT, ", first after %.2f s", seen.firstMillis() / 1e3);
        return executable(seen)
                + ": "
                + (seen.count() == 1 ? "once" : seen.count() + " times")
                + first
                + origin;
    }

    /** Returns a text such as {@code by the test StoreTest.rotates, the smallest of 3}. */
    public static Optional<String> tests(CallDrift call) {
        return call.tests().map(Wording::makers);
    }

    private static String makers(CallTests tests) {
        if (tests.areStates()) {
            return VisibleText.of(tests.makers());
        }
        if (tests.isOnlyOutside()) {
            return "by no test: at start-up, or by the test framework";
        }
        return (tests.smallest().size() > 1 ? "by " : "by the test ")
                + VisibleText.of(tests.makers())
                + (tests.count() > 1 ? ", the smallest of " + tests.count() : "");
    }

    static String executable(Seen seen) {
        String path =
                seen.executable().isEmpty()
                        ? "(executable unknown)"
                        : VisibleText.of(seen.executable());
        return seen.host().map(host -> VisibleText.of(host) + ": " + path).orElse(path);
    }

    public static Optional<String> sibling(CallDrift call) {
        return call.sibling()
                .map(
                        sibling ->
                                "may be made in place of "
                                        + sibling.name()
                                        + ", which is allowed"
                                        + (sibling.unused() ? " and no longer used" : "")
                                        + ": did the C library or a runtime change?");
    }

    /** Why the evidence does not suffice, one sentence each; none if it does. */
    public static List<String> doubts(CheckResult result) {
        return result.reasonsForDoubt().stream().map(VisibleText::of).toList();
    }

    /** What the evidence cannot show, one sentence each. */
    public static List<String> warnings(CheckResult result) {
        return result.warnings().stream().map(VisibleText::of).toList();
    }

    /** What is left to the user, since the policy refuses the call on purpose. */
    static Optional<String> byHand(CallDrift call) {
        if (call.kind() == CallDrift.Kind.OUTSIDE_CONDITIONS
                || call.kind() == CallDrift.Kind.OUTSIDE_CONDITIONS_OR_POLICY) {
            return Optional.of(
                    "to allow it, change the conditions by hand"
                            + (call.arguments().isEmpty()
                                    ? ", or learn the list again, which shows the arguments"
                                    : ""));
        }
        if (call.kind() == CallDrift.Kind.REFUSED) {
            return Optional.of(
                    "the evidence does not show what the program does after the error: test it"
                            + " under the policy");
        }
        if (call.isRuled()) {
            return Optional.of("to allow it, change the rule that refuses it by hand");
        }
        return call.covered()
                ? Optional.empty()
                : Optional.of(
                        "to allow it, the policy must be about calls of " + call.call().archName());
    }

    /** Returns a text such as {@code 1 run}, {@code 2 processes}. */
    public static String count(long number, String noun) {
        return number + " " + plural(number, noun);
    }

    public static String plural(long number, String noun) {
        return noun + (number == 1 ? "" : noun.endsWith("s") ? "es" : "s");
    }
}
