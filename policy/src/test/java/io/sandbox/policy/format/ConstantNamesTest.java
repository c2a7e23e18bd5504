// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConstantNamesTest {
    /** From asm/fcntl.h of the architectures, and linux/fs.h. */
    @ParameterizedTest
    @CsvSource({
        "O_DIRECTORY, 0x10000, 0x4000, 0x4000, 0x10000",
        "O_NOFOLLOW, 0x20000, 0x8000, 0x8000, 0x20000",
        "O_DIRECT, 0x4000, 0x10000, 0x10000, 0x4000",
        "FS_IOC_GETFLAGS, 0x80086601, 0x80086601, 0x80046601, 0x80046601",
        "FS_IOC_SETFLAGS, 0x40086602, 0x40086602, 0x40046602, 0x40046602",
        "O_CREAT, 0x40, 0x40, 0x40, 0x40",
        "BLKGETSIZE64, 0x80081272, 0x80081272, 0x80041272, 0x80041272",
        "SIOCGIFMTU, 0x8921, 0x8921, 0x8921, 0x8921",
        "VHOST_SET_OWNER, 0xaf01, 0xaf01, 0xaf01, 0xaf01",
        "AUDIT_ARCH_X86_64, 0xc000003e, 0xc000003e, 0xc000003e, 0xc000003e",
        "AF_APPLETALK, 5, 5, 5, 5",
        "S_IFSOCK, 0xc000, 0xc000, 0xc000, 0xc000",
    })
    void valueOf_name_isThatOfTheArchitecture(
            String name, String x86, String arm64, String arm, String i386) {
        assertEquals(Long.decode(x86), ConstantNames.lookUp("x86_64", name).orElseThrow());
        assertEquals(Long.decode(arm64), ConstantNames.lookUp("aarch64", name).orElseThrow());
        assertEquals(Long.decode(arm), ConstantNames.lookUp("arm", name).orElseThrow());
        assertEquals(Long.decode(i386), ConstantNames.lookUp("i386", name).orElseThrow());
    }

    @ParameterizedTest
    @CsvSource({
        "x86_64, AF_, -1, 1, AF_UNIX",
        "x86_64, AF_, -1, 18,",
        "x86_64, SOCK_, 15, 0x80003, SOCK_RAW|SOCK_CLOEXEC",
        "x86_64, SOCK_, 15, 0x80801, SOCK_STREAM|SOCK_NONBLOCK|SOCK_CLOEXEC",
        "x86_64, SOCK_, 15, 0x100001,",
        "x86_64, PROT_, 0, 0, PROT_NONE",
        "x86_64, PROT_, 0, 5, PROT_READ|PROT_EXEC",
        "x86_64, PROT_, 0, 0x8000000000000001,",
        "aarch64, PROT_, 0, 21, PROT_READ|PROT_EXEC|PROT_BTI",
        "x86_64, PROT_, 0, 21,",
        "x86_64, CLONE_ SIG, 255, 0x1200011, SIGCHLD|CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID",
        "x86_64, CLONE_ SIG, 255, 0x100, CLONE_VM",
        "x86_64, '', -1, 0,",
        "mips, SOCK_, 15, 1,",
    })
    void of_values_areNamedWholeOrNotAtAll(
            String arch, String prefixes, long choiceMask, String value, String name) {
        List<String> words = prefixes.isEmpty() ? List.of() : List.of(prefixes.split(" "));
        long number =
                value.startsWith("0x")
                        ? Long.parseUnsignedLong(value.substring(2), 16)
                        : Long.parseLong(value);
        assertEquals(name, ConstantNames.of(arch, words, choiceMask, number).orElse(null));
    }
}
