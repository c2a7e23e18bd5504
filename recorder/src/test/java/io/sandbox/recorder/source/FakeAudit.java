// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import io.sandbox.evidence.Sign;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The audit core's answers, set by a test. */
final class FakeAudit implements AuditFacts {
    OptionalLong lost = OptionalLong.of(0);
    OptionalLong rateLimit = OptionalLong.of(0);
    Optional<Sign> logActionChange = Optional.empty();
    OptionalInt excludeRules = OptionalInt.of(0);

    @Override
    public OptionalLong queryLost() {
        return lost;
    }

    @Override
    public OptionalLong queryRateLimit() {
        return rateLimit;
    }

    @Override
    public OptionalInt queryExcludeRules() {
        return excludeRules;
    }

    @Override
    public void watchLogAction() {
        logActionChange = Optional.empty();
    }

    @Override
    public Optional<Sign> queryLogActionChange() {
        return logActionChange;
    }
}
