// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.sandboxify;

import io.sandbox.enforcer.document.PolicyDocument;
import io.sandbox.enforcer.policy.CallRef;
import io.sandbox.enforcer.seccomp.BpfProgram;
import io.sandbox.syscalldb.Arch;
import java.util.List;
import java.util.Optional;

/** What {@code sandboxify} enforces, wherever it was written. */
interface EnforcedPolicy {
    /**
     * @throws io.sandbox.enforcer.launch.CommandFailure if no filter can be made of it
     */
    BpfProgram compile(Arch target);

    /** Those that it mentions, in its order. */
    List<CallRef> calls();

    /** Whether refused calls also leave audit records. */
    boolean logDenials();

    /** Whether not to say which calls it mentions. */
    boolean quiet();

    /** What it says here: rules that depend on circumstances are in it or are not. */
    PolicyDocument document();

    /**
     * Whether it is about calls of an architecture, by name, when it is compiled for a target.
     * Calls of others are foreign.
     */
    boolean covers(String arch, Arch target);

    /** Why no process is killed for a call; empty if one is. */
    Optional<String> whyNoneIsKilled();

    /** What the user has to do to allow a call that it does not mention, by an entry for a list. */
    String toAdd(String entry);

    /** What the user has to do to allow a call that these entries refuse. */
    String toTakeOut(String entries);
}
