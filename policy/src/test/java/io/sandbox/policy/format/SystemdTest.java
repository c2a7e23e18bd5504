// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.Action;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.testing.Policies;
import org.junit.jupiter.api.Test;

/** How systemd takes several settings together (load-fragment.c of version 257). */
final class SystemdTest {
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
}
