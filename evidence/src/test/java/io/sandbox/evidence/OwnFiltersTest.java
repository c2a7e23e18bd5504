// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a program's own filters keep from a recording, by what is known of them. */
final class OwnFiltersTest {
    private OwnFilters filters;

    @BeforeEach
    void noFilters() {
        filters = new OwnFilters();
    }

    /** Words: what is loaded, and what else the program does. */
    private void happens(String words) {
        for (String word : words.split(" ")) {
            switch (word) {
                case "loads" -> filters.loads(new FilterReturns(false, false));
                case "hands" -> filters.loads(new FilterReturns(true, false));
                case "anything" -> filters.loads(new FilterReturns(false, true));
                case "unread" -> filters.loadsUnread();
                case "traces" -> filters.traces();
                case "listens" -> filters.wantsListener();
                default -> throw new IllegalArgumentException(word);
            }
        }
    }

    private String signs(boolean byRecords) {
        return filters.signs(byRecords).all().stream()
                .map(sign -> sign.kind().name().replaceFirst("OWN_(FILTER_)?", ""))
                .collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @CsvSource({
        "loads, REFUSES",
        "traces, ''",
        "loads traces, HANDS_OVER REFUSES",
        "hands, HANDS_OVER REFUSES",
        "hands hands, HANDS_OVER REFUSES",
        "anything, UNREAD REFUSES",
        "unread, UNREAD REFUSES",
        "unread traces, HANDS_OVER REFUSES",
        "anything loads, UNREAD REFUSES",
        "listens, LISTENER",
        "listens hands, LISTENER HANDS_OVER REFUSES"
    })
    void signs_byRecords_areWaysPastAnAuditRecord(String words, String signs) {
        happens(words);
        assertEquals(signs, signs(true));
    }

    /** A filter that asks is heard before a tracer. The program may change a filter after us. */
    @ParameterizedTest
    @CsvSource({
        "loads, REFUSES",
        "traces, ''",
        "hands traces, REFUSES",
        "unread, REFUSES",
        "anything, REFUSES",
        "loads unread, REFUSES",
        "loads traces, REFUSES",
        "listens, LISTENER"
    })
    void signs_byQuestions_areListenersAndRefusals(String words, String signs) {
        happens(words);
        assertEquals(signs, signs(false));
        assertEquals(signs.contains("REFUSES"), filters.areLoaded());
    }

    @Test
    void nothingLoaded_nothingIsMissing() {
        assertEquals("", signs(true));
        assertEquals("", signs(false));
        assertFalse(filters.areLoaded());
    }
}
