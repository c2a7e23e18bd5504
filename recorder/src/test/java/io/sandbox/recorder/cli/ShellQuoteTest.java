package io.sandbox.recorder.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
}
