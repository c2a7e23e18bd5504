// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.Action;
import io.sandbox.policy.Condition;
import io.sandbox.policy.Operator;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.Note;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.meaning.Reduction;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Writes a main thread's filter for both versions, see {@link SeccompilerReader}. */
final class SeccompilerWriter implements FormatWriter {
    @Override
    public Writing write(PolicyDocument document, Circumstances here) {
        Reduction reduction = Reduction.of(document, here);
        List<Loss> losses = reduction.losses();
        Action listed =
                reduction.isAllowList() ? Action.ALLOW : reduction.usualRefusal(Action.KILL);
        List<Object> entries = new ArrayList<>();
        for (Reduction.Entry entry : reduction.entries()) {
            Optional<String> name = reduction.names().nameOf(entry.call());
            if (name.isEmpty()) {
                losses.add(
                        new Loss(
                                entry.subject(),
                                "is "
                                        + Loss.unlisted(document)
                                        + ": seccompiler knows calls by name only"));
                continue;
            }
            if (!entry.action().equals(listed)) {
                losses.add(Loss.ofAction(entry.subject(), entry.action(), listed));
            }
            entries.add(entry(name.get(), entry));
        }
        if (!document.comments().isEmpty()) {
            losses.add(new Loss("comments", "of the whole file are left out"));
        }
        losses.addAll(Loss.ofLogDenials(document));
        Map<String, Object> filter = new LinkedHashMap<>();
        filter.put("default_action", action(document.otherwise()));
        filter.put("filter_action", action(listed));
        filter.put("filter", entries);
        return new Writing(JsonText.pretty(Map.of(SeccompilerReader.THREAD, filter)), losses);
    }

    private static Map<String, Object> entry(String name, Reduction.Entry entry) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("syscall", name);
        if (!entry.conditions().isEmpty()) {
            members.put(
                    "args", entry.conditions().stream().map(SeccompilerWriter::condition).toList());
        }
        String comment = comment(entry.note());
        if (!comment.isEmpty()) {
            members.put("comment", comment);
        }
        return members;
    }

    /** The comments above the rule and the reason behind it, on one line. */
    private static String comment(Note note) {
        List<String> lines = new ArrayList<>(note.comments());
        lines.add(note.reason());
        return String.join(" ", lines).strip();
    }

    private static Map<String, Object> condition(Condition condition) {
        boolean masked = condition.operator() == Operator.MASKED_EQ;
        boolean low = masked && condition.mask() == LowHalf.MASK;
        String name = (low ? Operator.EQ : condition.operator()).name().toLowerCase(Locale.ROOT);
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("index", condition.argument());
        members.put("type", low ? "dword" : "qword");
        members.put("op", masked && !low ? Map.of(name, unsigned(condition.mask())) : name);
        members.put("val", unsigned(condition.value()));
        return members;
    }

    private static BigInteger unsigned(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }

    @Override
    public boolean says(Action action) {
        return action != Action.NOTIFY;
    }

    private static Object action(Action action) {
        if (action instanceof Action.Errno errno) {
            return Map.of("errno", errno.number());
        }
        if (action instanceof Action.Trace trace) {
            return Map.of("trace", trace.number());
        }
        return action == Action.KILL
                ? "kill_process"
                : ((Action.Plain) action).name().toLowerCase(Locale.ROOT);
    }
}
