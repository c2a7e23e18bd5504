// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sandbox.syscalldb.testing.Table;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PolicyFileTest {
    @Test
    void parse_bothFormatsOfAList_giveTheSame() {
        Allowlist list = Allowlist.of(List.of("write", "exit_group"));
        Map<String, String> expected = Map.of("SECCOMP_SYSCALL_ALLOW", "exit_group:write");
        assertEquals(expected, PolicyFile.parse(list.toShell() + "\n"));
        assertEquals(expected, PolicyFile.parse(list.toEnvironmentFile()));
    }

    @Test
    void parse_commentsBlanksAndSeveralVariables_areRead() {
        String text =
                "# learned\n\n  SECCOMP_SYSCALL_ALLOW=\"\"\r\nSECCOMP_DEFAULT_ACTION=errno:EPERM\n";
        assertEquals(
                Map.of("SECCOMP_SYSCALL_ALLOW", "", "SECCOMP_DEFAULT_ACTION", "errno:EPERM"),
                PolicyFile.parse(text));
    }

    @Table
    void parse_anythingElse_isRefusedWithItsLine(String text, String message) {
        IllegalArgumentException e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> PolicyFile.parse(text.replace("\\n", "\n")));
        assertEquals(message, e.getMessage());
    }

    /** A file is ours if the first line that says something assigns a variable of ours. */
    @Table
    void isMeant_firstLineThatIsNoComment_decides(String text, boolean meant) {
        assertEquals(meant, PolicyFile.isMeant(text.replace("\\n", "\n")));
    }
}
