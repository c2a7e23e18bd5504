// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.enforcer.launch.process.Caller;
import io.sandbox.policy.Action;
import io.sandbox.policy.Policy;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.Rule;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.testing.Table;
import java.util.List;
import java.util.Optional;

class RefusedCallTest {
    private static final int I386 = 0x40000003;
    private static final int X86_64 = 0xc000003e;
    private static final Arch ARCH = SyscallDb.get().arch("x86_64");

    private static RefusedCall call(int auditArch, int number) {
        return new RefusedCall(
                ObservedCall.of(auditArch, number),
                List.of(2L, 524289L, -1L, 0L, 0L, 0L),
                new Caller(1, true, Optional.empty(), Optional.empty()),
                Optional.empty());
    }

    @Table
    void missingEntry_hasTheConditionsOfTheList(String list, int number, String entry) {
        Policy policy = Policy.allowing(PolicyText.parseEntries(list), Action.KILL);
        RefusedCall call = call(X86_64, number);
        List<Rule> rules = call.rulesOf(PolicyDocument.of(policy), ARCH);
        assertEquals(Optional.of(entry), call.missingEntry(rules, ARCH));
    }

    @Table
    void missingEntry_noListCanHoldIt_isEmpty(int number) {
        assertEquals(Optional.empty(), call(X86_64, number).missingEntry(List.of(), ARCH));
        assertEquals(Optional.empty(), call(I386, 4).missingEntry(List.of(), ARCH));
    }
}
