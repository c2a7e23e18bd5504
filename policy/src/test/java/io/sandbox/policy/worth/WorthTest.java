// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.worth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.CallRef;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.meaning.ClassDifference;
import io.sandbox.policy.meaning.Outcome;
import io.sandbox.policy.meaning.PolicyMeaning;
import io.sandbox.policy.testing.Policies;
import io.sandbox.policy.testing.RandomDocuments;
import io.sandbox.syscalldb.CallClass;
import io.sandbox.syscalldb.KernelVersion;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.testing.Table;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many known exploits policies stop: the numbers were first counted without this code. */
class WorthTest {
    /** The calls of servers of node and Python that some exploit needs. */
    private static final String SERVER =
            "read\nwrite\nclone\nclone3\nsocket\nsetsockopt\nsendto\nrecvfrom\nsendmsg\nrecvmsg\n"
                    + "mmap\nmprotect\nioctl\nprctl\nexecve\n";

    /** The rules of Docker's default profile (moby/profiles at cd3bed8) that count here. */
    private static final String DOCKER =
            """
            {"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 1, "architectures": [],
             "syscalls": [
              {"names": ["read", "write", "socketcall", "setsockopt", "sendmsg", "mmap", "mprotect",
                         "execve", "ioctl", "prctl", "keyctl"], "action": "SCMP_ACT_ALLOW"},
              {"names": ["socket"], "action": "SCMP_ACT_ALLOW",
               "args": [{"index": 0, "value": 38, "op": "SCMP_CMP_LT"}]},
              {"names": ["socket"], "action": "SCMP_ACT_ALLOW",
               "args": [{"index": 0, "value": 39, "op": "SCMP_CMP_EQ"}]},
              {"names": ["socket"], "action": "SCMP_ACT_ALLOW",
               "args": [{"index": 0, "value": 40, "op": "SCMP_CMP_GT"}]},
              {"names": ["bpf", "clone", "clone3", "perf_event_open", "setns", "unshare"],
               "action": "SCMP_ACT_ALLOW", "includes": {"caps": ["CAP_SYS_ADMIN"]}},
              {"names": ["clone"], "action": "SCMP_ACT_ALLOW",
               "args": [{"index": 0, "value": 2114060288, "op": "SCMP_CMP_MASKED_EQ"}],
               "excludes": {"caps": ["CAP_SYS_ADMIN"]}},
              {"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38,
               "excludes": {"caps": ["CAP_SYS_ADMIN"]}}]}
            """;

    /** Namespaces and clone3 are refused; protocols and options of sockets are those seen. */
    private static final String BEST =
            """
            SECCOMP_SYSCALL_ALLOW=read:write:clone(arg0&0x7e020000==0):socket(arg0==1):\
            socket(arg0==2):socket(arg0==16,arg2==0):setsockopt(arg1==1):setsockopt(arg1==6,arg2==1)\
            :sendto(arg3&0x1==0):mmap:ioctl:execve
            """;

    private static final Circumstances ADMIN =
            new Circumstances(
                    "x86_64", Set.of("CAP_SYS_ADMIN"), KernelVersion.parse("6.12").orElseThrow());

    private static PolicyMeaning meaning(String text, Circumstances here) {
        return PolicyMeaning.of(Policies.read(text), here);
    }

    private static Worth worth(String text) {
        return Worth.of(meaning(text, RandomDocuments.HERE));
    }

    private static int stopped(Worth worth) {
        return worth.stopped();
    }

    @Test
    void reachable_listOfNamesOfAServer_stops13() {
        assertEquals(13, stopped(worth(SERVER)));
        assertEquals(13, stopped(worth(SERVER + "unshare\n")));
    }

    @Test
    void reachable_dockersDefault_stops69() {
        assertEquals(69, stopped(worth(DOCKER)));
    }

    /** The profile compares 64 bits (arg0 &gt; 40), and the kernel reads an int. */
    @ParameterizedTest
    @CsvSource({"40, true", "1, false", "4294967336, false"})
    void dockersDefault_familyInTheLowerHalf_isOverlooked(long family, boolean overlooked) {
        PolicyMeaning docker = meaning(DOCKER, RandomDocuments.HERE);
        AskedCall asked = AskedCall.parse("socket(" + family + ")", "x86_64");
        boolean refused =
                docker.outcomes(asked.call(), asked.where()).stream().noneMatch(Outcome::passes);
        assertEquals(
                overlooked,
                refused && Worth.overlooksUpperHalf(docker, asked.call(), asked.where()));
        PolicyMeaning best = meaning(BEST, RandomDocuments.HERE);
        assertFalse(family == 40 && Worth.overlooksUpperHalf(best, asked.call(), asked.where()));
        String exploit = worth(DOCKER).about("CVE-2025-21756").orElseThrow().text();
        assertTrue(exploit.contains("upper half"), exploit);
    }

    /**
     * bpf and perf_event_open are open then too: only io_uring, kernel crypto and VSOCK are not.
     */
    @Test
    void reachable_dockersDefaultWithACapability_stopsLess() {
        assertEquals(8, stopped(Worth.of(meaning(DOCKER, ADMIN))));
    }

    @Test
    void reachable_listOfClasses_stops78() {
        Worth best = worth(BEST);
        assertEquals(78, stopped(best));
        assertEquals(
                "CVE-2023-4622",
                String.join(" ", best.reachable().stream().map(s -> s.exploit().id()).toList()));
    }

    /** One more entry than the best list, and what it opens. */
    @Table
    void reachable_oneMoreEntry_stopsFewer(String entry, int expected) {
        assertEquals(expected, stopped(worth(BEST.strip() + ":" + entry + "\n")));
    }

    @Test
    void reachable_refusalsOfOtherKinds_stopAsMuchAndLogsDoNot() {
        for (String refusal : List.of("kill", "errno:1", "trap")) {
            String action = "SECCOMP_DEFAULT_ACTION=" + refusal + "\n";
            assertEquals(78, stopped(worth(BEST + action)), refusal);
        }
        assertEquals(0, stopped(worth(BEST + "SECCOMP_DEFAULT_ACTION=log\n")));
    }

    @Test
    void reachable_denyList_stopsWhatItRefuses() {
        String deny = "SECCOMP_SYSCALL_DENY=";
        assertEquals(13, stopped(worth(deny + "bpf:io_uring_setup:perf_event_open\n")));
        assertEquals(0, stopped(worth(deny + "unshare\n")));
        assertEquals(
                55,
                stopped(worth(deny + "unshare:clone3:" + "clone(arg0&0x10000000==0x10000000)\n")));
    }

    @Test
    void about_exploit_saysWhichEntryLeavesItOpen() {
        Worth names = worth(SERVER);
        assertEquals(
                "reachable: netlink: netfilter by socket (socket, line 5); a new user namespace by"
                        + " clone (clone, line 3)",
                names.about("CVE-2023-0193").orElseThrow().text());
        assertEquals(
                "stopped: the policy refuses BPF programs and maps",
                names.about("CVE-2023-52447").orElseThrow().text());
        assertEquals(
                "reachable: it needs only what ordinary programs use",
                names.about("CVE-2023-4622").orElseThrow().text());
        assertTrue(names.about("CVE-1999-0001").isEmpty());
        assertEquals(
                "reachable: kernel TLS and other layers on TCP by setsockopt (the default action)",
                worth("SECCOMP_SYSCALL_DENY=bpf\n").about("CVE-2024-26582").orElseThrow().text());
    }

    @Test
    void about_recordOf2026_isCountedByItself() {
        Worth names = worth(SERVER);
        assertEquals(
                "reachable: kernel crypto by socket (socket, line 5)",
                names.about("CVE-2026-31431").orElseThrow().text());
        assertEquals(
                "stopped: the policy refuses io_uring",
                names.about("CVE-2026-31774").orElseThrow().text());
        assertEquals(79, names.known());
        assertEquals(
                "of 7 kernel holes whose CVE record of 2026 names the entry, this policy leaves 6"
                        + " reachable at the entry (a lower bound)",
                names.sentenceOf2026());
        assertEquals(0, worth(BEST).reachableOf2026().size());
    }

    @Test
    void causes_ofAListOfNames_areCountedTheMostFirst() {
        Worth names = worth(SERVER);
        Map<String, Long> causes = names.causes();
        assertEquals(
                "29 netlink: netfilter by socket (socket, line 5); a new user namespace by clone"
                        + " (clone, line 3)",
                causes.entrySet().stream()
                        .map(each -> each.getValue() + " " + each.getKey())
                        .findFirst()
                        .orElseThrow());
        assertEquals(66, causes.values().stream().mapToLong(Long::longValue).sum());
        assertEquals(
                "of 79 kernel holes with a public exploit (kernelCTF, 2023 to 2025), this policy"
                        + " leaves 66 reachable at the entry (a lower bound; more)",
                names.sentence("; more"));
    }

    /** The flags of clone are the second argument there, and sockets also come by socketcall. */
    @Test
    void reachable_otherArchitectures_countTheirArguments() {
        KernelVersion kernel = KernelVersion.parse("6.12").orElseThrow();
        Circumstances s390x = new Circumstances("s390x", Set.of(), kernel);
        String first = "SECCOMP_SYSCALL_ALLOW=socket:clone(arg0&0x7e020000==0)\n";
        String second = first.replace("arg0", "arg1");
        assertEquals(23, stopped(Worth.of(meaning(first, s390x))));
        assertEquals(75, stopped(Worth.of(meaning(second, s390x))));
        Circumstances i386 = new Circumstances("i386", Set.of(), kernel);
        assertEquals(
                List.of("socketcall"),
                SyscallDb.get().callClasses().stream()
                        .filter(each -> each.id().equals("af_alg"))
                        .filter(
                                each ->
                                        ClassDifference.way(
                                                        meaning(
                                                                "SECCOMP_SYSCALL_ALLOW=socketcall\n",
                                                                i386),
                                                        each)
                                                .isPresent())
                        .map(CallClass::call)
                        .toList());
    }

    @Table
    void classDifference_call_namesWhatItOpens(
            String before, String after, String call, String expected) {
        ClassDifference difference =
                new ClassDifference(
                        meaning("SECCOMP_SYSCALL_ALLOW=" + before + "\n", RandomDocuments.HERE),
                        meaning("SECCOMP_SYSCALL_ALLOW=" + after + "\n", RandomDocuments.HERE));
        assertEquals(expected, difference.about(call));
    }

    /** Every class is open without a filter, and closed under an empty list. */
    @Test
    void way_eachClass_isOpenOrClosedAsAWhole() {
        PolicyMeaning open = meaning("SECCOMP_SYSCALL_DENY=reboot\n", RandomDocuments.HERE);
        PolicyMeaning shut = meaning("SECCOMP_SYSCALL_ALLOW=reboot\n", RandomDocuments.HERE);
        for (CallClass each : SyscallDb.get().callClasses()) {
            assertEquals(
                    each.arches().contains("x86_64") && open.exists(call(each)),
                    ClassDifference.way(open, each).isPresent(),
                    each::toString);
            assertTrue(ClassDifference.way(shut, each).isEmpty(), each::toString);
        }
    }

    private static CallRef call(CallClass each) {
        return new CallRef.Named(each.call());
    }
}
