// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class YamlTreeTest {
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
