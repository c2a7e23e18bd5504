// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.evidence.Judge;
import io.sandbox.evidence.Sign;
import io.sandbox.evidence.Signs;
import io.sandbox.syscalldb.testing.Table;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

class AuditCoreTest {
    private final FakeAudit facts = new FakeAudit();

    /** What changes before the watch begins, and since. */
    @Table
    void signs_whatChanged_isTold(String before, String since, long lost, String signs) {
        change(before);
        AuditCore core = new AuditCore(facts);
        change(since);
        Signs told = core.signs();
        assertEquals(signs, String.join("", told.all().stream().map(Sign::toString).toList()));
        assertEquals(lost, Judge.lost(told));
    }

    private void change(String text) {
        String[] words = (text + " ").split(" ", 2);
        boolean known = !words[1].isBlank();
        long number = known ? Long.parseLong(words[1].strip()) : 0;
        switch (words[0]) {
            case "lost" -> facts.lost = known ? OptionalLong.of(number) : OptionalLong.empty();
            case "lost-under-limit" -> {
                facts.lost = OptionalLong.of(number);
                facts.rateLimit = OptionalLong.of(100);
            }
            case "exclude" ->
                    facts.excludeRules = known ? OptionalInt.of((int) number) : OptionalInt.empty();
            case "changed" ->
                    facts.logActionChange =
                            Optional.of(new Sign(Sign.Kind.LOG_ACTION_CHANGED, 0, ""));
            case "unwatched" ->
                    facts.logActionChange =
                            new LogActionWatch("/proc/sys/kernel/seccomp.").querySign();
            default -> assertEquals("", text);
        }
    }
}
