// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.policy.Action;
import io.sandbox.policy.Policy;
import io.sandbox.policy.PolicyEntry;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.bpf.CallData;
import io.sandbox.policy.bpf.FilterInterpreter;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.syscalldb.testing.Table;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Interprets filters of operations of io_uring. Loads nothing. */
class RingFilterIT {
    /** The arguments of an operation lie where those of a call do. */
    private static String verdicts(RingFilter filter, List<String> requests) {
        FilterInterpreter code = FilterInterpreter.of(filter.code());
        return requests.stream()
                .map(
                        words ->
                                CallData.of(
                                        0,
                                        0,
                                        Arrays.stream(words.split(","))
                                                .mapToLong(Long::decode)
                                                .toArray()))
                .map(data -> String.valueOf(code.run(data)))
                .collect(Collectors.joining(" "));
    }

    @Table
    void of_policy_decidesAsAboutTheCall(
            String arch, String list, String operation, String bytes, String words, String result) {
        Filters.requireLibrary();
        List<PolicyEntry> entries = PolicyText.parseEntries(list.replace("not ", ""));
        PolicyDocument policy =
                PolicyDocument.of(
                        list.startsWith("not ")
                                ? Policy.denying(entries, Action.KILL)
                                : Policy.allowing(entries, Action.KILL));
        List<RingFilter> filters =
                RingFilter.of(
                        List.of(Integer.parseInt(operation)),
                        policy,
                        new FilterCompiler().compile(policy, arch, Filters.arch(arch)));
        assertEquals(0, filters.get(filters.size() - 1).operation());
        assertEquals(bytes, String.valueOf(filters.get(0).argumentBytes()));
        assertEquals(result, verdicts(filters.get(0), List.of(words.split(" "))));
    }
}
