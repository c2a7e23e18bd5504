// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.sandbox.policy.CallRef;
import io.sandbox.policy.Policy;
import io.sandbox.policy.PolicyEnvironment;
import io.sandbox.policy.PolicyFile;
import io.sandbox.policy.bpf.CallData;
import io.sandbox.policy.bpf.FilterInterpreter;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.format.PolicyFormat;
import io.sandbox.policy.testing.Policies;
import io.sandbox.policy.testing.PolicyOracle;
import io.sandbox.policy.testing.RandomPolicies;
import io.sandbox.syscalldb.Arch;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Policies of our variables keep their filter through the lossless formats. Loads nothing. */
class VariablesDecisionIT {
    private static final int CALLS = 100;
    private static final List<String> LISTS =
            List.of(
                    "",
                    "read:getpid",
                    "read(arg0==1):getpid(arg1>=7,arg0&3==1)",
                    "read:getpid(arg0!=1):getpid(arg0>9):write(arg0<2)");
    private static final List<String> UNKNOWN =
            List.of("", "\nSECCOMP_UNKNOWN=enosys", "\nSECCOMP_UNKNOWN=enosys:4.19");
    private static final List<String> ARCHES = List.of("x86_64", "i386", "aarch64");

    @BeforeAll
    static void requireLibrary() {
        Filters.requireLibrary();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"kill", "kill_thread", "trap", "errno", "errno:ENOSYS", "errno:4095", "log"})
    void compile_everyKindOfPolicy_decidesAsTheVariablesSay(String action) {
        for (Policy.Mode mode : Policy.Mode.values()) {
            for (String list : LISTS) {
                String unknown = UNKNOWN.get(list.length() % UNKNOWN.size());
                String text =
                        String.format(
                                "%s=%s\nSECCOMP_DEFAULT_ACTION=%s%s\n",
                                PolicyEnvironment.variable(mode), list, action, unknown);
                ARCHES.forEach(name -> check(text, Filters.arch(name)));
            }
        }
    }

    private static void check(String text, Arch target) {
        Circumstances here = Policies.here(target.name(), "6.1", "CAP_SYS_CHROOT");
        Policy policy = PolicyEnvironment.parse(PolicyFile.parse(text)).policy().orElseThrow();
        FilterCompiler compiler = new FilterCompiler();
        byte[] filter =
                compiler.compile(PolicyDocument.of(policy), target.name(), target).toBytes();
        PolicyDocument document = Policies.reading(PolicyFormat.ENVFILE, text).document();
        for (PolicyFormat format :
                List.of(PolicyFormat.ENV, PolicyFormat.ENVFILE, PolicyFormat.JSON)) {
            PolicyDocument again =
                    Policies.reading(format, format.write(document, here).text()).document();
            assertArrayEquals(
                    filter,
                    compiler.compile(again, here, target).toBytes(),
                    () -> text + " on " + target + " as " + format);
        }
        RandomPolicies random =
                new RandomPolicies(
                        1, target, List.of(new CallRef.Named("read"), new CallRef.Named("getpid")));
        FilterInterpreter interpreter = FilterInterpreter.of(filter);
        int foreign = target.name().equals("i386") ? 0xc000003e : 0x40000003;
        assertDecision(interpreter, policy, target, CallData.of(0, foreign), text);
        assertDecision(interpreter, policy, target, CallData.of(39, foreign, 1, 7), text);
        for (int i = 0; i < CALLS; i++) {
            assertDecision(interpreter, policy, target, random.call(policy), text);
        }
    }

    private static void assertDecision(
            FilterInterpreter filter, Policy policy, Arch target, CallData call, String text) {
        Filters.assertReturns(PolicyOracle.verdict(policy, target, call), filter, call, text);
    }
}
