// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.testing.Evidence;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ContainerRunTest {
    private static final String COPY = "/memfd:runc_cloned:/proc/self/exe (deleted)";

    private static ProgramEvidence program(String executable, CallEvidence... calls) {
        return new ProgramEvidence(executable, Evidence.X86_64, List.of(calls));
    }

    private static CallEvidence call(String name, long count) {
        return new CallEvidence(Evidence.number(name), count, 0);
    }

    @Test
    void namedAfter_callOfNobodyKnown_isTheRuntimesToo() {
        assertEquals(
                List.of(program("/usr/sbin/runc", call("close", 3), call("execve", 2))),
                ContainerRun.namedAfter(
                        Optional.of("/usr/sbin/runc"),
                        List.of(
                                program("", call("execve", 1)),
                                program(COPY, call("close", 3), call("execve", 1)))));
    }
}
