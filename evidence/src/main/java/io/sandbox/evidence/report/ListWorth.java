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
     * @param leaves how many of the known exploits it leaves reachable
     * @param lines one for each call in which the list is looser
     */
    public record Compared(String profile, int leaves, List<String> lines) {
        public Compared {
            lines = List.copyOf(lines);
        }

        boolean isLooser() {
            return !lines.isEmpty();
        }

        String count() {
            return Units.count(lines.size(), "line");
        }
    }

    /** The known exploits that stay reachable, of those that a sentence counts. */
    record Holes(String sentence, List<Worth.Stand> reachable) {
        /** Empty if there is none. */
        String count() {
            return reachable.isEmpty() ? "" : Units.count(reachable.size(), "hole");
        }
    }

    List<Holes> holes() {
        return List.of(
                new Holes(Units.sentence(worth.sentence("")), worth.reachable()),
                new Holes(Units.sentence(worth.sentenceOf2026()), worth.reachableOf2026()));
    }
}
