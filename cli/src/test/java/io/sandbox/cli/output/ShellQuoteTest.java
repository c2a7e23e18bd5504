// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShellQuoteTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "./prog|./prog",
                "--a=b:c|--a=b:c",
                "b c|'b c'",
                "$HOME|'$HOME'",
                "it's|'it'\\''s'",
                "``|''",
                "*|'*'"
            })
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
}
