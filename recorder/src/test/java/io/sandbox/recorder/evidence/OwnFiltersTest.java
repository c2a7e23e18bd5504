// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    private static String shortly(List<String> causes) {
        return causes.stream().map(OwnFiltersTest::shortly).collect(Collectors.joining(" "));
    }

    private static String shortly(String cause) {
        if (cause.contains("EBUSY")) {
            return "listener";
        }
        if (cause.contains("strict mode")) {
            return "strict";
        }
        return cause.contains("can hand calls") ? "handing" : "unread";
    }

    @ParameterizedTest
    @CsvSource({
        "loads, ''",
        "traces, ''",
        "loads traces, handing",
        "hands, handing",
        "hands hands, handing",
        "anything, unread",
        "unread, unread",
        "unread traces, handing",
        "anything loads, unread",
        "listens, listener",
        "listens hands, listener handing",
        "strict, strict"
    })
    void causes_byRecords_areWaysPastAnAuditRecord(String words, String causes) {
        happens(words);
        assertEquals(causes, shortly(filters.causes(true)));
    }

    /** A question has precedence over a tracer. So all that was loaded matters, and no tracer. */
    @ParameterizedTest
    @CsvSource({
        "hands traces, handing",
        "unread, unread",
        "anything, unread",
        "loads traces, ''",
        "listens, listener",
        "strict loads, strict"
    })
    void causes_byQuestions_areFiltersThatAreOutranked(String words, String causes) {
        happens(words);
        assertEquals(causes, shortly(filters.causes(false)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hands", "unread", "listens", "strict"})
    void causes_programWasEnded_saySo(String words) {
        happens(words);
        assertFalse(filters.causes(false).get(0).contains("was ended"));
        happens("ended");
        assertTrue(filters.hasEndedProgram());
        assertTrue(filters.causes(false).get(0).contains("was ended"));
        assertTrue(filters.causes(true).get(0).contains("was ended"));
    }

    @ParameterizedTest
    @CsvSource({
        "loads, false, false",
        "hands, true, false",
        "anything, true, false",
        "unread, true, false",
        "listens, false, true",
        "strict, false, true"
    })
    void mayHandOver_andAreRefused_areReasonsToEndTheProgram(
            String words, boolean handsOver, boolean refused) {
        happens(words);
        assertEquals(handsOver, filters.mayHandOver());
        assertEquals(refused, filters.areRefused());
    }

    /** The program may change a filter after we have read it. */
    @ParameterizedTest
    @CsvSource({"loads, 1", "hands, 1", "traces, 0", "anything, 1", "unread, 1", "loads unread, 1"})
    void reservations_filter_isOne(String words, int count) {
        happens(words);
        assertEquals(count, filters.reservations().size());
    }

    @Test
    void nothingLoaded_nothingIsMissing() {
        assertEquals(List.of(), filters.causes(true));
        assertEquals(List.of(), filters.reservations());
    }
}
