package io.sandbox.cli.sandboxify;

import io.sandbox.enforcer.policy.CallRef;
import io.sandbox.enforcer.seccomp.BpfProgram;
import io.sandbox.syscalldb.Arch;
import java.util.List;

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
}
