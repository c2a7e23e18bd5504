// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "read:write,line 1: not an assignment to a variable of a policy",
                "LD_PRELOAD=x,line 1: not an assignment to a variable of a policy",
                "export SECCOMP_QUIET=1,line 1: not an assignment to a variable of a policy",
                "`SECCOMP_QUIET=\"1`,line 1: a quote that does not enclose the whole value",
                "`SECCOMP_QUIET=\"1\"x`,line 1: a quote that does not enclose the whole value",
                "`SECCOMP_QUIET=1\n"
                        + "SECCOMP_QUIET=1`,line 2: SECCOMP_QUIET is set for the second time (if"
                        + " the file has a list for each executable: take one)"
            })
    void parse_anythingElse_isRefusedWithItsLine(String text, String message) {
        IllegalArgumentException e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> PolicyFile.parse(text.replace("\\n", "\n")));
        assertEquals(message, e.getMessage());
    }

    /**
     * A file is ours if the first line that says something is an assignment to a variable of ours.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SECCOMP_SYSCALL_ALLOW=read | true",
                "SECCOMP_SYSCALL_ALLOW=read\\nread | true",
                "# learned\\n\\n  SECCOMP_QUIET=1\\nread | true",
                "read\\nSECCOMP_QUIET=1 | false",
                "\\nread | false",
                "\\n# a comment\\nread | false",
                "x | false",
                "# a comment alone | true",
                "'' | true"
            })
    void isMeant_firstLineThatIsNoComment_decides(String text, boolean meant) {
        assertEquals(meant, PolicyFile.isMeant(text.replace("\\n", "\n")));
    }
}
