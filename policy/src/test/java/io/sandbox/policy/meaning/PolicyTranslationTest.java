// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.meaning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.format.PolicyFormat;
import io.sandbox.policy.testing.Policies;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.testing.Table;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyTranslationTest {
    private static PolicyTranslation.Result translate(String list, String target) {
        return PolicyTranslation.of(
                Policies.read(list), SyscallDb.get().arch("x86_64"), SyscallDb.get().arch(target));
    }

    @Table
    void of_list_isThatOfTheOtherArchitecture(
            String list, String translated, String replacements, String losses) {
        PolicyTranslation.Result result = translate(list.replace('~', '\n'), "aarch64");
        String text = Policies.write(PolicyFormat.LIST, result.document()).text();
        assertEquals(translated.replace('~', '\n') + "\n", text);
        assertEquals(replacements, String.join("; ", result.replacements()));
        assertEquals(losses, Policies.text(result.losses()));
    }

    @Test
    void of_commentOnAConditionThatIsLeftOut_isLeftOutToo() {
        String list =
                "# a comment\n# open(arg1==0): O_RDONLY\n# read(arg0==1): 1\n"
                        + "SECCOMP_SYSCALL_ALLOW=open(arg1==0):read(arg0==1)\n";
        assertEquals(
                List.of("a comment", "read(arg0==1): 1"),
                translate(list, "aarch64").document().comments());
    }

    @Test
    void of_profileForAllArchitectures_staysAsItIs() {
        PolicyDocument document =
                Policies.read(
                        "{\"defaultAction\": \"SCMP_ACT_KILL\", \"syscalls\": [{\"names\":"
                                + " [\"open\"], \"action\": \"SCMP_ACT_ALLOW\"}]}");
        assertSame(
                document,
                PolicyTranslation.of(
                                document,
                                SyscallDb.get().arch("x86_64"),
                                SyscallDb.get().arch("aarch64"))
                        .document());
    }
}
