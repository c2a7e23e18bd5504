// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sandbox.policy.document.PolicyFormatException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Files that are no policies are named as what they are. */
class UnsupportedKindTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\u007fELF\u00ff|an executable, and no policy",
                "{\"format\":\"sandbox-recording\"}|a recording, and no policy",
                "type=SECCOMP msg=audit(1700000000.123:456): auid=1|a log",
                "12 openat(AT_FDCWD, \"/x\") = 3|output of strace, and no policy",
                "2~denylist~mount|a seccomp policy of LXC, which is not read",
                "# bionic~ssize_t  read(int, void*, size_t)  all|a list of Android's C library,"
                        + " which is not read",
                "#include <tunables/global>~profile x /y {|a profile of AppArmor, which says"
                        + " nothing of system calls",
                "# Description~@unrestricted|a template or profile of snapd, which is not read",
                "read~seccomp~setpriority PRIO_PROCESS 0 >=0~socket AF_UNIX|a template or profile"
                        + " of snapd, which is not read",
                "name: \"x\"~mode: ONCE|a configuration of nsjail without a policy",
                "apiVersion: v1~kind: Pod|a Kubernetes object of kind Pod (only SeccompProfile is"
                        + " read)",
                "[Unit]~A=b~[Service]~ExecStart=/x|a unit of systemd without SystemCallFilter=",
                "[Service]~# SystemCallFilter=@swap|a unit of systemd without SystemCallFilter=",
                "# a~blacklist /x~caps.drop all|a profile of firejail without seccomp"
            })
    void readAny_knownKind_isNamed(String text, String expected) {
        byte[] bytes = text.replace('~', '\n').getBytes(StandardCharsets.ISO_8859_1);
        PolicyFormatException e =
                assertThrows(PolicyFormatException.class, () -> PolicyFormat.readAny(bytes));
        assertEquals(expected, e.getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void refuse_policies_isSilent(PolicyFormat format) {
        assertDoesNotThrow(() -> UnsupportedKind.refuse(Samples.of(format)));
    }

    @Test
    void read_misspeltName_isTold() {
        Reading reading =
                PolicyFormat.readAny("read\nopennat\nsocketcall\nopennat(arg0==1)\n".getBytes());
        Reading groups =
                PolicyFormat.readAny("[Service]\nSystemCallFilter=@file-system\n".getBytes());
        assertEquals(List.of(), groups.losses());
        assertEquals(
                "[opennat: is no system call of any architecture]", reading.losses().toString());
    }
}
