// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.reach;

import io.sandbox.reach.ReachResult;
import java.util.List;
import java.util.Optional;

/**
 * All that a report shows.
 *
 * @param policy the file of the policy; empty if there is none
 * @param hasRecording whether there is a recording
 * @param allowed how many calls the policy allows
 * @param calls all that are reachable, by name
 * @param unreachable what the policy allows and the program cannot reach
 * @param notes what the answer does not cover, a sentence each
 */
record ReachReview(
        ReachResult result,
        Optional<String> policy,
        boolean hasRecording,
        int allowed,
        List<ReviewedCall> calls,
        List<String> unreachable,
        List<String> notes) {
    List<ReviewedCall> open() {
        boolean isCompared = policy.isPresent() || hasRecording;
        return calls.stream().filter(each -> each.isOpen(isCompared)).toList();
    }

    long floor() {
        return calls.stream().filter(each -> each.call().floor()).count();
    }

    long seen() {
        return calls.stream().filter(ReviewedCall::seen).count();
    }
}
