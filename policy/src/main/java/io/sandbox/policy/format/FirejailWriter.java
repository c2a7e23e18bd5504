// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.ErrnoNames;
import io.sandbox.policy.UnknownCalls;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.NoteLines;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.meaning.LostConditions;
import io.sandbox.policy.meaning.PolicyMeaning;
import io.sandbox.policy.meaning.Reduction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class FirejailWriter implements FormatWriter {
    private static final Action USUAL_REFUSAL = Action.errno(1);

    @Override
    public Writing write(PolicyDocument document, Circumstances here) {
        Reduction reduction = Reduction.of(document, here);
        List<Loss> losses = reduction.losses();
        boolean allow = reduction.isAllowList();
        Map<String, Action> calls = calls(reduction);
        Action wanted =
                allow
                        ? document.otherwise()
                        : calls.values().stream().findFirst().orElse(USUAL_REFUSAL);
        Action refusal = sayable("refused calls", wanted, losses);

        if (calls.isEmpty()) {
            throw PolicyFormatException.ofWhole("firejail takes no list without calls");
        }
        for (String call : allow ? FirejailReader.ALWAYS_KEPT : List.<String>of()) {
            if (calls.putIfAbsent(call, Action.ALLOW) == null) {
                losses.add(new Loss(call, "is allowed: firejail adds it to each list to keep"));
            }
        }
        List<SystemdDirectives.Carried> carried =
                carried(document, here, allow, calls, reduction, refusal);
        StringBuilder list = new StringBuilder();
        calls.forEach(
                (name, action) -> {
                    list.append(list.isEmpty() ? " " : ",").append(name);
                    if (!allow && !action.equals(wanted)) {
                        list.append(':')
                                .append(word(sayable(name.replace("$", ""), action, losses)));
                    }
                });
        StringBuilder out = new StringBuilder();
        NoteLines.writeOfFile(out, '#', Reduction.withoutConditions(document.comments()));
        out.append(allow ? FirejailReader.KEEP : FirejailReader.DROP).append(list).append('\n');
        if (!refusal.equals(USUAL_REFUSAL)) {
            out.append(FirejailReader.ERROR_ACTION).append(' ').append(word(refusal)).append('\n');
        }
        out.append(FirejailReader.BLOCK_SECONDARY).append('\n');
        carried.forEach(each -> out.append((each.key() + " " + each.value()).strip()).append('\n'));
        SystemdWriter.reportActions(carried, losses);
        String text = out.toString();
        PolicyDocument written =
                new FirejailReader().read(text, Surroundings.on(here.arch())).document();
        losses.addAll(LostConditions.between(document, written, here));
        losses.addAll(Loss.ofLogDenials(document));
        Reduction.reportComments(document.withComments(List.of()), losses);
        return new Writing(text, losses);
    }

    /**
     * The lines beside the list that the policy carries. Only restrict-namespaces can have clone3
     * fail with ENOSYS, and for that the list must allow it.
     */
    private static List<SystemdDirectives.Carried> carried(
            PolicyDocument document,
            Circumstances here,
            boolean allow,
            Map<String, Action> calls,
            Reduction reduction,
            Action refusal) {
        String clone3 = SystemdDirectives.CLONE3;
        Map<String, Action> refused = allow ? reduction.refusedOtherwise() : new LinkedHashMap<>();
        boolean fails = UnknownCalls.REFUSAL.equals(refused.get(clone3));
        List<SystemdDirectives.Carried> carried =
                FirejailDirectives.carriedBy(
                        PolicyMeaning.of(document, here),
                        name -> calls.containsKey(name) == allow || name.equals(clone3) && fails,
                        refusal);
        if (fails && carried.stream().anyMatch(each -> each.isAbout(clone3))) {
            calls.put(clone3, Action.ALLOW);
            refused.remove(clone3);
        }
        refused.forEach(
                (name, action) ->
                        reduction.losses().add(Loss.ofAction(name, action, document.otherwise())));
        return carried;
    }

    /** The calls by name or number, without their conditions. */
    private static Map<String, Action> calls(Reduction reduction) {
        Map<String, Action> calls = new LinkedHashMap<>();
        for (Reduction.Entry entry : reduction.entriesWithoutConditions()) {
            Optional<String> name = reduction.names().nameOf(entry.call());
            calls.put(name.orElseGet(() -> number(entry.call())), entry.action());
        }
        return calls;
    }

    private static String number(CallRef call) {
        return "$" + call;
    }

    private static Action sayable(String subject, Action action, List<Loss> losses) {
        boolean named =
                action instanceof Action.Errno errno
                        && ErrnoNames.nameOf(errno.number()).isPresent();
        if (named || action == Action.KILL || action == Action.LOG) {
            return action;
        }
        Action given = action instanceof Action.Errno ? USUAL_REFUSAL : Action.KILL;
        losses.add(Loss.ofAction(subject, action, given));
        return given;
    }

    private static String word(Action action) {
        return action instanceof Action.Errno errno
                ? ErrnoNames.nameOrNumber(errno.number())
                : action == Action.LOG ? "log" : "kill";
    }
}
