// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.PolicyEntry;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.edit.PolicyEdit;
import io.sandbox.policy.edit.PolicyEdit.Addition;
import io.sandbox.policy.edit.PolicyEdit.Removal;
import io.sandbox.policy.meaning.PolicyMeaning;
import io.sandbox.syscalldb.KernelVersion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PolicyEditorTest {
    private static final Circumstances HERE =
            new Circumstances("x86_64", Set.of(), KernelVersion.parse("6.18").orElseThrow());

    private static final Surroundings AROUND = Surroundings.on("x86_64");

    private static CallRef call(String text) {
        return Character.isDigit(text.charAt(0))
                ? new CallRef.Numbered(Integer.parseInt(text))
                : new CallRef.Named(text);
    }

    private static String add(String text, String... calls) {
        List<Addition> additions = new ArrayList<>();
        for (String call : calls) {
            additions.add(new Addition(call(call), ""));
        }
        return PolicyEditor.edit(
                text.getBytes(UTF_8),
                Optional.empty(),
                AROUND,
                new PolicyEdit(additions, List.of()),
                HERE);
    }

    private static String remove(String text, String... subjects) {
        PolicyMeaning meaning =
                PolicyMeaning.of(PolicyFormat.readAny(text.getBytes(UTF_8)).document(), HERE);
        List<Removal> removals = new ArrayList<>();
        for (PolicyMeaning.AllowedItem item : meaning.allowedItems()) {
            if (Set.of(subjects).contains(item.subject())) {
                removals.add(new Removal(item.subject(), item.rules()));
            }
        }
        assertEquals(subjects.length, removals.size(), removals::toString);
        return PolicyEditor.edit(
                text.getBytes(UTF_8),
                Optional.empty(),
                AROUND,
                new PolicyEdit(List.of(), removals),
                HERE);
    }

    private static void assertCannot(String text, String word, String call) {
        PolicyFormatException e =
                assertThrows(PolicyFormatException.class, () -> add(text, call), text);
        assertTrue(e.getMessage().contains(word), e::getMessage);
    }

    /** Adds what a list's entries say, or an errno. */
    private static String rule(String text, Action action, String... entries) {
        List<PolicyEntry> parsed = PolicyText.parseEntries(String.join(":", entries));
        Addition addition =
                new Addition(
                        parsed.get(0).call(),
                        parsed.stream().map(PolicyEntry::conditions).toList(),
                        action,
                        "why");
        return PolicyEditor.edit(
                text.getBytes(UTF_8),
                Optional.empty(),
                AROUND,
                new PolicyEdit(List.of(addition), List.of()),
                HERE);
    }

    private static void assertCannotAdd(String text, String word, Action action, String entry) {
        PolicyFormatException e =
                assertThrows(PolicyFormatException.class, () -> rule(text, action, entry), text);
        assertTrue(e.getMessage().contains(word), e::getMessage);
    }

    @Test
    void conditions_areSaidAsTheFormatSaysThem() {
        String[] entries = {"socket(arg0==1)", "socket(arg0==2)"};
        assertEquals(
                "SECCOMP_SYSCALL_ALLOW=read:socket(arg0==1):socket(arg0==2):write\n",
                rule("SECCOMP_SYSCALL_ALLOW=read:write\n", Action.ALLOW, entries));
        assertEquals(
                "read\r\nsocket(arg0==1)  # why\r\nsocket(arg0==2)  # why\r\n",
                rule("read\r\n", Action.ALLOW, entries));
        assertEquals(
                "read: 1\nsocket: arg0 == 0x1 || arg0 == 0x2  # why\n",
                rule("read: 1\n", Action.ALLOW, entries));
        String json =
                "{\"sandboxPolicy\": 1, \"default\": \"kill\", \"rules\": [\n"
                        + "  {\"call\": \"read\", \"action\": \"allow\"}RULES]}\n";
        String rule =
                ",  {\"call\": \"socket\", \"if\": [\"arg0==%d\"], \"action\": \"allow\","
                        + " \"reason\": \"why\"}";
        assertEquals(
                json.replace(
                        "RULES", (rule.formatted(1) + rule.formatted(2)).replace(",  {", ",\n  {")),
                rule(json.replace("RULES", ""), Action.ALLOW, entries));
    }

    @Test
    void otherArguments_comeAfterThoseThatAreThere() {
        assertEquals(
                "SECCOMP_SYSCALL_ALLOW=read:socket(arg0==1):socket(arg0==2):write\n",
                rule(
                        "SECCOMP_SYSCALL_ALLOW=read:socket(arg0==1):write\n",
                        Action.ALLOW,
                        "socket(arg0==2)"));
        assertCannotAdd("read: 1\nsocket: arg0 == 1\n", "by hand", Action.ALLOW, "socket(arg0==2)");
    }

    /** What an entry refuses stays, also beside an entry for the same call that goes. */
    @Test
    void ownErrnos_stay() {
        assertEquals(
                "SECCOMP_SYSCALL_ALLOW=clone3=ENOSYS:write\n",
                remove("SECCOMP_SYSCALL_ALLOW=clone3:clone3=ENOSYS:write\n", "clone3"));
        assertEquals(
                "clone3=ENOSYS  # why\nclone4\nwrite\n",
                add("clone3=ENOSYS  # why\nwrite\n", "clone4"));
        assertEquals(
                "SECCOMP_SYSCALL_ALLOW=clone3=ENOSYS:read:write\n",
                add("SECCOMP_SYSCALL_ALLOW=clone3=ENOSYS:write\n", "read"));
    }

    @Test
    void refusal_isSaidAsTheFormatSaysIt() {
        assertEquals(
                "mount: return ENOSYS  # why\nread: 1\n",
                rule("read: 1\n", Action.errno(38), "mount"));
        assertEquals("mount=EPERM  # why\nread\n", rule("read\n", Action.errno(1), "mount"));
        assertEquals(
                "SECCOMP_SYSCALL_ALLOW=read:socket(arg0==38)=4095:write",
                rule("SECCOMP_SYSCALL_ALLOW=read:write", Action.errno(4095), "socket(arg0==38)"));
        assertCannotAdd(
                "SECCOMP_SYSCALL_ALLOW=read~SECCOMP_DEFAULT_ACTION=log".replace('~', '\n'),
                "mount would be: log, not: errno:EPERM",
                Action.errno(1),
                "mount");
        assertCannotAdd("read(arg0==1)\n", "by hand", Action.errno(1), "read");
        assertCannotAdd(
                "[Service]\nSystemCallFilter=read\n", "cannot refuse", Action.errno(1), "mount");
        assertCannotAdd(
                "[Service]\nSystemCallFilter=read\n",
                "for which arguments",
                Action.ALLOW,
                "socket(arg0==1)");
        assertCannotAdd("seccomp.keep read\n", "cannot refuse", Action.errno(1), "mount");
    }

    /** In the order of a file, the first rule that matches decides. */
    @Test
    void refusalOfOtherArguments_comesAfterWhatIsAllowed() {
        String text =
                "{\"sandboxPolicy\": 1, \"default\": \"kill\", \"rules\": [{\"call\": \"socket\","
                        + " \"if\": [\"arg0==1\"], \"action\": \"allow\"}]}";
        assertTrue(
                rule(text, Action.errno(97), "socket")
                        .endsWith(
                                "\"allow\"}, {\"call\": \"socket\", \"action\":"
                                        + " \"errno:EAFNOSUPPORT\", \"reason\": \"why\"}]}"));
    }

    /** A call goes into the list in whose order it fits, otherwise into the last. */
    @Test
    void oci_severalLists_onePlaceIsTaken() {
        String text =
                "{\"linux\": {\"seccomp\": {\"defaultAction\": \"SCMP_ACT_KILL\", \"syscalls\":"
                        + " [{\"names\": [\"close\", \"read\"], \"action\":"
                        + " \"SCMP_ACT_ALLOW\"},{\"names\": [\"accept\", \"socket\"], \"action\":"
                        + " \"SCMP_ACT_ALLOW\"}]}}}";
        assertEquals(
                text.replace("\"close\", ", "\"close\", \"mmap\", ")
                        .replace("\"socket\"", "\"socket\", \"write\""),
                add(text, "write", "mmap"));
        String refusing = text.replace("ALLOW", "LOG");
        assertCannot(refusing, "no place for calls that are allowed whatever", "write");
        assertCannotAdd(
                "{\"defaultAction\": \"SCMP_ACT_KILL\"}",
                "no place for further rules",
                Action.errno(1),
                "mount");
    }

    @Test
    void oci_ruleIsAnEntryOfItsOwn() {
        String text =
                "{\"defaultAction\": \"SCMP_ACT_KILL_PROCESS\",\n"
                        + " \"syscalls\": [\n"
                        + "  {\"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\"},\n"
                        + "  {\"names\": [\"write\"], \"action\": \"SCMP_ACT_ALLOW\"}RULE]}\n";
        assertEquals(
                text.replace(
                        "RULE",
                        ",\n  {\"names\": [\"mount\"], \"action\": \"SCMP_ACT_ERRNO\","
                                + " \"errnoRet\": 1, \"comment\": \"why\"}"),
                rule(text.replace("RULE", ""), Action.errno(1), "mount"));
        assertEquals(
                text.replace(
                        "RULE",
                        ",\n  {\"names\": [\"socket\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\":"
                                + " [{\"index\": 0, \"value\": 4294967295, \"valueTwo\": 2, \"op\":"
                                + " \"SCMP_CMP_MASKED_EQ\"}], \"comment\": \"why\"}"),
                rule(text.replace("RULE", ""), Action.ALLOW, "socket(arg0&0xffffffff==2)"));
        assertCannotAdd(text.replace("RULE", ""), "refuse a single call", Action.errno(1), "500");
    }

    @Test
    void spo_ruleIsALineOfItsOwn() {
        String head =
                "apiVersion: security-profiles-operator.x-k8s.io/v1beta1\n"
                        + "kind: SeccompProfile\n"
                        + "metadata:\n  name: x\n"
                        + "spec:\n"
                        + "  defaultAction: SCMP_ACT_KILL_PROCESS\n"
                        + "  syscalls:\n";
        String rule = "  - names:\n    - read\n    action: SCMP_ACT_ALLOW\n";
        String added =
                "  - {\"names\": [\"mount\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 1}"
                        + "  # why\n";
        assertEquals(head + added + rule, rule(head + rule, Action.errno(1), "mount"));
    }

    /** Other objects of Kubernetes in the same file stay as they are. */
    @Test
    void spo_otherObjects_areNoPlace() {
        String spec = "spec:\n  defaultAction: SCMP_ACT_KILL_PROCESS\n  syscalls:\n";
        String rule = "  - action: SCMP_ACT_ALLOW\n    names:\n    - close\n    - read\n";
        String other = "kind: Other\n" + spec + rule + "---\n";
        String profile = "kind: SeccompProfile\nmetadata:\n  name: x\n" + spec + rule;
        assertEquals(
                other + profile.replace("    - read", "    - mmap\n    - read"),
                add(other + profile, "mmap"));
        assertCannotAdd(profile, "refuse a single call", Action.errno(1), "500");
        assertCannotAdd(
                "kind: SeccompProfile\nspec:\n  defaultAction: SCMP_ACT_KILL\n  syscalls: []\n",
                "no place",
                Action.errno(1),
                "mount");
    }

    @Test
    void minijail_otherRefusals_cannotBeAdded() {
        assertCannotAdd("read: 1\n", "refuse", Action.TRAP, "mount");
        assertCannotAdd("read: 1\n", "refuse", Action.errno(1), "mount(arg0==1)");
    }

    @Test
    void env_sorted_addsAtItsPlace() {
        String text = "# why\n\nSECCOMP_SYSCALL_ALLOW=\"close:read\"  \n# end";
        assertEquals(
                "# why\n\nSECCOMP_SYSCALL_ALLOW=\"access:close:mmap:read:write\"  \n# end",
                add(text, "mmap", "access", "write"));
        assertEquals("# why\n\nSECCOMP_SYSCALL_ALLOW=\"read\"  \n# end", remove(text, "close"));
    }

    @Test
    void env_anyOrder_addsAtTheEndAndKeepsConditions() {
        assertEquals(
                "SECCOMP_SYSCALL_ALLOW=write:read::socket(arg0==1,arg1==2):close:500",
                add("SECCOMP_SYSCALL_ALLOW=write:read::socket(arg0==1,arg1==2)", "close", "500"));
        assertEquals(
                "SECCOMP_SYSCALL_ALLOW=write:read",
                remove(
                        "SECCOMP_SYSCALL_ALLOW=write:socket(arg0==1,arg1==2):read",
                        "socket(arg0==1,arg1==2)"));
    }

    @Test
    void env_empty_getsItsFirst() {
        assertEquals(
                "SECCOMP_SYSCALL_ALLOW=\"read\"\n", add("SECCOMP_SYSCALL_ALLOW=\"\"\n", "read"));
        assertEquals("SECCOMP_SYSCALL_ALLOW=read", add("SECCOMP_SYSCALL_ALLOW=", "read"));
        assertEquals("SECCOMP_SYSCALL_ALLOW=\n", remove("SECCOMP_SYSCALL_ALLOW=read\n", "read"));
    }

    @Test
    void list_keepsCommentsAndLineBreaks() {
        String text = "# of the file\r\n\r\nclose # c\r\n# of read\r\nread\r\n\r\n# end\r\n";
        assertEquals(
                "# of the file\r\n\r\nclose # c\r\nmmap\r\n# of read\r\nread\r\nwrite\r\n\r\n"
                        + "# end\r\n",
                add(text, "write", "mmap"));
        assertEquals("# of the file\r\n\r\nclose # c\r\n\r\n# end\r\n", remove(text, "read"));
    }

    @Test
    void list_missingLineBreakAtTheEnd_isGiven() {
        assertEquals("read\nwrite\n", add("read", "write"));
        assertEquals("close\nread", add("read", "close"));
        assertEquals("read\r\nwrite\r\n", add("read\r\n", "write"));
    }

    @Test
    void list_headerComment_staysAtTheTop() {
        assertEquals("# of prog\naccess\nread\n", add("# of prog\nread\n", "access"));
    }

    @Test
    void list_reason_isOneLine() {
        Addition addition = new Addition(call("write"), "seen in /tmp/a\nb\r\nptrace");
        String text =
                PolicyEditor.edit(
                        "read\n".getBytes(UTF_8),
                        Optional.empty(),
                        AROUND,
                        new PolicyEdit(List.of(addition), List.of()),
                        HERE);
        assertEquals("read\nwrite  # seen in /tmp/a b ptrace\n", text);
    }

    @Test
    void list_sortedWithACallTwice_addsAtItsPlace() {
        assertEquals("close\nmmap\nread\nread\nwrite\n", add("close\nread\nread\nwrite\n", "mmap"));
    }

    @Test
    void list_blankLineAboveARemovedCall_stays() {
        assertEquals("close\n\n", remove("close\n\n# of read\nread\n", "read"));
    }

    /** A comment may end like a line of minijail that goes on in the next. */
    @Test
    void list_commentThatEndsWithABackslash_endsThere() {
        assertEquals("close # C:\\\nmmap\nread\n", add("close # C:\\\nread\n", "mmap"));
        assertEquals("read\n", remove("close # C:\\\nread\n", "close"));
    }

    @Test
    void minijail_lastLineThatGoesOver_endsWithTheText() {
        assertEquals("close: 1\nread: 1 # \\", add("read: 1 # \\", "close"));
    }

    @Test
    void minijail_keepsWhatGoesOver() {
        String text =
                "# m\n\n"
                        + "close: 1\n"
                        + "# of ioctl\n"
                        + "ioctl: arg1 == 1 || \\\n"
                        + "  arg1 == 2\n"
                        + "{read, write}: 1\n";
        assertEquals(text.replace("{read", "mmap: 1\n{read"), add(text, "mmap"));
        String sorted = "close: 1\nioctl: arg1 == 1 || \\\n  arg1 == 2\nread: 1 # r\n";
        assertEquals(
                "close: 1\nioctl: arg1 == 1 || \\\n  arg1 == 2\nmmap: 1\nread: 1 # r\n",
                add(sorted, "mmap"));
        assertEquals("close: 1\nioctl: arg1 == 1 || \\\n  arg1 == 2\n", remove(sorted, "read"));
    }

    @Test
    void firejail_addsToTheLineThatCounts() {
        String text = "quiet\nseccomp.keep write\nseccomp.keep  close,read , $500\nprotocol unix\n";
        assertEquals(
                "quiet\nseccomp.keep write\nseccomp.keep  close,read , $500,mmap,$501\n"
                        + "protocol unix\n",
                add(text, "mmap", "501"));
        assertEquals(
                "quiet\nseccomp.keep write\nseccomp.keep  close , $500\nprotocol unix\n",
                remove(text, "read"));
    }

    @Test
    void systemd_addsToTheLineWhereItBelongs() {
        String text =
                "[Service]\nSystemCallFilter=\nSystemCallFilter=access close\n; c\n"
                        + "SystemCallFilter=fstat mmap\nExecStart=/bin/true\n";
        assertEquals(
                "[Service]\nSystemCallFilter=\nSystemCallFilter=access brk close\n; c\n"
                        + "SystemCallFilter=fstat mmap socket\nExecStart=/bin/true\n",
                add(text, "brk", "socket"));
        assertEquals(text.replace("fstat mmap", "mmap"), remove(text, "fstat"));
        String group = "[Service]\nSystemCallFilter=@swap socket\n";
        assertEquals("[Service]\nSystemCallFilter=socket\n", remove(group, "@swap"));
    }

    @Test
    void systemd_whatLaterLinesTakeAway_isRefused() {
        assertCannot("SystemCallFilter=read\nSystemCallFilter=~socket mount\n", "by hand", "mount");
        assertCannot("SystemCallFilter=read\n", "by hand", "500");
    }

    @Test
    void json_keepsTheLayout() {
        String text =
                "{\"sandboxPolicy\": 1, \"default\": \"kill\",\n"
                        + "  \"rules\": [\n"
                        + "    {\"call\": \"close\", \"action\": \"allow\"},\n"
                        + "    {\"call\": \"read\", \"if\": [\"arg0==1\"], \"action\": \"allow\"}\n"
                        + "  ]\n"
                        + "}";
        assertEquals(
                text.replace(
                        "    {\"call\": \"read\"",
                        "    {\"call\": \"mmap\", \"action\": \"allow\"},\n"
                                + "    {\"call\": \"read\""),
                add(text, "mmap"));
        assertEquals(
                "{\"sandboxPolicy\": 1, \"default\": \"kill\",\n  \"rules\": [\n"
                        + "    {\"call\": \"close\", \"action\": \"allow\"}\n  ]\n}",
                remove(text, "read(arg0==1)"));
        assertEquals(
                "{\"sandboxPolicy\":1,\"default\":\"kill\",\"rules\":[{\"call\": \"read\","
                        + " \"action\": \"allow\"}]}",
                add("{\"sandboxPolicy\":1,\"default\":\"kill\",\"rules\":[]}", "read"));
    }

    @Test
    void oci_addsToTheNamesWithoutArguments() {
        String text =
                """
                {"defaultAction": "SCMP_ACT_ERRNO", "x-é😀": 1,
                 "syscalls": [
                   {"names": ["clone"], "action": "SCMP_ACT_ALLOW",
                    "args": [{"index": 0, "value": 0, "op": "SCMP_CMP_EQ"}]},
                   {"names": [
                      "close",
                      "read"
                    ],
                    "action": "SCMP_ACT_ALLOW", "args": [], "comment": "kept"},
                   {"names": ["ptrace"], "action": "SCMP_ACT_ALLOW",
                    "includes": {"caps": ["CAP_SYS_PTRACE"]}}]}
                """;
        assertEquals(
                text.replace("      \"close\",\n", "      \"close\",\n      \"mmap\",\n"),
                add(text, "mmap"));
        assertEquals(
                text.replace("      \"read\"\n", "      \"read\",\n      \"write\"\n"),
                add(text, "write"));
        assertEquals(text.replace("      \"close\",\n", ""), remove(text, "close"));
        assertCannot(text, "by hand", "500");
        assertCannot("{\"defaultAction\": \"SCMP_ACT_ERRNO\"}", "no place", "read");
    }

    @Test
    void oci_separatesAsTheListDoes() {
        String text =
                "{\"defaultAction\": \"SCMP_ACT_ERRNO\",\"syscalls\":"
                        + "[{\"names\":[%s],\"action\":\"SCMP_ACT_ALLOW\"}]}";
        assertEquals(
                text.formatted("\"close\",\"mmap\",\"read\""),
                add(text.formatted("\"close\",\"read\""), "mmap"));
        assertEquals(
                text.formatted("\"close\", \"mmap\""), add(text.formatted("\"close\""), "mmap"));
        assertEquals(
                text.formatted("\n  \"close\",\n  \"mmap\"\n"),
                add(text.formatted("\n  \"close\"\n"), "mmap"));
    }

    @Test
    void spo_addsALineOrAWord() {
        String text =
                "# é😀\n"
                        + "apiVersion: v1\n"
                        + "kind: SeccompProfile\n"
                        + "spec:\n"
                        + "  defaultAction: SCMP_ACT_ERRNO\n"
                        + "  syscalls:\n"
                        + "  - action: SCMP_ACT_ALLOW\n"
                        + "    names:\n"
                        + "    - close\n"
                        + "    - read # why\n";
        assertEquals(
                text.replace("    - read", "    - mmap\n    - read") + "    - write\n",
                add(text, "write", "mmap"));
        assertEquals(text.replace("    - close\n", ""), remove(text, "close"));
        String row = text.substring(0, text.indexOf("names:")) + "names: [close, read]\n";
        assertEquals(row.replace("read", "mmap, read"), add(row, "mmap"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SECCOMP_SYSCALL_DENY=read\n",
                "seccomp.drop read\n",
                "SystemCallFilter=~read\n",
                "@denylist\nread: kill\n",
                "{\"defaultAction\": \"SCMP_ACT_ALLOW\"}"
            })
    void denyList_isRefused(String text) {
        assertCannot(text, "by hand", "write");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "\u0000", "{", "no policy at all", "SECCOMP_SYSCALL_ALLOW=\"read\n"})
    void noPolicy_isRefused(String text) {
        assertThrows(PolicyFormatException.class, () -> add(text, "write"));
    }

    /** Output of our writers can be edited, and only the edited lines differ. */
    @Test
    void written_isChangedInOnePlace() {
        for (PolicyFormat format : PolicyFormat.values()) {
            if (format.places().isEmpty()) {
                assertCannot(written(format, new Random(0)), "in place", "io_uring_setup");
                continue;
            }
            for (int seed = 0; seed < 100; seed++) {
                Random random = new Random(seed);
                String text = written(format, random);
                String added = add(text, "io_uring_setup");
                List<String> before = text.lines().toList();
                List<String> after = added.lines().toList();
                int same = 0;
                while (same < before.size() && before.get(same).equals(after.get(same))) {
                    same++;
                }
                int tail = 0;
                while (tail < before.size() - same
                        && before.get(before.size() - 1 - tail)
                                .equals(after.get(after.size() - 1 - tail))) {
                    tail++;
                }
                String context = format + " seed " + seed + "\n" + text + "\n" + added;
                assertTrue(before.size() - same - tail <= 1, context);
                assertTrue(after.size() - same - tail <= 2, context);
            }
        }
    }

    private static String written(PolicyFormat format, Random random) {
        List<String> names =
                new ArrayList<>(List.of("access", "brk", "close", "fstat", "read", "write"));
        List<String> chosen = new ArrayList<>();
        while (chosen.isEmpty()) {
            names.stream().filter(name -> random.nextBoolean()).forEach(chosen::add);
        }
        if (random.nextBoolean()) {
            Collections.shuffle(chosen, random);
        }
        String list = "# of the file\n\n" + String.join(" # why\n", chosen) + "\n";
        PolicyDocument document = PolicyFormat.LIST.read(list.getBytes(UTF_8)).document();
        return format.write(document, HERE).text();
    }
}
