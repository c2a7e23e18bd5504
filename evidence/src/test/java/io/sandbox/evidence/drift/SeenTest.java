// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.syscalldb.Origin;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SeenTest {
    private static final Optional<Origin> A = Optional.of(new Origin("/lib/a.so", 1));
    private static final Optional<Origin> B = Optional.of(new Origin("/lib/b.so", 2));

    private static Seen seen(long count, int second, Optional<Origin> origin) {
        return new Seen("/bin/x", count, Instant.ofEpochSecond(second), second * 10L, origin);
    }

    @Test
    void plus_twoRuns_countsBothAndKeepsTheEarlier() {
        assertEquals(seen(5, 1, A), seen(2, 1, A).plus(seen(3, 4, B)));
        assertEquals(seen(5, 1, A), seen(3, 4, B).plus(seen(2, 1, A)));
    }

    @Test
    void plus_sameTime_keepsTheFirstGiven() {
        assertEquals(seen(5, 1, A), seen(2, 1, A).plus(seen(3, 1, B)));
    }

    @Test
    void plus_earlierWithoutOrigin_hasThatOfTheLater() {
        assertEquals(seen(5, 1, B), seen(2, 1, Optional.empty()).plus(seen(3, 4, B)));
        assertEquals(seen(5, 1, B), seen(3, 4, B).plus(seen(2, 1, Optional.empty())));
    }
}
