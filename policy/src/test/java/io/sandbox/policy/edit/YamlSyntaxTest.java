// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.edit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class YamlSyntaxTest {
    /** A policy of others must not take time that grows with the square of its length. */
    @Test
    @Timeout(30)
    void longList_isReadInTime() {
        int count = 300_000;
        String text = "a: [" + "bcd, ".repeat(count) + "\ud83d\ude00, e]\nf: g\n";
        SyntaxNode map = YamlSyntax.parse(text).get(0);
        List<SyntaxNode> items = map.members().get("a").items();
        assertEquals(count + 2, items.size());
        SyntaxNode last = items.get(count + 1);
        assertEquals("e", text.substring(last.start(), last.end()));
        SyntaxNode list = map.members().get("a");
        assertEquals('[', text.charAt(list.start()));
        assertEquals(']', text.charAt(list.end() - 1));
        SyntaxNode other = map.members().get("f");
        assertEquals("g", text.substring(other.start(), other.end()));
    }
}
