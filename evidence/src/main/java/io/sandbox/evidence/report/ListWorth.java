// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.report;

import io.sandbox.evidence.Required;
import io.sandbox.policy.worth.Worth;
import java.util.List;

/**
 * What a list is worth.
 *
 * @param looser where it is looser than the profiles that it may replace
 */
public record ListWorth(Worth worth, List<Compared> looser) {
    public ListWorth {
        Required.all(worth);
        looser = List.copyOf(looser);
    }

    /**
     * @param profile such as {@code Docker's default}
     * @param lines one for each call in which the list is looser
     */
    public record Compared(String profile, List<String> lines) {
        public Compared {
            lines = List.copyOf(lines);
        }
    }
}
