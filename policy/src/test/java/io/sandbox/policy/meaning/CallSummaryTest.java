// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.meaning;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.policy.testing.Policies;
import io.sandbox.policy.testing.RandomDocuments;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallSummaryTest {
    private static List<CallSummary> of(String text) {
        return CallSummary.of(Policies.read(text), RandomDocuments.HERE);
    }

    @Test
    void of_list_isSortedByTheKernelsNames() {
        assertEquals(
                List.of(
                        new CallSummary("999", "allow", true, ""),
                        new CallSummary("close", "allow if arg0==1, otherwise kill", true, "why"),
                        new CallSummary("nothing", "allow", true, ""),
                        new CallSummary("pread64", "allow", true, "")),
                of("pread\nclose(arg0==1)  # why\nnothing\n999\n"));
    }

    @Test
    void of_refusedAndLoggedCalls_sayWhetherTheyPass() {
        assertEquals(
                List.of(
                        new CallSummary("read", "log", true, ""),
                        new CallSummary("write", "errno:EPERM", false, "")),
                of(
                        """
                        {"sandboxPolicy": 1, "default": "kill", "rules": [
                        {"call": "write", "action": "errno:EPERM"},
                        {"call": "read", "action": "log"}]}
                        """));
    }
}
