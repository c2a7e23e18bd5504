// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.meaning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.sandbox.policy.CallRef;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.format.PolicyFormat;
import io.sandbox.policy.testing.Policies;
import io.sandbox.policy.testing.RandomDocuments;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.testing.Table;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a call is on an architecture. */
final class PolicyTranslationTest {
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

    private static final String NO_TABLE = "pdp11";

    private static CallRef call(String text) {
        return Character.isDigit(text.charAt(0))
                ? new CallRef.Numbered(Integer.parseInt(text))
                : new CallRef.Named(text);
    }

    @Table
    void exist_isKnownOfNamesWithATable(String arch, String call, boolean exists) {
        assertEquals(exists, CallNames.on(arch).exist(call(call)));
    }

    @Table
    void nameOf_isCanonical(String arch, String call, String name) {
        assertEquals(name, CallNames.on(arch).nameOf(call(call)).orElse(""));
    }

    @Test
    void key_isTheSameForAllNamesOfACall() {
        CallNames names = CallNames.on("x86_64");
        assertEquals(names.key(call("pread64")), names.key(call("pread")));
        assertEquals(names.key(call("pread64")), names.key(call("17")));
        assertEquals(names.key(call("9999")), CallNames.on(NO_TABLE).key(call("9999")));
        assertNotEquals(names.key(call("read")), names.key(call("write")));
        assertNotEquals(names.key(call("nosuch")), names.key(call("other")));
    }

    private static List<CallSummary> of(String text) {
        return CallSummary.of(Policies.read(text), RandomDocuments.HERE);
    }

    @Test
    void of_list_isSortedByTheKernelsNames() {
        assertEquals(
                List.of(
                        new CallSummary("999", "allow", true, ""),
                        new CallSummary("close", "allow if arg0==1, otherwise kill", true, "why"),
                        new CallSummary("nothing", "allow", true, ""),
                        new CallSummary("pread64", "allow", true, "")),
                of("pread\nclose(arg0==1)  # why\nnothing\n999\n"));
    }

    @Test
    void of_refusedAndLoggedCalls_sayWhetherTheyPass() {
        assertEquals(
                List.of(
                        new CallSummary("read", "log", true, ""),
                        new CallSummary("write", "errno:EPERM", false, "")),
                of(
                        """
                        {"sandboxPolicy": 1, "default": "kill", "rules": [
                        {"call": "write", "action": "errno:EPERM"},
                        {"call": "read", "action": "log"}]}
                        """));
    }
}
