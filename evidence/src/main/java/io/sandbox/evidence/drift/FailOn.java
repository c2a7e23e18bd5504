// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift;

import io.sandbox.evidence.Required;
import io.sandbox.syscalldb.Risk;
import io.sandbox.syscalldb.SyscallFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a check is to fail on.
 *
 * @param forbidden whether to fail on every call that the policy does not allow
 * @param unused whether to fail on what the policy allows and no run made
 * @param risk to fail on forbidden calls of at least this risk; empty to ignore risks
 */
public record FailOn(boolean forbidden, boolean unused, Optional<Risk.Level> risk) {
    public static final FailOn NEW = new FailOn(true, false, Optional.empty());

    private static final String RISK = "risk=";

    public FailOn {
        Required.all(risk);
    }

    /**
     * Reads words such as {@code new}, {@code unused}, {@code risk=high}, separated by commas.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static FailOn parse(String text) {
        boolean forbidden = false;
        boolean unused = false;
        Optional<Risk.Level> risk = Optional.empty();
        for (String word : text.split(",", -1)) {
            if (word.equals("new")) {
                forbidden = true;
            } else if (word.equals("unused")) {
                unused = true;
            } else if (word.startsWith(RISK)) {
                risk = Optional.of(level(word.substring(RISK.length())));
            } else {
                throw new IllegalArgumentException("neither new, unused nor risk=LEVEL: " + word);
            }
        }
        return new FailOn(forbidden, unused, risk);
    }

    private static Risk.Level level(String word) {
        for (Risk.Level level : Risk.Level.values()) {
            if (level.word().equals(word)) {
                return level;
            }
        }
        throw new IllegalArgumentException("neither high, medium nor low: " + word);
    }

    /** Whether to fail on this undecided call. The unknown risk of a nameless call is high. */
    public boolean concerns(CallDrift call) {
        if (call.kind() == CallDrift.Kind.UNDECIDED || call.kind() == CallDrift.Kind.REFUSED) {
            return false;
        }
        Risk.Level level = SyscallFacts.level(call.facts());
        return forbidden || risk.isPresent() && level.compareTo(risk.get()) <= 0;
    }

    public boolean concerns(Drift drift) {
        return unused && !drift.unused().isEmpty()
                || drift.calls().stream().anyMatch(this::concerns);
    }

    /** In the form that {@link #parse} reads. */
    @Override
    public String toString() {
        List<String> words = new ArrayList<>();
        if (forbidden) {
            words.add("new");
        }
        if (unused) {
            words.add("unused");
        }
        risk.ifPresent(level -> words.add(RISK + level.word()));
        return String.join(",", words);
    }
}
