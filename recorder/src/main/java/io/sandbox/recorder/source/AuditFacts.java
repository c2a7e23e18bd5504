package io.sandbox.recorder.source;

import java.util.OptionalInt;
import java.util.OptionalLong;

/** What the audit core tells of the whole machine when it is asked. */
interface AuditFacts {
    /** The kernel's answers. */
    AuditFacts KERNEL =
            new AuditFacts() {
                @Override
                public OptionalLong queryLost() {
                    return AuditStatus.queryLost();
                }

                @Override
                public OptionalInt queryExcludeRules() {
                    return ExcludeRules.queryCount();
                }
            };

    /** As {@link AuditStatus#queryLost}. */
    OptionalLong queryLost();

    /** As {@link ExcludeRules#queryCount}. */
    OptionalInt queryExcludeRules();
}
