// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.testing.Table;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
                case "strict" -> filters.wantsStrictMode();
                case "ended" -> filters.programEnded();
                default -> throw new IllegalArgumentException(word);
            }
        }
    }

    private String signs(boolean byRecords) {
        return filters.signs(byRecords).all().stream()
                .map(sign -> sign.kind().name().replaceFirst("OWN_(FILTER_)?", ""))
                .collect(Collectors.joining(" "));
    }

    @Table
    void signs_byRecords_areWaysPastAnAuditRecord(String words, String signs) {
        happens(words);
        assertEquals(signs, signs(true));
    }

    /** A question has precedence over a tracer. So all that was loaded matters, and no tracer. */
    @Table
    void signs_byQuestions_areFiltersThatAreOutranked(String words, String signs) {
        happens(words);
        assertEquals(signs, signs(false));
        assertEquals(signs.contains("REFUSES"), filters.areLoaded());
    }

    @ParameterizedTest
    @ValueSource(strings = {"hands", "unread", "listens", "strict"})
    void signs_programWasEnded_saySo(String words) {
        happens(words);
        assertFalse(filters.signs(false).sentences().get(0).contains("was ended"));
        happens("ended");
        assertTrue(filters.hasEndedProgram());
        assertTrue(filters.signs(false).sentences().get(0).contains("was ended"));
        assertTrue(filters.signs(true).sentences().get(0).contains("was ended"));
    }

    @Table
    void mayHandOver_andAreRefused_areReasonsToEndTheProgram(
            String words, boolean handsOver, boolean refused) {
        happens(words);
        assertEquals(handsOver, filters.mayHandOver());
        assertEquals(refused, filters.areRefused());
    }

    @Test
    void nothingLoaded_nothingIsMissing() {
        assertEquals("", signs(true));
        assertEquals("", signs(false));
        assertFalse(filters.areLoaded());
    }
}
