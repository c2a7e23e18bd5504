// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.meaning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.format.PolicyFormat;
import io.sandbox.policy.testing.Policies;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTranslationTest {
    private static Arch arch(String name) {
        return SyscallDb.get().archByName(name).orElseThrow();
    }

    private static PolicyTranslation.Result translate(String list, String target) {
        return PolicyTranslation.of(Policies.read(list), arch("x86_64"), arch(target));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // missing calls are replaced by siblings
                "read~open # why~fork|read~openat  # why~clone~clone3"
                        + "|open: replaced by openat; fork: replaced by clone, clone3|''",
                // numbers and aliases get the names
                "0~pread|read~pread64|''|''",
                // a condition is never dropped, nor carried over to another argument
                "open(arg1==0)~read(arg0==1)|read(arg0==1)|''"
                        + "|open(arg1==0): is not carried over to openat: conditions cannot be",
                "clone(arg3==0)~read(arg0==1)|read(arg0==1)|''"
                        + "|clone(arg3==0): is left out: aarch64 has the arguments elsewhere",
                "clone|clone|''|''",
                // nothing stands in
                "read~9999|read|''|9999: is left out: x86_64 has no such call",
                "read~modify_ldt|read|''"
                        + "|modify_ldt: is left out: nothing stands in for it on aarch64",
            })
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
                PolicyTranslation.of(document, arch("x86_64"), arch("aarch64")).document());
    }
}
