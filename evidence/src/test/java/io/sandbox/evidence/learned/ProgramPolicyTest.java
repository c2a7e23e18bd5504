// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.learned;

import static io.sandbox.evidence.testing.Records.I386;
import static io.sandbox.evidence.testing.Records.X86_64;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Verdict;
import io.sandbox.evidence.testing.Evidence;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgramPolicyTest {
    private static final int UNKNOWN_ARCH = 0xc0000777;

    private static ProgramEvidence program(String executable, int arch, int number) {
        CallEvidence call = new CallEvidence(number, 1, 0);
        return new ProgramEvidence(executable, arch, List.of(call));
    }

    private static List<String> policies(ProgramEvidence... programs) {
        Recording recording =
                Recording.of(
                        Evidence.run("0", RunFilter.LOG_ALL, 0, new Verdict.Complete(), programs));
        return ProgramPolicy.of(recording, 0).stream()
                .map(
                        one ->
                                String.format(
                                        "%s %s %s %s",
                                        one.executable(),
                                        one.arch(),
                                        one.policy().allowlist().value(),
                                        one.policy().inexpressible().size()))
                .toList();
    }

    @Test
    void of_twoArchesOfAnExecutable_eachHasItsPolicy() {
        assertEquals(
                List.of("/bin/x x86_64 write 0", "/bin/x i386 exit 0", "/bin/y x86_64 read 0"),
                policies(
                        program("/bin/y", X86_64, 0),
                        program("/bin/x", X86_64, 1),
                        program("/bin/x", I386, 1)));
    }

    @Test
    void of_archWithoutTable_isNamedInHexAndItsCallsAreInexpressible() {
        assertEquals(List.of("/bin/x c0000777  1"), policies(program("/bin/x", UNKNOWN_ARCH, 3)));
    }
}
