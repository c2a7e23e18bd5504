// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.testing.Table;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Lines for shells and terminals. */
final class ShellQuoteTest {
    @Table
    void quote_word_isReadBackByAShell(String word, String quoted) {
        assertEquals(quoted, ShellQuote.quote(word));
    }

    @Table
    void quote_controlCharacters_areReadBackByBash(String word) throws Exception {
        String quoted = ShellQuote.quote(word);
        assertTrue(quoted.chars().allMatch(c -> c >= ' ' && c != 0x7f), quoted);
        Process bash = new ProcessBuilder("bash", "-c", "printf %s " + quoted).start();
        byte[] out = bash.getInputStream().readAllBytes();
        assertEquals(word, new String(out, StandardCharsets.UTF_8));
    }

    @Test
    void fitted_isOneRow_andAllIfTheWidthIsNotKnown() {
        assertEquals("[###", ProgressBar.fitted("[###...] 50 %", 4));
        assertEquals("[###...] 50 %", ProgressBar.fitted("[###...] 50 %", 13));
        assertEquals("[###...] 50 %", ProgressBar.fitted("[###...] 50 %", 0));
    }
}
