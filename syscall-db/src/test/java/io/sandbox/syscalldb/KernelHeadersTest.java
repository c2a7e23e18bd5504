// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.testing.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Compares our names with those of this machine's kernel headers, of any version. */
final class KernelHeadersTest {
    private static final Pattern DEFINITION =
            Pattern.compile(
                    "#define __NR_(\\w+)\\s+\\(?(?:(__X32_SYSCALL_BIT|__NR_SYSCALL_BASE|__NR_Linux)"
                            + " *\\+ *)?(\\d+)\\)?");

    /** Our tables' names. Newer headers have others; the test prints the missing calls. */
    private static final Set<String> KNOWN =
            SyscallDb.get().arches().stream()
                    .flatMap(arch -> SyscallDb.get().table(arch).all().stream())
                    .map(Syscall::name)
                    .collect(Collectors.toSet());

    /**
     * The calls of our tables that linux-libc-dev 6.12.118 lacks: those of Linux 6.13, which
     * libseccomp 2.6.0 knows, and those of newer-calls.csv.
     */
    private static final String NEW =
            """
            setxattrat getxattrat listxattrat removexattrat uprobe open_tree_attr file_getattr
            file_setattr listns rseq_slice_yield fchroot
            """;

    /** Debian's linux-libc-dev: all archs in the first, before Debian 13 one in the second. */
    private static final List<String> FOLDERS =
            List.of("/usr/lib/linux/uapi/", "/usr/include/x86_64-linux-gnu/");

    /**
     * The folder usr/lib/linux/uapi of an unpacked, newer linux-libc-dev (-DargLine=-Dsandbox.uapi=
     * FOLDER): then a call that our tables lack is a failure and not a note.
     */
    private static final String NEWEST = System.getProperty("sandbox.uapi");

    /**
     * @param base __NR_Linux of asm/unistd.h of MIPS
     * @param old calls of our tables that audit or libseccomp list, and that these headers lack
     */
    @Table
    void byNumber_everyNumberOfTheHeader_hasTheHeadersName(
            String archName, String header, int base, String old) throws IOException {
        Optional<Path> file =
                (NEWEST == null ? FOLDERS : List.of(NEWEST))
                        .stream()
                                .flatMap(folder -> candidates(folder, header))
                                .filter(Files::exists)
                                .findFirst();
        Assumptions.assumeTrue(
                file.isPresent(), "no kernel header " + header + " (package linux-libc-dev)");
        Map<Integer, String> definitions = parseHeader(Files.readString(file.get()), base);
        assertTrue(
                definitions.size() > 200,
                () -> file.get() + ": only " + definitions.size() + " definitions were understood");

        SyscallTable table = SyscallDb.get().table(SyscallDb.get().arch(archName));
        List<String> wrong = new ArrayList<>();
        List<String> newer = new ArrayList<>();
        Set<String> names = new TreeSet<>();
        table.all().forEach(call -> names.add(call.name()));
        boolean ahead = !KNOWN.containsAll(definitions.values());
        definitions.forEach(
                (number, name) -> {
                    Optional<String> ours = table.byNumber(number).map(Syscall::name);
                    if (NEWEST == null && ahead && ours.isEmpty() && !names.contains(name)) {
                        newer.add(number + " " + name);
                    } else if (!ours.equals(Optional.of(name))) {
                        wrong.add(number + " " + name + ": " + ours);
                    }
                });
        if (!newer.isEmpty()) {
            System.out.println("note: headers newer than the table of " + archName + ": " + newer);
        }
        assertEquals(List.of(), wrong);
        if (definitions.containsValue("mseal")) { // not older than the headers of the tables
            Set<String> unknown = new TreeSet<>(List.of((NEW + old).split("\\s")));
            for (Syscall call : table.all()) {
                assertTrue(
                        definitions.containsKey(call.number()) || unknown.contains(call.name()),
                        () -> file.get() + " lacks " + call);
            }
        }
    }

    /** {@code x86/asm/unistd_64.h} was {@code asm/unistd_64.h} before, for x86 only. */
    private static Stream<Path> candidates(String folder, String header) {
        return header.startsWith("x86/")
                ? Stream.of(
                        Path.of(folder, header), Path.of(folder, header.substring("x86/".length())))
                : Stream.of(Path.of(folder, header));
    }

    private static Map<Integer, String> parseHeader(String text, int base) {
        Map<Integer, String> definitions = new TreeMap<>();
        text.lines()
                .map(DEFINITION::matcher)
                .filter(Matcher::matches)
                .forEach(
                        found -> {
                            if (found.group(1).matches("(unused|reserved)\\d+")) {
                                return; // MIPS names its holes
                            }
                            int number = Integer.parseInt(found.group(3));
                            if ("__X32_SYSCALL_BIT".equals(found.group(2))) {
                                number |= SyscallTable.X32_BIT;
                            } else if ("__NR_Linux".equals(found.group(2))) {
                                number += base;
                            }
                            definitions.put(number, found.group(1));
                        });
        return definitions;
    }

    @Test
    void parseHeader_fourForms_areUnderstood() {
        String header =
                """
                #define _ASM_UNISTD_H
                #define __NR_read 0
                #define __NR_rt_sigaction (__X32_SYSCALL_BIT + 512)
                #define __NR_wait (__NR_SYSCALL_BASE + 7)
                #define __NR_open (__NR_Linux + 3)
                #define __NR_unused17 (__NR_Linux + 17)
                #define __NR_syscalls_unknown (OTHER + 1)
                """;
        assertEquals(
                "{0=read, 7=wait, 4003=open, 1073742336=rt_sigaction}",
                parseHeader(header, 4000).toString());
    }
}
