// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.meaning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.format.PolicyFormat;
import io.sandbox.policy.testing.RandomDocuments;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyTranslationTest {
    private static Arch arch(String name) {
        return SyscallDb.get().archByName(name).orElseThrow();
    }

    private static PolicyTranslation.Result translate(String list, String target) {
        PolicyDocument document =
                PolicyFormat.readAny(list.getBytes(StandardCharsets.UTF_8)).document();
        return PolicyTranslation.of(document, arch("x86_64"), arch(target));
    }

    private static String text(PolicyTranslation.Result result) {
        return PolicyFormat.LIST
                .write(result.document(), RandomDocuments.HERE)
                .text()
                .replace('\n', ' ');
    }

    @Test
    void of_missingCalls_areReplacedBySiblings() {
        PolicyTranslation.Result result = translate("read\nopen # why\nfork\n", "aarch64");
        assertEquals("read openat  # why clone clone3 ", text(result));
        assertEquals(
                List.of("open: replaced by openat", "fork: replaced by clone, clone3"),
                result.replacements());
        assertEquals(List.of(), result.losses());
    }

    @Test
    void of_numbersAndAliases_getTheNames() {
        assertEquals("read pread64 ", text(translate("0\npread\n", "aarch64")));
    }

    @Test
    void of_conditionsThatCannotBeCarried_areLossesNeverDropped() {
        PolicyTranslation.Result result = translate("open(arg1==0)\nread(arg0==1)\n", "aarch64");
        assertEquals("read(arg0==1) ", text(result));
        assertEquals(
                List.of(
                        new Loss(
                                "open(arg1==0)",
                                "is not carried over to openat: conditions cannot be")),
                result.losses());
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
    void of_unknownNumber_isALoss() {
        PolicyTranslation.Result result = translate("read\n9999\n", "aarch64");
        assertEquals("read ", text(result));
        assertEquals(1, result.losses().size());
    }

    @Test
    void of_profileForAllArchitectures_staysAsItIs() {
        String profile =
                "{\"defaultAction\": \"SCMP_ACT_KILL\", \"syscalls\": [{\"names\": [\"open\"],"
                        + " \"action\": \"SCMP_ACT_ALLOW\"}]}";
        PolicyDocument document =
                PolicyFormat.readAny(profile.getBytes(StandardCharsets.UTF_8)).document();
        assertSame(
                document,
                PolicyTranslation.of(document, arch("x86_64"), arch("aarch64")).document());
    }

    /** A condition on the wrong argument would allow something else. */
    @Test
    void of_argumentsAtOtherPositions_isALoss() {
        PolicyTranslation.Result result = translate("clone(arg3==0)\nread(arg0==1)\n", "aarch64");
        assertEquals("read(arg0==1) ", text(result));
        assertEquals(
                List.of(
                        new Loss(
                                "clone(arg3==0)",
                                "is left out: aarch64 has the arguments elsewhere")),
                result.losses());
        assertEquals("clone ", text(translate("clone\n", "aarch64")));
    }

    @Test
    void of_callWithoutSiblings_isALoss() {
        PolicyTranslation.Result result = translate("read\nmodify_ldt\n", "aarch64");
        assertEquals("read ", text(result));
        assertEquals(
                List.of(new Loss("modify_ldt", "is left out: nothing stands in for it on aarch64")),
                result.losses());
        assertEquals(List.of(), result.replacements());
    }
}
