// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.Signals;
import io.sandbox.cli.testing.Terminal;
import io.sandbox.cli.testing.Words;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The output, messages and statuses of {@code sandbox-policy}. */
class PolicyCommandIT {
    private static final String LIST = "# the shop\n\nread  # requests\nopen\nsocket(arg0==2)\n";

    @TempDir private Path folder;

    private Finished policy(String input, String line, Object... values) throws Exception {
        return Child.of("sandbox-policy " + line, values)
                .in(folder)
                .input(input.getBytes(UTF_8))
                .run();
    }

    @Test
    void convert_toItself_keepsCommentsAndOrder() throws Exception {
        policy(LIST, "convert - --to list").assertStatus(0).assertOutIs(LIST).assertNoErr();
    }

    @Test
    void convert_logUnknown_refusesNothing() throws Exception {
        String list = "SECCOMP_SYSCALL_ALLOW=read:open\nSECCOMP_DEFAULT_ACTION=errno:1\n";
        policy(list, "convert - --to envfile --mode log-unknown")
                .assertStatus(0)
                .assertOutIs("SECCOMP_SYSCALL_ALLOW=read:open\nSECCOMP_DEFAULT_ACTION=log\n")
                .assertNoErr();
        policy(list, "convert - --to json --mode log-unknown").assertOut("\"default\": \"log\"");
        policy(list, "convert - --to systemd --mode log-unknown")
                .assertStatus(2)
                .assertNoOut()
                .assertErrIs(
                        "sandbox policy: systemd: cannot log unknown calls: it would refuse"
                                + " them\n");
    }

    @Test
    void convert_loss_isOneLine() throws Exception {
        policy(LIST + "arch_prctl\n", "convert --to firejail -")
                .assertStatus(0)
                .assertOutIs(
                        "# the shop\n\n"
                                + "seccomp.keep read,open,socket,arch_prctl\n"
                                + "seccomp-error-action kill\n"
                                + "seccomp.block-secondary\n")
                .assertErrIs(
                        "sandbox policy: firejail: socket: is allowed whatever the arguments"
                            + " (opens: netlink: addresses and routes and traffic control, netlink:"
                            + " lists of sockets, netlink: IPsec, netlink: audit, netlink: the"
                            + " connector and 30 more)\n"
                            + "sandbox policy: firejail: comments: are left out: the format has no"
                            + " place for them\n");
    }

    /** Such a list is one for libsandbox.so; systemd loads the filter before the program starts. */
    @ParameterizedTest
    @ValueSource(strings = {"systemd", "oci"})
    void convert_listWithoutTheStart_isSaid(String format) throws Exception {
        String message = "sandbox policy: " + format + ": arch_prctl, which almost every program";
        for (String list : List.of("read\nwrite\n", "read\narch_prctl\n")) {
            Finished run = policy(list, "convert - --arch x86_64 --to " + format).assertStatus(0);
            assertEquals(!list.contains("arch"), run.err().contains(message), run::toString);
        }
        for (String ours : List.of("env", "json", "minijail")) {
            policy("read\n", "convert - --arch x86_64 --to " + ours).assertErrLacks("arch_prctl");
        }
    }

    @Test
    void convert_strictWithLoss_writesNothing() throws Exception {
        policy(LIST, "convert - --to env --strict -o out.env")
                .assertStatus(2)
                .assertErr("1 loss, and --strict is given");
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void convert_lossesOfReading_countAsWell() throws Exception {
        String profile =
                "{\"defaultAction\": \"SCMP_ACT_KILL\", \"syscalls\": [{\"names\": [\"a\"],"
                        + " \"action\": \"SCMP_ACT_ALLOW\"}]}";
        policy(profile, "convert - --to json").assertStatus(0);
        policy(profile, "convert - --to json --strict").assertStatus(2).assertNoOut();
    }

    @Test
    void convert_misspeltName_isToldAndNotStrict() throws Exception {
        String told = "sandbox policy: -: opennat: is no system call of any architecture\n";
        policy("opennat\n", "convert - --to list")
                .assertStatus(0)
                .assertOutIs("opennat\n")
                .assertErrIs(told);
        policy("opennat\n", "convert - --to oci --strict").assertStatus(2).assertNoOut();
    }

    @Test
    void convert_nothingToWrite_writesNoFile() throws Exception {
        policy("SECCOMP_SYSCALL_ALLOW=\n", "convert - --to list")
                .assertStatus(2)
                .assertNoOut()
                .assertErrIs(
                        "sandbox policy: list: the file would be empty, and could not be read back"
                                + " (the policy allows no call that the format can express)\n");
    }

    @Test
    void convert_minijail_includesFilesAndTakesConstants() throws Exception {
        Files.createDirectory(folder.resolve("sub"));
        Files.writeString(
                folder.resolve("sub/main.policy"),
                "@include ./other.policy\nioctl: arg1 == MINE\n");
        Files.writeString(folder.resolve("sub/other.policy"), "read: 1\n");
        policy("", "convert --to list --constant MINE=0x5 sub/main.policy")
                .assertStatus(0)
                .assertOutIs("read\nioctl(arg1==5)\n")
                .assertNoErr();
        policy("", "show sub/main.policy").assertStatus(2);
        Files.delete(folder.resolve("sub/other.policy"));
        policy("", "show sub/main.policy")
                .assertStatus(2)
                .assertNoOut()
                .assertErrIs(
                        "sandbox policy: sub/main.policy: line 1: @include: sub/other.policy: No"
                                + " such file or directory\n");
    }

    @Test
    void show_partOfAFile_isThatOfTheThread() throws Exception {
        String filter =
                "{\"default_action\": \"trap\", \"filter_action\": \"allow\", \"filter\": [%s]}";
        String file =
                "{\"vmm\": "
                        + filter.formatted("{\"syscall\": \"read\"}")
                        + ", \"api\": "
                        + filter.formatted("")
                        + "}";
        assertTrue(policy(file, "show --part api -").out().startsWith("0 calls"));
        assertTrue(policy(file, "show --part vmm -").out().startsWith("1 call"));
        policy(file, "show -")
                .assertStatus(2)
                .assertNoOut()
                .assertErrIs(
                        "sandbox policy: -: has 2 threads: vmm, api (choose one: --part NAME)\n");
    }

    @Test
    void convert_otherArch_saysWhatReplacesWhat() throws Exception {
        policy("open\n", "convert - --to list --from-arch x86_64 --arch aarch64")
                .assertStatus(0)
                .assertOutIs("openat\n")
                .assertErrIs("sandbox policy: aarch64: open: replaced by openat\n");
    }

    /**
     * The commands show and convert do this too: the file is for that architecture, and stays as it
     * is.
     */
    @Test
    void convert_arch_isThatOfTheFile() throws Exception {
        String list = "openat\nARG(arg0==1)\n".replace("ARG", "newfstatat");
        policy(list, "convert - --to list --arch aarch64")
                .assertStatus(0)
                .assertOutIs(list)
                .assertNoErr();
        String show = policy("63\n", "show - --arch aarch64").out();
        assertTrue(show.contains("read"), show);
        policy("63\n", "convert - --to json --arch aarch64")
                .assertStatus(0)
                .assertOutIs(
                        "{\n"
                                + "  \"sandboxPolicy\": 1,\n"
                                + "  \"default\": \"kill\",\n"
                                + "  \"rules\": [\n"
                                + "    {\"call\": \"63\", \"action\": \"allow\"}\n"
                                + "  ]\n"
                                + "}\n")
                .assertNoErr();
    }

    /** A policy that only logs refuses nothing. */
    @Test
    void convert_logUnknown_doesNotSpeakOfRefusedCalls() throws Exception {
        for (String format : List.of("oci", "spo", "seccompiler")) {
            Finished run =
                    policy("read\n500\n", "convert - --mode log-unknown --to %s", format)
                            .assertStatus(0);
            assertEquals(1, run.err().lines().count(), run::toString);
            assertTrue(!run.err().contains("refused"), run::toString);
        }
    }

    @Test
    void diff_filterOfAPolicyWithAKernel_isTheSame() throws Exception {
        String json =
                "{\"sandboxPolicy\": 1, \"default\": \"kill\", \"kernel\": \"6.12\", \"rules\":"
                        + " [{\"call\": \"read\", \"action\": \"allow\"}]}";
        Path filter = folder.resolve("kernel.bpf");
        Path policy = Files.writeString(folder.resolve("kernel.json"), json);
        Child compile = Child.of("sandboxify --policy %s --quiet --compile %s", policy, filter);
        compile.run().assertStatus(0);
        policy(json, "diff - %s", filter).assertStatus(0).assertNoOut().assertNoErr();
    }

    @Test
    void convert_capability_decidesTheRules() throws Exception {
        String profile =
                """
                {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [
                  {"names": ["chroot"], "action": "SCMP_ACT_ALLOW",
                   "includes": {"caps": ["CAP_SYS_CHROOT"]}},
                  {"names": ["ptrace"], "action": "SCMP_ACT_ALLOW",
                   "includes": {"minKernel": "4.8"}}]}
                """;
        String words = "convert - --to env --kernel 4.4";
        String more = "convert - --to env --cap CAP_SYS_CHROOT";
        assertTrue(
                policy(profile, words)
                        .err()
                        .startsWith(
                                "sandbox policy: env: 2 rules: depending on circumstances, decided"
                                        + " for x86_64, kernel 4.4, no capabilities\n"));
        assertTrue(policy(profile, words).out().startsWith("SECCOMP_SYSCALL_ALLOW=\"\"\n"));
        assertTrue(
                policy(profile, more).out().startsWith("SECCOMP_SYSCALL_ALLOW=\"chroot:ptrace\""));
    }

    @Test
    void merge_policiesAndRecording_isTheUnion() throws Exception {
        Files.writeString(folder.resolve("one"), "SECCOMP_SYSCALL_ALLOW=read\n");
        Files.writeString(folder.resolve("two"), "write: 1\nread: arg0 == 1\n");
        policy("open\n", "merge one two -")
                .assertStatus(0)
                .assertOutIs("SECCOMP_SYSCALL_ALLOW=\"read:write:open\"\n")
                .assertNoErr();
    }

    private static final String NAMES = "read\narch_prctl\nclone3\nsocket\nmount\n";

    private static List<String> looser(Finished run) {
        return run.err().lines().filter(line -> line.contains("looser")).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"oci", "spo"})
    void convert_toProfile_saysWhereItIsLooserThanTheDefaults(String format) throws Exception {
        String docker = "sandbox policy: looser than Docker's default: ";
        String convert = "convert - --runtime none --to " + format;
        List<String> lines = looser(policy(NAMES, convert));
        assertEquals(3, lines.size(), lines::toString);
        assertEquals(
                docker + "clone3: errno:ENOSYS -> allow (opens: a new user namespace)",
                lines.get(0));
        assertTrue(lines.get(1).startsWith(docker + "socket: allow if arg0<38"), lines.get(1));
        assertTrue(lines.get(1).contains("(opens: kernel crypto, sockets"), lines.get(1));
        assertTrue(lines.get(2).startsWith(docker + "mount: errno:EPERM -> allow (escape"));
        assertEquals(List.of(), looser(policy("read\nsocket(arg0==2)\n", convert)));
        assertEquals(List.of(), looser(policy(NAMES, "convert - --to json")));
    }

    @Test
    void convert_manyLooserCalls_areCounted() throws Exception {
        String convert = "convert - --to oci --runtime none";
        policy("SECCOMP_SYSCALL_DENY=reboot\n", convert)
                .assertErr("looser than Docker's default: other calls: ");
        String many =
                "mount bpf keyctl ptrace reboot swapon setns acct unshare iopl fsopen"
                        + " perf_event_open";
        Finished run = policy(many.replace(' ', '\n') + "\n", convert);
        run.assertErr("looser than Docker's default in 3 more: ", "(--at-most docker takes all");
        assertTrue(looser(run).size() <= 10, run::toString);
    }

    @Test
    void convert_atMost_takesAwayWhatTheOtherRefusesAndSaysIt() throws Exception {
        policy(NAMES, "convert - --to oci --runtime none --at-most docker -o bounded.json")
                .assertStatus(0)
                .assertErr(
                        "sandbox policy: --at-most docker: clone3: allow -> errno:ENOSYS (closes:"
                                + " a new user namespace)\n")
                .assertErrLacks("looser than Docker", "overlap");
        policy(
                        "",
                        "test bounded.json read clone3 socket(AF_INET) socket(AF_ALG) socket(39)"
                                + " mount openat")
                .assertStatus(0)
                .assertOutIs(
                        "read: allow\n"
                                + "clone3: errno:ENOSYS\n"
                                + "socket(AF_INET): allow\n"
                                + "socket(AF_ALG): errno:EPERM (but not with a bit in the upper"
                                + " half of an argument, which the kernel ignores)\n"
                                + "socket(39): allow\n"
                                + "mount: errno:EPERM\n"
                                + "openat: kill\n")
                .assertNoErr();
        policy("read\nsocket(arg0==2)\n", "convert - --to env --at-most bounded.json")
                .assertStatus(0)
                .assertOutIs("SECCOMP_SYSCALL_ALLOW=\"read:socket(arg0==2)\"\n")
                .assertErrIs("sandbox policy: --at-most bounded.json: nothing is taken away\n");
    }

    @Test
    void merge_intersect_allowsWhatAllAllow() throws Exception {
        Files.writeString(folder.resolve("one"), "SECCOMP_SYSCALL_ALLOW=write:socket:clone3\n");
        Files.writeString(folder.resolve("two"), "socket: arg0 == 1\nwrite: 1\nclone3: 1\n");
        String refusing =
                "{\"sandboxPolicy\": 1, \"default\": \"allow\", \"rules\": ["
                        + "{\"call\": \"clone3\", \"action\": \"errno:ENOSYS\"}]}";
        policy(refusing, "merge --intersect one two -")
                .assertStatus(0)
                .assertOutIs("SECCOMP_SYSCALL_ALLOW=\"clone3=ENOSYS:write:socket(arg0==1)\"\n")
                .assertNoErr();
    }

    @Test
    void diff_sameMeaning_isStatus0() throws Exception {
        Files.writeString(folder.resolve("one"), "pread64\nread\n");
        policy("read: 1\npread: 1\n", "diff one -").assertStatus(0).assertNoOut().assertNoErr();
    }

    @Test
    void diff_difference_isALineAndStatus1() throws Exception {
        Files.writeString(folder.resolve("one"), "read\n");
        policy("read(arg0==1)\nwrite\n", "diff one -")
                .assertStatus(1)
                .assertOutIs(
                        "read: allow -> allow if arg0==1, otherwise kill\nwrite: kill -> allow\n")
                .assertNoErr();
    }

    @Test
    void show_policy_hasPurposeRiskAndReason() throws Exception {
        Finished finished = policy(LIST, "show -").assertStatus(0).assertNoErr();
        assertFalse(finished.out().contains("\033"), "colour without a terminal");
        for (String words :
                List.of(
                        "3 calls, other calls: kill, 1 allowed of high risk",
                        "@network-io",
                        "socket  high     allow if arg0==2 (AF_INET), otherwise kill;",
                        "  # requests")) {
            assertTrue(finished.out().contains(words), words + " in " + finished.out());
        }
    }

    @Test
    void show_whatATerminalObeysOrHides_isEscaped() throws Exception {
        Finished finished =
                policy(
                        "{\"sandboxPolicy\": 1, \"default\": \"kill\", \"comments\":"
                                + " [\"a\\u009b31m\"], \"rules\": [{\"call\": \"read\", \"action\":"
                                + " \"allow\", \"reason\": \"b\u202ec\\u001b[1m\"}]}",
                        "show -");
        assertTrue(finished.out().startsWith("# a\\x9b31m\n"), finished.out());
        finished.assertOut("  # b\\u202ec\\x1b[1m\n");
    }

    @Test
    void show_policy_endsWithTheExploitsThatItLeavesReachable() throws Exception {
        String end =
                "\nof 79 kernel holes with a public exploit (kernelCTF, 2023 to 2025), this policy"
                        + " leaves %d reachable at the entry (a lower bound; sandbox policy test %s"
                        + " --exploits lists them)\n   %d  ";
        String ordinary = "\n   2  it needs only what ordinary programs use\n";
        for (String list : List.of("two.list", "two.bpf", "a b")) {
            Path file = folder.resolve(list);
            if (list.endsWith("bpf")) {
                policy("", "convert --to bpf two.list -o %s", list);
            } else {
                Files.writeString(file, "read\nbpf\n");
            }
            String shown = policy("", "show %s", list).out();
            String quoted = list.equals("a b") ? "'a b'" : list;
            String line = list.endsWith("bpf") ? "" : ", line 2";
            String last =
                    end.formatted(8, quoted, 6)
                            + "BPF programs and maps by bpf (bpf"
                            + line
                            + ")"
                            + ordinary;
            assertTrue(shown.endsWith(last), shown);
        }
        String some = policy("SECCOMP_SYSCALL_DENY=bpf\n", "show -").out();
        assertTrue(some.contains(end.formatted(73, "-", 29).replace("   29", "  29")), some);
    }

    @Test
    void diff_argumentsThatDecide_namesWhatItOpens() throws Exception {
        Files.writeString(folder.resolve("one"), "clone(arg0&0x10000000==0)\nioctl\n");
        policy("clone\nioctl(arg1==21505)\nwrite\n", "diff one -")
                .assertStatus(1)
                .assertOutIs(
                        "clone: allow if arg0&0x10000000==0, otherwise kill -> allow (opens: a new"
                            + " user namespace)\n"
                            + "ioctl: allow -> allow if arg1==21505 (TCGETS), otherwise kill"
                            + " (closes: put characters into the terminal, another line discipline"
                            + " of a terminal)\n"
                            + "write: kill -> allow\n")
                .assertNoErr();
    }

    @Test
    void test_words_haveOneAnswerEach() throws Exception {
        String list =
                "socket(arg0==16,arg2==0)\nsocket(arg0==2)\nclone\nsetsockopt\n"
                        + "mmap(arg2&0xffffffff==3)\n";
        String[][] answers = {
            {"clone", "allow"},
            {"clone3", "kill"},
            {"socket(AF_INET)", "allow"},
            {"socket(AF_ALG, SOCK_SEQPACKET, 0)", "kill"},
            {"socket(AF_NETLINK, *, NETLINK_ROUTE)", "allow"},
            {"socket(AF_NETLINK, 3|SOCK_CLOEXEC, 12)", "kill"},
            {"socket(16, 3, NETLINK_NETFILTER)", "kill"},
            {"mmap(0, 0x1000, PROT_READ|PROT_WRITE)", "allow"},
            {"mmap(*, *, PROT_EXEC)", "kill"},
            {
                "socket",
                "allow if arg0==16 (AF_NETLINK),arg2==0, allow if arg0==2 (AF_INET), otherwise kill"
            },
            {
                "CVE-2023-31436",
                "reachable: netlink: addresses and routes and traffic control by socket"
                        + " (socket(arg0==16,arg2==0), line 1); a new user namespace by clone"
                        + " (clone, line 3)"
            },
            {"CVE-2023-0193", "stopped: the policy refuses netlink: netfilter"},
            {"CVE-2026-31431", "stopped: the policy refuses kernel crypto"},
            {"CVE-2023-4622", "reachable: it needs only what ordinary programs use"},
        };
        List<String> words = Words.of("test -");
        StringBuilder expected = new StringBuilder();
        for (String[] each : answers) {
            words.add(each[0]);
            expected.append(each[0]).append(": ").append(each[1]).append('\n');
        }
        policy(list, "%s", words).assertStatus(0).assertOutIs(expected.toString()).assertNoErr();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "clone3; 0",
                "clone3 unshare CVE-2023-0193; 0",
                "clone3 read; 1",
                "write(1); 1",
                "write(2); 0",
                "write; 1",
                "CVE-2023-4622; 1",
                "CVE-2024-41009; 1",
                "ptrace; 1", // another process decides
                "--exploits; 1",
            })
    void test_refused_isStatus0OnlyIfAllAre(String words, int status) throws Exception {
        String policy =
                "{\"sandboxPolicy\": 1, \"default\": \"errno:EPERM\", \"rules\": ["
                        + "{\"call\": \"read\", \"action\": \"allow\"},"
                        + "{\"call\": \"bpf\", \"action\": \"log\"},"
                        + "{\"call\": \"ptrace\", \"action\": \"trace:1\"},"
                        + "{\"call\": \"write\", \"if\": [\"arg0==1\"], \"action\": \"allow\"}]}";
        policy(policy, "test --refused - " + words).assertStatus(status);
        policy(policy, "test - " + words).assertStatus(0);
    }

    @Test
    void test_exploits_listsThemWithWhatLeavesThemOpen() throws Exception {
        String list = "read\nsocket(arg0==40)\n";
        policy(list, "test - --exploits")
                .assertStatus(0)
                .assertOutIs(
                        "CVE-2023-4622: reachable: it needs only what ordinary programs use\n"
                            + "CVE-2024-36972: reachable: it needs only what ordinary programs"
                            + " use\n"
                            + "CVE-2025-21756: reachable: sockets between a machine and its guests"
                            + " by socket (socket(arg0==40), line 2)\n"
                            + "of 79 kernel holes with a public exploit (kernelCTF, 2023 to 2025),"
                            + " this policy leaves 3 reachable at the entry (a lower bound)\n"
                            + "of 7 kernel holes whose CVE record of 2026 names the entry, this"
                            + " policy leaves 0 reachable at the entry (a lower bound)\n")
                .assertNoErr();
        Finished json = policy(list, "test - --exploits --format json clone3");
        for (String words :
                List.of(
                        "\"word\" : \"clone3\",\n      \"refused\" : true,\n"
                                + "      \"answer\" : \"kill\"\n",
                        "\"exploits_known\" : 79,\n  \"exploits_reachable\" : 3,\n",
                        "\"id\" : \"CVE-2025-21756\",\n      \"needs\" : [\n        \"vsock\"\n")) {
            assertTrue(json.out().contains(words), words + " in " + json.out());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "convert nofile --to env|nofile: No such file or directory",
                "convert . --to env|.: Is a directory",
                "convert - --to nonsense|nonsense: unknown format",
                "convert -|--to",
                "convert - --to env --arch vax|vax: unknown architecture",
                "convert - --to env --kernel six|six: not a kernel version",
                "convert - --to list --from-format oci|-: line 1: not JSON",
                "convert - --to env -o nofolder/out|nofolder/out: cannot write the result",
                "convert - --to env --at-most nofile|nofile: No such file or directory",
                "convert - --to env --at-most .|.: Is a directory",
                "convert - --to bpf --arch x32|x32: no filters for this ABI",
                "diff -|B",
                "test|give FILE or --pid",
                "test -|give a WORD or --exploits",
                "test - nonsense|nonsense: no system call of",
                "test - Read|Read: not a call or an exploit",
                "test - CVE-1999-1|CVE-1999-1: not a call or an exploit",
                "test - read(AF_NOTHING)|no name with a known value on",
                "test - read(1x)|not a number: 1x",
                "test - read(1,)|an argument is empty",
                "test - read(1,2,3,4)|read has only 3 arguments",
                "test - socket(AF_INET) --arch vax|vax: unknown architecture",
                "nonsense|nonsense",
                "show -|" // reads the input below
            })
    void anyCommand_mistake_isOneLineAndStatus2(String words, String expected) throws Exception {
        String input = expected == null ? "read\nwrite x\n" : "read\n";
        policy(input, words)
                .assertRefusedBy("sandbox policy", 2, expected == null ? "-: line 2: " : expected);
    }

    /** A full device, or a pipe without reader, as with head(1), which gives no message. */
    @ParameterizedTest
    @ValueSource(strings = {"show one", "diff one two", "convert one --to list"})
    void anyCommand_outputThatFails_isSaidUnlessItsReaderWent(String words) throws Exception {
        Files.writeString(folder.resolve("one"), "read\n");
        Files.writeString(folder.resolve("two"), "write\n");
        withOutput("open STDOUT, q(>/dev/full)", words)
                .assertStatus(2)
                .assertNoOut()
                .assertErrIs(
                        "sandbox policy: standard output: cannot write the result: No space left on"
                                + " device\n");
        withOutput("pipe R, W; open STDOUT, q(>&W); close R; close W", words)
                .assertStatus(128 + Signals.number("PIPE"))
                .assertNoOut()
                .assertNoErr();
    }

    private Finished withOutput(String perl, String words) throws Exception {
        return Child.of("perl -e %s sandbox-policy " + words, perl + "; exec @ARGV")
                .in(folder)
                .run();
    }

    @Test
    void filter_toATerminal_isRefused() throws Exception {
        Path list = Files.writeString(folder.resolve("list"), "read\n");
        List<String> command = Words.of("sandbox-policy convert %s --to bpf", list);
        Terminal.run(List.of(), command)
                .assertStatus(2)
                .assertOutIs(
                        "sandbox policy: bpf: is binary, and standard output is a terminal (try: -o"
                                + " FILE)\r\n");
        command.addAll(Words.of("-o %s", folder.resolve("out")));
        Terminal.run(List.of(), command).assertStatus(0);
    }

    @Test
    void bpf_callThatTheArchLacks_isRefused() throws Exception {
        policy("waitpid\n", "convert --to bpf -")
                .assertRefusedBy("sandbox policy", 2, "waitpid: does not exist on x86_64");
        policy("opennat\n", "convert --to bpf -")
                .assertRefusedBy("sandbox policy", 2, "opennat: unknown system call on x86_64");
    }
}
