// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.log;

import io.sandbox.evidence.learned.LearnedPolicy;
import io.sandbox.policy.Allowlist;
import io.sandbox.recorder.log.LogEvidence;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.ObservedCall;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The list that logs give, and what speaks against it.
 *
 * @param arch of whose calls it is
 * @param problems why the list may lack calls; empty if nothing speaks against it
 * @param executables the executables whose calls are in the list
 * @param denials whether some of the calls were refused
 */
record LogList(
        Allowlist allowlist,
        Arch arch,
        List<String> problems,
        List<String> executables,
        boolean denials) {
    LogList {
        problems = List.copyOf(problems);
        executables = List.copyOf(executables);
    }

    /**
     * @param gaps signs that records are missing
     * @param unread whether some log could not be read to its end
     */
    static LogList of(LogEvidence evidence, List<String> gaps, boolean unread) {
        List<String> problems = new ArrayList<>(gaps);
        if (unread) {
            problems.add("a log could not be read");
        }
        if (evidence.unnamed() > 0) {
            problems.add(evidence.unnamed() + " records do not tell their architecture or call");
        }
        TreeSet<String> arches =
                evidence.calls().stream()
                        .map(ObservedCall::archName)
                        .collect(Collectors.toCollection(TreeSet::new));
        Arch arch = LearnedPolicy.archAmong(arches);
        if (arches.size() > 1) {
            problems.add(
                    String.format(
                            "the calls are of %s, a list is for one architecture (this one is for"
                                    + " %s; --arch takes another)",
                            String.join(" and ", arches), arch.name()));
        }
        LearnedPolicy policy = LearnedPolicy.of(evidence.calls(), arch);
        String odd =
                policy.inexpressible().stream()
                        .filter(call -> call.archName().equals(arch.name()))
                        .map(ObservedCall::displayName)
                        .collect(Collectors.joining(" "));
        if (!odd.isEmpty()) {
            problems.add("no list can hold these calls: " + odd);
        }
        return new LogList(
                policy.allowlist(), arch, problems, evidence.executables(), evidence.hasDenials());
    }
}
