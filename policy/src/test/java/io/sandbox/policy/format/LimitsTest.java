// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.testing.Policies;
import io.sandbox.syscalldb.testing.Table;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long and how deep texts may be, so that any is read in a short time. */
final class LimitsTest {
    private static final Pattern REPEATED = Pattern.compile("<([0-9]+)\\*(.*?)>");

    private static String whole(String text) {
        return REPEATED.matcher(text)
                .replaceAll(part -> part.group(2).repeat(Integer.parseInt(part.group(1))));
    }

    /** In a text, {@code <3*TEXT>} is three times this text. */
    @Table
    void read_upToTheLimit_allows(String text, String call) {
        assertEquals("allow", ReadingTest.verdict(Policies.read(whole(text)), call));
    }

    @Table
    void read_beyondTheLimit_isRefused(String text, String reason) {
        String message = Policies.refusal(whole(text));
        assertTrue(message.contains(": " + reason), message);
    }

    /** A policy of others must not take time that grows with the square of its length. */
    @Test
    @Timeout(30)
    void longList_isReadInTime() {
        int count = 300_000;
        String text = "a: [" + "bcd, ".repeat(count) + "\ud83d\ude00, e]\nf: g\n";
        DataNode map = YamlTree.parse(text).get(0);
        List<DataNode> items = map.items("a");
        assertEquals(count + 2, items.size());
        DataNode last = items.get(count + 1);
        assertEquals("e", text.substring(last.start(), last.end()));
        DataNode list = map.get("a");
        assertEquals('[', text.charAt(list.start()));
        assertEquals(']', text.charAt(list.end() - 1));
        DataNode other = map.get("f");
        assertEquals("g", text.substring(other.start(), other.end()));
    }
}
