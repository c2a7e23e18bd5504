// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
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
                case "allows" -> filters.loads(new FilterReturns(false, false, false));
                case "refuses" -> filters.loads(new FilterReturns(true, false, false));
                case "hands" -> filters.loads(new FilterReturns(false, true, false));
                case "anything" -> filters.loads(new FilterReturns(false, false, true));
                case "unread" -> filters.loadsUnread();
                case "traces" -> filters.traces();
                case "listens" -> filters.wantsListener();
                default -> throw new IllegalArgumentException(word);
            }
        }
    }

    private static String shortly(List<String> causes) {
        return causes.stream()
                .map(
                        cause ->
                                cause.contains("EBUSY")
                                        ? "listener"
                                        : cause.contains("can hand calls") ? "handing" : "unread")
                .collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @CsvSource({
        "allows, ''",
        "refuses, ''",
        "traces, ''",
        "allows traces, ''",
        "refuses traces, handing",
        "hands, handing",
        "hands hands, handing",
        "anything, unread",
        "unread, unread",
        "unread traces, handing",
        "anything refuses, unread",
        "listens, listener",
        "listens hands, listener handing"
    })
    void causes_byRecords_areWaysPastAnAuditRecord(String words, String causes) {
        happens(words);
        assertEquals(causes, shortly(filters.causes(true)));
    }

    /** A filter that asks is heard before a tracer. */
    @ParameterizedTest
    @CsvSource({"hands traces, ''", "unread, ''", "refuses traces, ''", "listens, listener"})
    void causes_byQuestions_areListenersAlone(String words, String causes) {
        happens(words);
        assertEquals(causes, shortly(filters.causes(false)));
    }

    @ParameterizedTest
    @CsvSource({
        "allows, 0",
        "hands, 0",
        "traces, 0",
        "refuses, 1",
        "anything, 1",
        "unread, 1",
        "refuses unread, 1"
    })
    void reservations_filterThatMayRefuse_isOne(String words, int count) {
        happens(words);
        assertEquals(count, filters.reservations().size());
    }

    @Test
    void nothingLoaded_nothingIsMissing() {
        assertEquals(List.of(), filters.causes(true));
        assertEquals(List.of(), filters.reservations());
    }
}
