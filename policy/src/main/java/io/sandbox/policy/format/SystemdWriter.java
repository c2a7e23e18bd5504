// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.Action;
import io.sandbox.policy.ErrnoNames;
import io.sandbox.policy.UnknownCalls;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.Coverage;
import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.NoteLines;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.Rule;
import io.sandbox.policy.meaning.LostConditions;
import io.sandbox.policy.meaning.PolicyMeaning;
import io.sandbox.policy.meaning.Reduction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Writes a drop-in that replaces the unit's settings for calls, with the settings beside
 * SystemCallFilter= that the policy carries ({@link SystemdDirectives}). systemd adds @default to
 * an allow list, so later lines remove the calls that the policy does not allow. Such a line alone
 * would begin a list of refused calls. So two lines allow calls, and no line whose loss turns the
 * list into its opposite. Calls that are refused in another way than the rest are removed with
 * their errno. Only ENOSYS cannot be said in this way: systemd gives it to numbers that it does not
 * know, and libseccomp refuses a rule that says the same (the unit then fails with status 228, seen
 * with systemd 257). A policy on trial becomes SystemCallLog=, to which systemd adds nothing.
 */
final class SystemdWriter implements FormatWriter {
    /** systemd itself makes this call after it has set the filter. */
    private static final String EXECVE = "execve";

    private static final String LOG = "SystemCallLog";

    private static final Action ENOSYS = UnknownCalls.REFUSAL;

    private static final int WIDTH = 96;

    /** A policy on trial lets them pass. */
    @Override
    public Set<Feature> features() {
        return Set.of(Feature.FOREIGN);
    }

    @Override
    public Writing write(PolicyDocument document, Circumstances here) {
        // Leaves the coverage out of the reduction, since the format itself can name architectures.
        Reduction reduction = Reduction.of(document.withCoverage(Coverage.NATIVE), here);
        List<Loss> losses = reduction.losses();
        boolean allow = reduction.isAllowList();
        Map<String, Action> calls = calls(reduction, document);
        if (document.isOnTrial()) {
            return trial(document, allow ? "~" : "", calls, losses);
        }
        Map<String, Action> others = allow ? reduction.refusedOtherwise() : Map.of();
        others.keySet().removeAll(calls.keySet());
        List<SystemdDirectives.Carried> carried = carried(document, here, allow, calls, others);
        Action refusal = refusal(document, allow ? others : calls, losses);

        StringBuilder out = new StringBuilder();
        NoteLines.writeOfFile(out, '#', Reduction.withoutConditions(document.comments()));
        out.append("[Service]\n").append(SystemdReader.FILTER).append("=\n");
        List<String> words = new ArrayList<>();
        for (Map.Entry<String, Action> call : calls.entrySet()) {
            boolean plain = allow || call.getValue().equals(refusal);
            words.add(plain ? call.getKey() : call.getKey() + ":" + word(call.getValue()));
        }
        if (allow && !calls.containsKey(EXECVE)) {
            words.add(EXECVE);
            losses.add(
                    new Loss(EXECVE, "is allowed: systemd calls it after it has set the filter"));
        }
        if (allow) {
            appendWrapped(out, SystemdReader.FILTER + "=", List.of(EXECVE));
        }
        appendWrapped(out, SystemdReader.FILTER + (allow ? "=" : "=~"), words);
        if (words.isEmpty()) {
            out.append(SystemdReader.FILTER).append("=~\n");
        }
        if (allow) {
            List<String> removed = surplus(calls.keySet());
            others.forEach(
                    (name, action) -> {
                        removed.remove(name);
                        if (!action.equals(refusal)) {
                            removed.add(name + ":" + word(action));
                        }
                    });
            appendWrapped(out, SystemdReader.FILTER + "=~", removed);
        }
        if (refusal != Action.KILL) {
            out.append(SystemdReader.ERRNO).append('=').append(word(refusal)).append('\n');
        }
        appendArchitectures(out, document.coverage(), here);
        carried.forEach(each -> out.append(each.text()));
        String text = out.toString();
        reportActions(carried, losses);
        PolicyDocument written =
                new SystemdReader().read(text, Surroundings.on(here.arch())).document();
        losses.addAll(LostConditions.between(document, written, here));
        losses.addAll(Loss.ofLogDenials(document));
        if (!document.treatsForeignAsUsual()) {
            losses.add(Loss.ofForeignCalls(document));
        }
        return new Writing(text + notes(document), losses);
    }

    private static Writing trial(
            PolicyDocument document, String sign, Map<String, Action> calls, List<Loss> losses) {
        StringBuilder out = new StringBuilder();
        NoteLines.writeOfFile(out, '#', Reduction.withoutConditions(document.comments()));
        out.append("[Service]\n").append(LOG).append("=\n");
        appendWrapped(out, LOG + "=" + sign, calls.keySet());
        document.rules().stream()
                .filter(rule -> rule.isConditional() && calls.containsKey(rule.call().toString()))
                .map(rule -> new Loss(rule.call().toString(), "is judged without its arguments"))
                .distinct()
                .forEach(losses::add);
        return new Writing(out + notes(document), losses);
    }

    /**
     * The settings that the policy carries. Only RestrictNamespaces= can have clone3 fail with
     * ENOSYS, and for that the list must allow it.
     */
    private static List<SystemdDirectives.Carried> carried(
            PolicyDocument document,
            Circumstances here,
            boolean allow,
            Map<String, Action> calls,
            Map<String, Action> others) {
        String clone3 = SystemdDirectives.CLONE3;
        Predicate<String> letsThrough =
                name ->
                        allow
                                ? calls.containsKey(name)
                                        || name.equals(clone3) && ENOSYS.equals(others.get(name))
                                : !calls.containsKey(name);
        List<SystemdDirectives.Carried> carried =
                SystemdDirectives.carriedBy(PolicyMeaning.of(document, here), letsThrough);
        if (carried.stream().anyMatch(each -> each.isAbout(clone3))
                && others.remove(clone3, ENOSYS)) {
            calls.put(clone3, Action.ALLOW);
        }
        return carried;
    }

    static void reportActions(List<SystemdDirectives.Carried> carried, List<Loss> losses) {
        Set<Loss> found = new LinkedHashSet<>();
        for (SystemdDirectives.Carried each : carried) {
            each.refusals()
                    .forEach(
                            (given, wanted) ->
                                    wanted.stream()
                                            .filter(action -> !action.equals(given))
                                            .map(action -> Loss.ofAction(each.key(), action, given))
                                            .forEach(found::add));
            if (each.narrowsClone()) {
                found.add(new Loss("clone", "is refused with the flag 0x80, too (it has no use)"));
            }
        }
        losses.addAll(found);
    }

    /** Many calls share a line, so the comments on them are behind all lines. */
    private static String notes(PolicyDocument document) {
        List<String> all = new ArrayList<>();
        for (Rule rule : document.rules()) {
            Stream.concat(rule.note().comments().stream(), Stream.of(rule.note().reason()))
                    .filter(text -> !text.isEmpty())
                    .forEach(text -> all.add(rule.call() + ": " + text));
        }
        StringBuilder notes = new StringBuilder(all.isEmpty() ? "" : "\n");
        NoteLines.write(notes, '#', all);
        return notes.toString();
    }

    /** The calls by name, without their conditions. */
    private static Map<String, Action> calls(Reduction reduction, PolicyDocument document) {
        Map<String, Action> calls = new LinkedHashMap<>();
        SkippedNames skipped = new SkippedNames();
        for (Reduction.Entry entry : reduction.entriesWithoutConditions()) {
            Optional<String> name = reduction.names().nameOf(entry.call());
            if (name.isPresent()) {
                calls.put(name.get(), entry.action());
                skipped.add(name.get());
            } else {
                reduction
                        .losses()
                        .add(
                                new Loss(
                                        entry.subject(),
                                        "is " + Loss.unlisted(document) + ": it has no name"));
            }
        }
        reduction.losses().addAll(skipped.losses("systemd"));
        return calls;
    }

    /** {@code calls}: those that are refused by their names. */
    private static Action refusal(
            PolicyDocument document, Map<String, Action> calls, List<Loss> losses) {
        Action wanted =
                document.otherwise() != Action.ALLOW
                        ? document.otherwise()
                        : calls.values().stream().findFirst().orElse(Action.KILL);
        Set<Action> unsayable = new LinkedHashSet<>(calls.values());
        unsayable.add(wanted);
        for (Action action : unsayable) {
            if (action != Action.ALLOW && !action.equals(sayable(action))) {
                losses.add(Loss.ofAction("refused calls", action, sayable(action)));
            }
        }
        Action given = sayable(wanted);
        boolean allowList = document.otherwise() != Action.ALLOW;
        if (allowList && calls.containsValue(ENOSYS) && !given.equals(ENOSYS)) {
            losses.add(Loss.ofAction("other calls", given, ENOSYS));
            return ENOSYS;
        }
        return given;
    }

    private static Action sayable(Action action) {
        return action instanceof Action.Errno ? action : Action.KILL;
    }

    private static String word(Action action) {
        return action instanceof Action.Errno errno
                ? ErrnoNames.nameOrNumber(errno.number())
                : "kill";
    }

    /** The calls that systemd adds and the policy does not allow. */
    private static List<String> surplus(Set<String> wanted) {
        List<String> surplus =
                new ArrayList<>(Groups.ofSystemd(SystemdReader.ALWAYS).orElseThrow());
        surplus.removeAll(wanted);
        surplus.remove(EXECVE);
        return surplus;
    }

    private static void appendWrapped(StringBuilder out, String start, Collection<String> words) {
        StringBuilder line = new StringBuilder(start);
        for (String word : words) {
            if (line.length() > start.length() && line.length() + word.length() >= WIDTH) {
                out.append(line).append('\n');
                line.setLength(start.length());
            }
            line.append(line.length() > start.length() ? " " : "").append(word);
        }
        if (line.length() > start.length()) {
            out.append(line).append('\n');
        }
    }

    private static void appendArchitectures(
            StringBuilder out, Coverage coverage, Circumstances here) {
        if (coverage.equals(SystemdReader.ALL_LOCAL)) {
            return;
        }
        out.append(SystemdReader.ARCHITECTURES).append("=native");
        for (String arch : coverage.foreignOn(here.arch())) {
            out.append(' ').append(ArchNames.toSystemd(arch));
        }
        out.append('\n');
    }
}
