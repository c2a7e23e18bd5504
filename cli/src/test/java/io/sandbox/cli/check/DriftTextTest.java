// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.output.Styled;
import io.sandbox.evidence.drift.CheckResult;
import io.sandbox.evidence.testing.Results;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class DriftTextTest {
    private static final DriftText PLAIN = new DriftText(new Styled(false));

    private static List<String> hostile() {
        return Results.HOSTILE;
    }

    @Test
    void write_saysEachThingOnALineOfItsOwn() {
        String text = PLAIN.write(Results.everything("new"));
        assertTrue(text.startsWith("prog.list: could not check: "), text);
        assertTrue(text.contains("\n  new: prog.list: ptrace is not allowed (kill)\n"), text);
        assertTrue(text.contains("\n  arguments: prog.list:4: socket is made with other"), text);
        assertTrue(text.contains("\n  unused: prog.list:3: read is allowed and not used\n"), text);
        assertTrue(text.contains("\n    /usr/bin/prog: 2 times, first after 0.01 s, from"), text);
        assertTrue(text.contains("pipe: the policy says allow if arg0==1, otherwise kill"), text);
        assertFalse(text.contains("next: "), text);
        String drifted = PLAIN.write(Results.drifted("p"));
        assertTrue(drifted.endsWith("\n  next: after review: p\n"), drifted);
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void write_hostileNames_addNoLineAndNoControl(String text) {
        for (UnaryOperator<String> of :
                List.<UnaryOperator<String>>of(
                        some -> PLAIN.write(Results.hostile(some)),
                        some -> PLAIN.write(Results.drifted(some)))) {
            String report = of.apply(text);
            assertEquals(of.apply("x").lines().count(), report.lines().count(), report);
            assertFalse(report.chars().anyMatch(c -> c < ' ' && c != '\n' || c == 0x7f), report);
        }
    }

    @Test
    void write_colour_onlyWhereWanted() {
        CheckResult result = Results.everything("new");
        assertFalse(PLAIN.write(result).contains("\u001b"));
        String styled = new DriftText(new Styled(true)).write(result);
        assertEquals(PLAIN.write(result), styled.replaceAll("\u001b\\[[0-9]*m", ""));
        assertFalse(styled.equals(PLAIN.write(result)));
    }
}
