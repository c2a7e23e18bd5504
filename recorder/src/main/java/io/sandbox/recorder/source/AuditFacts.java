// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import io.sandbox.evidence.Sign;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What the audit core reports about the whole machine. */
interface AuditFacts {
    /** Records dropped since boot by the machine, 32 bits. Empty without CAP_AUDIT_CONTROL. */
    OptionalLong queryLost();

    /**
     * How many records the kernel makes in a second at most; it drops the others ({@code auditctl
     * -r}). 0 for no limit. Empty without CAP_AUDIT_CONTROL.
     */
    OptionalLong queryRateLimit();

    /** See {@link ExcludeRules#queryCount}. */
    OptionalInt queryExcludeRules();

    /** Watches from now on whether the kernel's log action is switched off. */
    void watchLogAction();

    /** Why calls may have left no record since {@link #watchLogAction}. */
    Optional<Sign> queryLogActionChange();
}
