// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.testing.Table;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lines for shells and terminals. */
final class ShellQuoteTest {
    @Table
    void quote_word_isReadBackByAShell(String word, String quoted) {
        assertEquals(quoted, ShellQuote.quote(word));
    }

    @Test
    void quote_controlCharacters_areReadBackByBash() throws Exception {
        for (String word : List.of("a\nb", "\t'\\", "\u001b[31m \u007f1", "caf\u00e9\r")) {
            String quoted = ShellQuote.quote(word);
            assertTrue(quoted.chars().allMatch(c -> c >= ' ' && c != 0x7f), quoted);
            Process bash = new ProcessBuilder("bash", "-c", "printf %s " + quoted).start();
            byte[] out = bash.getInputStream().readAllBytes();
            assertEquals(word, new String(out, StandardCharsets.UTF_8));
        }
    }

    @Test
    void fitted_isOneRow_andAllIfTheWidthIsNotKnown() {
        assertEquals("[###", ProgressBar.fitted("[###...] 50 %", 4));
        assertEquals("[###...] 50 %", ProgressBar.fitted("[###...] 50 %", 13));
        assertEquals("[###...] 50 %", ProgressBar.fitted("[###...] 50 %", 0));
    }
}
