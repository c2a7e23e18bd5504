// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.Action;
import io.sandbox.policy.ActionText;
import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.testing.RandomDocuments;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How systemd takes several settings together (load-fragment.c of version 257). */
final class SystemdTest {
    private static PolicyDocument read(String... settings) {
        String unit = "[Service]\n" + String.join("\n", settings) + "\n";
        return PolicyFormat.SYSTEMD.read(unit.getBytes(UTF_8)).document();
    }

    private static String rules(PolicyDocument document) {
        return String.join(
                ", ",
                document.rules().stream()
                        .map(rule -> rule.subject() + " " + ActionText.format(rule.action()))
                        .toList());
    }

    @Test
    void read_emptyFilter_startsAgain() {
        assertEquals(
                "ptrace kill",
                rules(
                        read(
                                "SystemCallFilter=~mount",
                                "SystemCallFilter=",
                                "SystemCallFilter=~ptrace")));
    }

    @Test
    void read_errno_isANameOrANumber() {
        assertEquals(
                "ptrace errno:4095, mount errno:EPERM, reboot kill",
                rules(read("SystemCallFilter=~ptrace:4095 mount:1 reboot")));
        assertEquals(
                "ptrace kill",
                rules(
                        read(
                                "SystemCallFilter=~ptrace",
                                "SystemCallErrorNumber=EPERM",
                                "SystemCallErrorNumber=")));
    }

    @Test
    void read_callInSeveralGroups_isWhereItsLastMentionIs() {
        assertEquals(
                "mount errno:EPERM, umount errno:EPERM, ptrace kill, umount2 kill",
                rules(
                                read(
                                        "SystemCallFilter=~ptrace @mount:EPERM mount umount2",
                                        "SystemCallFilter=fsmount",
                                        "SystemCallFilter=~@mount:EPERM ptrace umount2"))
                        .replaceAll(
                                "(chroot|fsconfig|fsmount|fsopen|fspick|mount_setattr|move_mount|open_tree|open_tree_attr|pivot_root)"
                                    + " [^,]*, ",
                                ""));
    }

    /** Each group is read once, so that this takes no longer than reading the lines. */
    @Test
    void read_largeGroupOnAMillionLines_isReadInTime() {
        String[] lines = new String[1_000_000];
        Arrays.fill(lines, "SystemCallFilter=@system-service");
        assertEquals(rules(read("SystemCallFilter=@system-service")), rules(read(lines)));
    }

    /** Seen with systemd 257: such calls get the errno, whatever the others get. */
    @Test
    void read_errnoInAnAllowList_isOfThatCall() {
        PolicyDocument document =
                read(
                        "SystemCallFilter=@basic-io mount umount2",
                        "SystemCallErrorNumber=EPERM",
                        "SystemCallFilter=~clone3:ENOSYS mount:EACCES read:kill ptrace:EXDEV dup",
                        "SystemCallFilter=~umount2:EACCES",
                        "SystemCallFilter=~ptrace",
                        "SystemCallFilter=umount2");
        List<String> refused =
                document.rules().stream()
                        .filter(rule -> rule.action() != Action.ALLOW)
                        .map(rule -> rule.subject() + " " + ActionText.format(rule.action()))
                        .toList();
        assertEquals(List.of("clone3 errno:ENOSYS", "mount errno:EACCES", "read kill"), refused);
        assertEquals(Action.errno(1), document.otherwise());
        assertTrue(rules(document).contains("umount2 allow"), rules(document));
    }

    @Test
    void read_enosysInAnAllowList_isToldToKeepTheUnitFromStarting() {
        byte[] unit =
                "[Service]\nSystemCallFilter=read\nSystemCallFilter=~clone3:38\n".getBytes(UTF_8);
        assertEquals(
                List.of(
                        "line 3: clone3: systemd 257 does not start a unit that gives ENOSYS to a"
                                + " single call of an allow list"),
                PolicyFormat.SYSTEMD.read(unit).losses().stream().map(Loss::toString).toList());
    }

    @Test
    void write_errnoInAnAllowList_isOfThatCall() {
        Writing writing =
                write(
                        "\"kill\", \"rules\": [{\"call\": \"execve\", \"action\": \"allow\"},"
                                + " {\"call\": \"mount\", \"action\": \"errno:EPERM\"},"
                                + " {\"call\": \"brk\", \"action\": \"errno:EACCES\"}]");
        assertEquals(List.of(), writing.losses());
        String rules = rules(PolicyFormat.SYSTEMD.read(writing.text().getBytes(UTF_8)).document());
        assertEquals("execve allow, mount errno:EPERM, brk errno:EACCES", rules);
    }

    /** systemd has no way to give ENOSYS to one call of an allow list: all get it. */
    @Test
    void write_enosysInAnAllowList_isForAllRefusedCalls() {
        Writing writing =
                write(
                        "\"kill\", \"rules\": [{\"call\": \"execve\", \"action\": \"allow\"},"
                                + " {\"call\": \"clone3\", \"action\": \"errno:ENOSYS\"},"
                                + " {\"call\": \"mount\", \"action\": \"errno:EPERM\"},"
                                + " {\"call\": \"ptrace\", \"action\": \"kill\"}]");
        assertEquals(
                List.of("other calls: gets errno:ENOSYS in place of kill"),
                writing.losses().stream().map(Loss::toString).toList());
        PolicyDocument document =
                PolicyFormat.SYSTEMD.read(writing.text().getBytes(UTF_8)).document();
        assertEquals(Action.errno(38), document.otherwise());
        assertEquals("execve allow, mount errno:EPERM", rules(document));
        assertTrue(!writing.text().contains(":ENOSYS"), writing.text());
    }

    @ParameterizedTest
    @CsvSource({
        "SYSTEMD,kill",
        "FIREJAIL,kill",
        "SYSTEMD,allow",
        "FIREJAIL,allow",
        "MINIJAIL,allow"
    })
    void write_commentOnADroppedCondition_isDroppedToo(PolicyFormat format, String otherwise) {
        String json =
                "{\"sandboxPolicy\": 1, \"default\": \"%s\", \"comments\": [\"of (the) file\","
                    + " \"socket(arg0&0xffffffff==2,arg1==1): AF_INET, SOCK_STREAM\"], \"rules\":"
                    + " [{\"call\": \"socket\", \"if\": [\"arg0&0xffffffff==2\", \"arg1==1\"],"
                    + " \"action\": \"%s\"}, {\"call\": \"mount\", \"action\": \"%2$s\"}]}";
        String action = otherwise.equals("kill") ? "allow" : "errno:EPERM";
        PolicyDocument document =
                PolicyFormat.JSON
                        .read(json.formatted(otherwise, action).getBytes(UTF_8))
                        .document();
        String text = format.write(document, RandomDocuments.HERE).text();
        assertTrue(text.startsWith("# of (the) file\n\n"), text);
        assertTrue(!text.contains("AF_INET"), text);
    }

    /** The last line may end with a backslash. */
    @Test
    void read_architecturesAndLastLine_areRead() {
        PolicyDocument document =
                read("SystemCallArchitectures=native x86", "SystemCallFilter=~ptrace \\");
        assertEquals(List.of("i386"), document.coverage().also());
        assertEquals("ptrace kill", rules(document));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "=x|line 2: neither a section nor a setting",
                "SystemCallFilter=~mount #SystemCallFilter=read write|line 3: takes nothing out of"
                        + " the list, which has the calls that are refused: an earlier"
                        + " SystemCallFilter= begins with ~",
                "SystemCallFilter=~mount @nonsense|line 2: @nonsense: unknown group",
                "SystemCallFilter=~ptrace:4096|line 2: 4096: not an errno",
                "SystemCallFilter=~ptrace:0|line 2: 0: not an errno",
                "SystemCallFilter=~:EPERM|line 2: not a name: \"\"",
            })
    void read_mistake_isRefused(String setting, String expected) {
        PolicyFormatException e =
                assertThrows(PolicyFormatException.class, () -> read(setting.split(" #")));
        assertEquals(expected, e.getMessage());
    }

    private static Writing write(String rest) {
        String json = "{\"sandboxPolicy\": 1, \"default\": " + rest + "}";
        return PolicyFormat.SYSTEMD.write(
                PolicyFormat.JSON.read(json.getBytes(UTF_8)).document(), RandomDocuments.HERE);
    }

    private static String deny(String... names) {
        StringBuilder rules = new StringBuilder();
        for (String name : names) {
            rules.append(rules.isEmpty() ? "" : ",");
            rules.append("{\"call\": \"" + name + "\", \"action\": \"kill\"}");
        }
        return "\"allow\", \"rules\": [" + rules + "]";
    }

    /** A line has up to 96 characters, with the setting's name. */
    @Test
    void write_longList_isWrapped() {
        String head = "[Service]\nSystemCallFilter=\n";
        String end = "\nSystemCallArchitectures=native\n";
        String first = "a".repeat(38);
        String fits = "b".repeat(39);
        String filter = "SystemCallFilter=~";
        assertEquals(
                head + filter + first + " " + fits + "\n" + filter + "c" + end,
                write(deny(first, fits, "c")).text());
        assertEquals(
                head + filter + first + "\n" + filter + fits + "b c" + end,
                write(deny(first, fits + "b", "c")).text());
        assertEquals(head + filter + end, write(deny()).text());
        String longest = "d".repeat(100);
        assertEquals(head + filter + longest + end, write(deny(longest)).text());
    }

    @Test
    void write_whatSystemdCannotSay_isALoss() {
        Writing writing =
                write(
                        "\"allow\", \"log\": true, \"comments\": [\"of the file\"], \"rules\": ["
                                + "{\"call\": \"500\", \"action\": \"kill\"},"
                                + "{\"call\": \"listns\", \"action\": \"kill\"},"
                                + "{\"call\": \"mount\", \"action\": \"kill\", \"comments\":"
                                + " [\"a\"]}]");
        assertEquals(
                List.of(
                        "500: is allowed: it has no name",
                        "listns: is treated as all other calls where systemd has a libseccomp"
                                + " without this name (2.6.0 has not)",
                        "refused calls: are not logged",
                        "comments: are left out: the format has no place for them"),
                writing.losses().stream().map(Loss::toString).toList());
        assertTrue(writing.text().startsWith("# of the file\n"), writing.text());
        assertEquals(
                "500: is refused: it has no name",
                write("\"kill\", \"rules\": [{\"call\": \"500\", \"action\": \"allow\"}]")
                        .losses()
                        .get(0)
                        .toString());
    }

    @Test
    void write_architectures_areNamed() {
        String rest =
                deny("mount").replace("\"rules\"", "\"architectures\": [\"i386\"], \"rules\"");
        assertTrue(
                write(rest).text().endsWith("\nSystemCallArchitectures=native x86\n"),
                write(rest).text());
    }
}
