// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.meaning;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.Rule;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A deny list as an allow list: for formats that can only say what is allowed. */
public final class Complement {
    private Complement() {}

    /**
     * A document that allows what this one allows of all calls that our table of the architecture
     * has, and of those that a rule is about. It refuses all others.
     */
    public static PolicyDocument of(PolicyDocument document, Circumstances here) {
        CallNames names = CallNames.on(here.arch());
        Map<String, List<Rule>> mentioned = Reduction.byCall(document.under(here), names);
        List<Rule> rules = new ArrayList<>();
        for (List<Rule> ofCall : mentioned.values()) {
            rules.addAll(ofCall);
            rules.add(allowing(ofCall.get(0).call()));
        }
        Optional<SyscallTable> table =
                SyscallDb.get().archByName(here.arch()).map(SyscallDb.get()::table);
        for (Syscall call : table.stream().flatMap(all -> all.all().stream()).toList()) {
            CallRef reference = new CallRef.Named(call.name());
            if (!mentioned.containsKey(names.key(reference))) {
                rules.add(allowing(reference));
            }
        }
        return new PolicyDocument(
                        Action.KILL,
                        rules,
                        document.coverage(),
                        true,
                        document.logDenials(),
                        document.comments())
                .withLogsForeign(document.logsForeign());
    }

    private static Rule allowing(CallRef call) {
        return Rule.of(call, List.of(), Action.ALLOW);
    }
}
