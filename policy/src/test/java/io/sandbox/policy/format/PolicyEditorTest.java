// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.Action;
import io.sandbox.policy.ActionText;
import io.sandbox.policy.Condition;
import io.sandbox.policy.PolicyEntry;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.edit.PolicyEdit;
import io.sandbox.policy.edit.PolicyEdit.Addition;
import io.sandbox.policy.edit.PolicyEdit.Removal;
import io.sandbox.policy.meaning.PolicyMeaning;
import io.sandbox.policy.testing.Policies;
import io.sandbox.policy.testing.RandomDocuments;
import io.sandbox.syscalldb.testing.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PolicyEditorTest {
    @Table
    void edit_text_isChangedInPlaceOrRefused(String edit, String text, String result) {
        assertEquals(result, result(edit, text));
    }

    /** The new text, or why there is none. */
    static String result(String edit, String text) {
        return Policies.said(() -> edited(text, parse(edit, text)));
    }

    private static String edited(String text, PolicyEdit edit) {
        return PolicyEditor.edit(
                text.getBytes(UTF_8),
                Optional.empty(),
                Surroundings.on("x86_64"),
                edit,
                RandomDocuments.HERE);
    }

    /** {@code add CALL...}, {@code remove SUBJECT...}, or an action with the entries of a call. */
    private static PolicyEdit parse(String edit, String text) {
        List<String> words = Arrays.asList(edit.split(" "));
        List<String> rest = words.subList(1, words.size());
        if (words.get(0).equals("remove")) {
            List<Removal> removals =
                    PolicyMeaning.of(Policies.read(text), RandomDocuments.HERE)
                            .allowedItems()
                            .stream()
                            .filter(item -> rest.contains(item.subject()))
                            .map(item -> new Removal(item.subject(), item.rules()))
                            .toList();
            assertEquals(rest.size(), removals.size(), removals::toString);
            return new PolicyEdit(List.of(), removals);
        }
        List<PolicyEntry> entries = PolicyText.parseEntries(String.join(":", rest));
        if (words.get(0).equals("add")) {
            return new PolicyEdit(
                    entries.stream().map(entry -> new Addition(entry.call(), "")).toList(),
                    List.of());
        }
        Action action = ActionText.parse(words.get(0));
        List<List<Condition>> alternatives = entries.stream().map(PolicyEntry::conditions).toList();
        return new PolicyEdit(
                List.of(new Addition(entries.get(0).call(), alternatives, action, "why")),
                List.of());
    }

    @Test
    void list_reason_isOneLine() {
        Addition addition =
                new Addition(PolicyEntry.of("write").call(), "seen in /tmp/a\nb\r\nptrace");
        assertEquals(
                "read\nwrite  # seen in /tmp/a b ptrace\n",
                edited("read\n", new PolicyEdit(List.of(addition), List.of())));
    }

    /** Output of our writers can be edited, and only the edited lines differ. */
    @Test
    void written_isChangedInOnePlace() {
        for (PolicyFormat format : PolicyFormat.values()) {
            if (format.places().isEmpty()) {
                String refusal = result("add io_uring_setup", written(format, new Random(0)));
                assertTrue(refusal.endsWith("cannot be changed in place"), refusal);
                continue;
            }
            for (int seed = 0; seed < 100; seed++) {
                String text = written(format, new Random(seed));
                String added = result("add io_uring_setup", text);
                List<String> before = text.lines().toList();
                List<String> after = added.lines().toList();
                int same = 0;
                while (same < before.size() && before.get(same).equals(after.get(same))) {
                    same++;
                }
                int tail = 0;
                while (tail < before.size() - same
                        && before.get(before.size() - 1 - tail)
                                .equals(after.get(after.size() - 1 - tail))) {
                    tail++;
                }
                String context = format + " seed " + seed + "\n" + text + "\n" + added;
                assertTrue(before.size() - same - tail <= 1, context);
                assertTrue(after.size() - same - tail <= 2, context);
            }
        }
    }

    private static String written(PolicyFormat format, Random random) {
        List<String> names =
                new ArrayList<>(List.of("access", "brk", "close", "fstat", "read", "write"));
        List<String> chosen = new ArrayList<>();
        while (chosen.isEmpty()) {
            names.stream().filter(name -> random.nextBoolean()).forEach(chosen::add);
        }
        if (random.nextBoolean()) {
            Collections.shuffle(chosen, random);
        }
        String list = "# of the file\n\n" + String.join(" # why\n", chosen) + "\n";
        return Policies.write(format, Policies.read(list)).text();
    }
}
