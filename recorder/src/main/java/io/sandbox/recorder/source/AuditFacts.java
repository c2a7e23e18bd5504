// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import io.sandbox.evidence.Sign;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What the audit core reports about the whole machine. */
interface AuditFacts {
    /** The kernel's answers. */
    AuditFacts KERNEL =
            new AuditFacts() {
                private LogActionWatch logAction;

                @Override
                public OptionalLong queryLost() {
                    return AuditStatus.queryLost();
                }

                @Override
                public OptionalLong queryRateLimit() {
                    return AuditStatus.queryRateLimit();
                }

                @Override
                public OptionalInt queryExcludeRules() {
                    return ExcludeRules.queryCount();
                }

                @Override
                public void watchLogAction() {
                    if (logAction == null) {
                        logAction = new LogActionWatch(LogActionWatch.FOLDER);
                    }
                    logAction.startCounting();
                }

                @Override
                public Optional<Sign> queryLogActionChange() {
                    return logAction.querySign();
                }
            };

    /** See {@link AuditStatus#queryLost}. */
    OptionalLong queryLost();

    /** See {@link AuditStatus#queryRateLimit}. */
    OptionalLong queryRateLimit();

    /** See {@link ExcludeRules#queryCount}. */
    OptionalInt queryExcludeRules();

    /** Watches from now on whether the kernel's log action is switched off. */
    void watchLogAction();

    /** Why calls may have left no record since {@link #watchLogAction}. */
    Optional<Sign> queryLogActionChange();
}
