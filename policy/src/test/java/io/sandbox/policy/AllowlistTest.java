// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sandbox.syscalldb.testing.Table;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.EmptySource;

/** Lists, and the files that have them. */
final class AllowlistTest {
    @Test
    void toShell_unsortedWithRepeats_isSortedAndUnique() {
        Allowlist list = Allowlist.of(List.of("write", "exit_group", "write", "fstat"));
        assertEquals("SECCOMP_SYSCALL_ALLOW=\"exit_group:fstat:write\"", list.toShell());
        assertEquals("SECCOMP_SYSCALL_ALLOW=exit_group:fstat:write", list.toEnvironmentFile());
    }

    @Test
    void toShell_noEntries_allowsNothing() {
        assertEquals("SECCOMP_SYSCALL_ALLOW=\"\"", Allowlist.of(List.of()).toShell());
    }

    @Table
    @EmptySource
    void of_whatNoListCanHold_isRefused(String entry) {
        assertThrows(IllegalArgumentException.class, () -> Allowlist.of(List.of(entry)));
    }

    @Test
    void calls_conditions_areLeftOut() {
        Allowlist list = Allowlist.of(List.of("write", "read(arg0==1)", "read(arg0==2)"));
        assertEquals(List.of("read", "write"), list.calls());
        assertEquals("read(arg0==1):read(arg0==2):write", list.value());
    }

    @Test
    void calls_thoseThatFail_areLeftOut() {
        Allowlist list = Allowlist.of(List.of("clone3=ENOSYS", "clone", "socket(arg0==38)=97"));
        assertEquals(List.of("clone"), list.calls());
        assertEquals("clone:clone3=ENOSYS:socket(arg0==38)=97", list.value());
    }

    @Test
    void toPolicy_namesAndNumbers_areItsEntries() {
        assertEquals(
                Policy.allowing(List.of(PolicyEntry.of(462), PolicyEntry.of("read")), Action.LOG),
                Allowlist.of(List.of("read", "462")).toPolicy(Action.LOG));
    }

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
