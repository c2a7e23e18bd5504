// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.policy.CallRef;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.format.PolicyFormat;
import io.sandbox.policy.meaning.PolicyMeaning;
import io.sandbox.policy.meaning.Ruling;
import io.sandbox.syscalldb.KernelVersion;
import io.sandbox.syscalldb.testing.Table;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Values that --args recorded, and the conditions of a policy. */
class RecordedArgumentsTest {
    private static final Circumstances HERE =
            new Circumstances("x86_64", Set.of(), KernelVersion.parse("6.18").orElseThrow());

    private static Ruling ruling(String list) {
        byte[] text = list.replace(' ', '\n').getBytes(StandardCharsets.UTF_8);
        return PolicyMeaning.of(PolicyFormat.LIST.read(text).document(), HERE)
                .about("x86_64", new CallRef.Named("socket"));
    }

    /** A dash stands for evidence without values. */
    @Table
    void judged_valuesAndConditions_allowedRefusedOrOpen(
            String list, String recorded, String expected) {
        List<Optional<List<String>>> evidence = new ArrayList<>();
        for (String part : recorded.split(" ")) {
            evidence.add(
                    part.equals("-") ? Optional.empty() : Optional.of(List.of(part.split(";"))));
        }
        Ruling ruling = ruling(list);
        String judged =
                !RecordedArguments.refused(ruling, evidence).isEmpty()
                        ? "refused"
                        : RecordedArguments.allAllowed(ruling, evidence) ? "allowed" : "open";
        assertEquals(expected, judged);
    }
}
