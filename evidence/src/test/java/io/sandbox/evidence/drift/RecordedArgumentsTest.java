// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.evidence.testing.Evidence;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.meaning.Ruling;
import io.sandbox.syscalldb.testing.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Values that --args recorded, and the conditions of a policy. */
class RecordedArgumentsTest {
    /** A dash stands for evidence without values. */
    @Table
    void judged_valuesAndConditions_allowedRefusedOrOpen(
            String list, String recorded, String expected) {
        List<Optional<List<String>>> evidence = new ArrayList<>();
        for (String part : recorded.split(" ")) {
            evidence.add(
                    part.equals("-") ? Optional.empty() : Optional.of(List.of(part.split(";"))));
        }
        Ruling ruling =
                Evidence.policy(list.replace(' ', '\n'))
                        .about("x86_64", new CallRef.Named("socket"));
        String judged =
                !RecordedArguments.refused(ruling, evidence).isEmpty()
                        ? "refused"
                        : RecordedArguments.allAllowed(ruling, evidence) ? "allowed" : "open";
        assertEquals(expected, judged);
    }
}
