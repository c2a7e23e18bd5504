// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

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
        "listens hands, listener handing"
    })
    void causes_byRecords_areWaysPastAnAuditRecord(String words, String causes) {
        happens(words);
        assertEquals(causes, shortly(filters.causes(true)));
    }

    /** A filter that asks is heard before a tracer. */
    @ParameterizedTest
    @CsvSource({"hands traces, ''", "unread, ''", "loads traces, ''", "listens, listener"})
    void causes_byQuestions_areListenersAlone(String words, String causes) {
        happens(words);
        assertEquals(causes, shortly(filters.causes(false)));
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
