// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift;

import io.sandbox.policy.meaning.PolicyMeaning;
import io.sandbox.policy.worth.Worth;
import java.util.ArrayList;
import java.util.List;

/**
 * How many of the known exploits a policy must stop.
 *
 * @param atLeast the number that is wanted
 * @param stopped how many it stops, as they were published
 * @param open what leaves the others reachable, one line for each cause
 */
public record Gate(int atLeast, int stopped, int known, List<String> open) {
    public Gate {
        open = List.copyOf(open);
    }

    public static Gate of(int atLeast, PolicyMeaning policy) {
        Worth worth = Worth.of(policy);
        List<String> open = new ArrayList<>();
        worth.causes().forEach((cause, count) -> open.add(count + " reachable: " + cause));
        return new Gate(atLeast, worth.stopped(), Worth.all(), open);
    }

    public boolean isMet() {
        return stopped >= atLeast;
    }
}
