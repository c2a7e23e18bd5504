// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.reach;

import static java.util.stream.Collectors.toSet;

import io.sandbox.reach.ReachResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All that a report shows.
 *
 * @param policy the file of the policy; empty if there is none
 * @param hasRecording whether there is a recording
 * @param allowed how many calls the policy allows
 * @param calls all that are reachable, by name
 * @param starts execve, once for each import that leads to a function that starts programs
 * @param unreachable what the policy allows and the program cannot reach, but for {@code added}
 * @param added the same of calls that {@code sandbox learn} added to the list
 * @param notes what the answer does not cover, a sentence each
 */
record ReachReview(
        ReachResult result,
        Optional<String> policy,
        boolean hasRecording,
        int allowed,
        List<ReviewedCall> calls,
        List<ReviewedCall> starts,
        List<String> unreachable,
        List<String> added,
        List<String> notes) {
    /**
     * What a tester should know of. It has a call again for another import that starts programs.
     */
    List<ReviewedCall> open() {
        Map<String, ReviewedCall> open = new LinkedHashMap<>();
        Stream.concat(calls.stream(), starts.stream())
                .filter(each -> each.isOpen(isCompared()))
                .forEach(each -> open.putIfAbsent(each.call().name() + " " + each.origin(), each));
        return List.copyOf(open.values());
    }

    boolean isCompared() {
        return policy.isPresent() || hasRecording;
    }

    Set<String> openNames() {
        return open().stream().map(each -> each.call().name()).collect(toSet());
    }

    /** Whether an import starts programs. */
    boolean isStart(String origin) {
        return starts.stream().anyMatch(each -> each.origin().equals(origin));
    }

    /** Every program has execve, but not in the same way as a program that starts others. */
    long floor() {
        Set<String> started = starts.stream().map(each -> each.call().name()).collect(toSet());
        return calls.stream()
                .filter(each -> each.call().floor() && !started.contains(each.call().name()))
                .count();
    }

    /** Of a comparison, the calls that are not open only because every program reaches them. */
    List<String> unasked() {
        Set<String> open = openNames();
        return calls.stream()
                .filter(each -> isCompared() && !each.allowed() && !each.seen())
                .map(each -> each.call().name())
                .filter(name -> !open.contains(name))
                .sorted()
                .toList();
    }

    long seen() {
        return calls.stream().filter(ReviewedCall::seen).count();
    }
}
