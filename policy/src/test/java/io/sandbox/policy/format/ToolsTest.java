// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static io.sandbox.policy.testing.Policies.here;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.Action;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.meaning.PolicyDifference;
import io.sandbox.policy.testing.Policies;
import io.sandbox.policy.testing.RandomDocuments;
import io.sandbox.syscalldb.testing.Table;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What only one tool does. First, how systemd takes several settings together. */
final class ToolsTest {
    private static PolicyDocument read(String... settings) {
        return Policies.read("[Service]\n" + String.join("\n", settings) + "\n");
    }

    @Test
    void read_callInSeveralGroups_isWhereItsLastMentionIs() {
        PolicyDocument document =
                read(
                        "SystemCallFilter=~ptrace @mount:EPERM mount umount2",
                        "SystemCallFilter=fsmount",
                        "SystemCallFilter=~@mount:EPERM ptrace umount2");
        assertEquals(
                "mount errno:EPERM; umount errno:EPERM; ptrace kill; umount2 kill",
                Policies.rules(document)
                        .replaceAll(
                                "(chroot|fs[a-z]+|mount_setattr|move_mount|open_tree|open_tree_attr|pivot_root)"
                                    + " [^;]*; ",
                                ""));
    }

    /** Each group is read once, so that this takes no longer than reading the lines. */
    @Test
    @Tag("large")
    void read_largeGroupOnAMillionLines_isReadInTime() {
        String line = "SystemCallFilter=@system-service";
        assertEquals(
                Policies.rules(read(line)), Policies.rules(read((line + "\n").repeat(1_000_000))));
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
        String rules = Policies.rules(document);
        assertEquals(
                "clone3 errno:ENOSYS; mount errno:EACCES; read kill",
                rules.replaceAll("[a-z0-9_]+ allow(; )?", "").replaceAll("; $", ""));
        assertEquals(Action.errno(1), document.otherwise());
        assertTrue(rules.contains("umount2 allow"), rules);
    }

    // What only minijail's compiler knows.

    private static PolicyDocument readMinijail(String text, String arch) {
        Map<String, Long> constants = Map.of("MY_IOCTL", 0x7777L);
        Surroundings around =
                new Surroundings(arch, IncludedFiles.NONE, constants, Optional.empty());
        return PolicyFormat.readAny(text.getBytes(UTF_8), around).document();
    }

    @Test
    void read_constants_dependOnTheArchitecture() {
        String policy = "openat: arg2 == O_DIRECTORY\nioctl: arg1 == MY_IOCTL\n";
        String rules = "openat(arg2==%s) allow; ioctl(arg1==30583) allow";
        assertEquals(rules.formatted("65536"), Policies.rules(readMinijail(policy, "x86_64")));
        assertEquals(rules.formatted("16384"), Policies.rules(readMinijail(policy, "aarch64")));
    }

    /** The kernel's own names of calls that only arm has, as minijail's tables have them. */
    @Test
    void read_privateCallsOfArm_haveTheirPrefix() {
        assertEquals(
                "read allow; set_tls allow; cacheflush allow",
                Policies.rules(
                        readMinijail("read: 1\nARM_set_tls: 1\nARM_cacheflush: 1\n", "arm")));
    }

    // Files of the Security Profiles Operator with several profiles.

    private static String profile(String name, String base, String call) {
        return """
        kind: SeccompProfile
        metadata:
          name: %s
        spec:
          defaultAction: SCMP_ACT_ERRNO
        %s  syscalls:
          - action: SCMP_ACT_ALLOW
            names: [%s]
        ---
        """
                .formatted(name, base.isEmpty() ? "" : "  baseProfileName: " + base + "\n", call);
    }

    private static Reading part(String text, String part) {
        Surroundings around =
                new Surroundings("x86_64", IncludedFiles.NONE, Map.of(), Optional.ofNullable(part));
        return PolicyFormat.readAny(text.getBytes(UTF_8), around);
    }

    private static void assertRules(String expected, String text, String part, String losses) {
        Reading reading = part(text, part);
        assertEquals(expected, Policies.rules(reading.document()));
        assertEquals(losses, Policies.text(reading.losses()));
    }

    @Test
    void read_baseInTheSameFile_isAPart() {
        String text =
                profile("base", "", "read")
                        + "kind: ConfigMap\n---\n"
                        + profile("app", "base", "write");
        assertRules("write allow; read allow", text, null, "");
        assertRules("read allow", text, "base", "");
    }

    @Test
    void read_profilesOnEachOther_end() {
        String text = profile("a", "b", "read") + profile("b", "a", "write");
        assertRules("read allow; write allow", text, "a", "baseProfileName: a builds on itself");
    }

    @Test
    void read_severalProfiles_oneMustBeChosen() {
        String text = profile("a", "", "read") + profile("b", "", "write");
        assertRules("write allow", text, "b", "");
        assertEquals("has 2 profiles: a, b", Policies.refusal(() -> part(text, null)));
        assertEquals("c: no such profile in this file", Policies.refusal(() -> part(text, "c")));
    }

    // Real policies of other projects.

    static byte[] dockersDefault() throws IOException {
        String file = "docker-default-excerpt.json";
        try (InputStream in = ToolsTest.class.getResourceAsStream(file)) {
            return in.readAllBytes();
        }
    }

    private static PolicyDocument docker() throws IOException {
        Reading reading = PolicyFormat.readAny(dockersDefault());
        assertEquals(List.of(), reading.losses());
        return reading.document();
    }

    /** On a machine: its architecture, its kernel and what a process can get there. */
    @Table
    void docker_call_isDecided(String machine, String call, String action) throws IOException {
        String[] words = machine.split(" ");
        Circumstances here = here(words[0], words[1], Arrays.copyOfRange(words, 2, words.length));
        assertEquals(action, ReadingTest.verdict(docker(), here, call));
    }

    /** A profile that is read and written again is the same except for its layout. */
    @Test
    void docker_writtenAgain_saysTheSame() throws IOException {
        Writing writing = PolicyFormat.OCI.write(docker(), RandomDocuments.HERE);
        assertEquals(List.of(), writing.losses());
        PolicyDocument again = Policies.read(writing.text());
        assertEquals(List.of("i386", "x32"), docker().coverage().foreignOn("x86_64"));
        assertEquals(docker().coverage(), again.coverage());
        for (Circumstances here :
                List.of(
                        here("x86_64", "4.4"),
                        here("x86_64", "6.1", "CAP_SYS_ADMIN"),
                        here("s390x", "6.1"))) {
            assertEquals(List.of(), PolicyDifference.between(docker(), again, here));
        }
    }
}
