// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.document.Rule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Profiles as firejail 0.9.74 takes them (profile.c). */
final class FirejailTest {
    private static Reading read(String text) {
        return PolicyFormat.FIREJAIL.read(text.replace('~', '\n').getBytes(UTF_8));
    }

    @Test
    void read_otherFilters_areTold() {
        assertEquals(
                "[line 2: protocol: is not read]",
                read("seccomp.drop mount~protocol unix~seccomp.block-secondary~")
                        .losses()
                        .toString());
    }

    /** Files that a profile includes, by name. */
    private static String included(String text, Map<String, String> files) {
        IncludedFiles found =
                new IncludedFiles() {
                    @Override
                    public Included read(String path, String from, List<String> folders) {
                        assertEquals(List.of("/etc/firejail"), folders);
                        if (!isThere(path, from, folders)) {
                            throw PolicyFormatException.ofWhole(path + ": no such file");
                        }
                        return new Included(path, files.get(path).getBytes(UTF_8), true);
                    }

                    @Override
                    public boolean isThere(String path, String from, List<String> folders) {
                        return files.containsKey(path);
                    }
                };
        Surroundings around = Surroundings.on("x86_64").withFiles(found);
        byte[] bytes = text.replace('~', '\n').getBytes(UTF_8);
        return PolicyFormat.readAny(bytes, around).document().rules().stream()
                .map(Rule::subject)
                .collect(Collectors.joining(" "));
    }

    private static String refusal(String text, Map<String, String> files) {
        return assertThrows(PolicyFormatException.class, () -> included(text, files)).getMessage();
    }

    @Test
    void read_include_decides() {
        Map<String, String> files =
                Map.of(
                        "a.inc", "include b.inc\nnoexec /tmp\n",
                        "b.inc", "seccomp.keep read,write\n",
                        "bad.inc", "quiet\nnonsense\n",
                        "off.local", "ignore seccomp.keep\n");
        assertEquals("read write", included("include mine.local~include a.inc~quiet", files));
        assertEquals("getpid", included("include a.inc~seccomp.keep getpid", files));
        assertEquals("read write", included("seccomp.keep getpid~include a.inc", files));
        assertEquals("getpid", included("ignore include~seccomp.keep getpid~include a.inc", files));
        assertEquals(
                "a profile of firejail without seccomp",
                refusal("include off.local~include a.inc~seccomp.keep getpid", files));
        assertEquals(
                "line 2: include: other.inc: no such file",
                refusal("quiet~include other.inc~seccomp.keep getpid", files));
        assertEquals(
                "line 1: include: bad.inc: line 2: nonsense: no directive of firejail",
                refusal("include bad.inc~seccomp.keep getpid", files));
        assertEquals(
                "line 2: include: no files are read here (put them into one)",
                assertThrows(PolicyFormatException.class, () -> read("seccomp~include a.inc"))
                        .getMessage());
        String itself = refusal("include me.inc~seccomp", Map.of("me.inc", "include me.inc\n"));
        assertTrue(itself.contains("more than 16 files deep"), itself);
    }

    /** Lines that firejail takes only under some circumstances. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "?HAS_X11: seccomp.drop mount",
                "?HAS_NET : ignore seccomp",
                "?HAS_NET: ignore include",
            })
    void read_conditionalFilter_isRefused(String line) {
        assertEquals(
                "line 2: " + line + ": whether it counts depends on circumstances",
                refusal("seccomp.keep read~" + line, Map.of()));
        assertEquals(
                "read", included("?HAS_X11: ignore noexec /x~seccomp.keep  read # why", Map.of()));
    }

    @Test
    void groups_holdOtherGroups() {
        assertEquals(Optional.empty(), Groups.ofFirejail("@nonsense"));
        assertEquals(
                List.of("adjtimex", "clock_adjtime", "clock_settime", "settimeofday", "stime"),
                Groups.ofFirejail("@clock").orElseThrow());
        List<String> usual = Groups.ofFirejail("@default-nodebuggers").orElseThrow();
        assertTrue(usual.containsAll(List.of("ptrace", "stime", "vm86")), usual.toString());
        assertTrue(usual.stream().noneMatch(call -> call.startsWith("@")), usual.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "seccomp.keep read:EPERM|line 1: read:EPERM: an allowed call cannot have an action",
                "seccomp.keep :EPERM|line 1: :EPERM: an allowed call cannot have an action",
                "quiet~seccomp.drop :EPERM|line 2: not a name: \"\"",
                "quiet~seccomp~seccomp.drop a|line 3: both seccomp.drop and seccomp",
                "quiet|a profile of firejail without seccomp",
            })
    void read_mistake_isRefused(String text, String expected) {
        PolicyFormatException e = assertThrows(PolicyFormatException.class, () -> read(text));
        assertEquals(expected, e.getMessage());
    }
}
