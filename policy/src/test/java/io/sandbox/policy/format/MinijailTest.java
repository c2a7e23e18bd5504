// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.Action;
import io.sandbox.policy.ActionText;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.testing.RandomDocuments;
import io.sandbox.policy.testing.RandomDocuments.Call;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several files, calls that occur again, and what only minijail's compiler knows. */
class MinijailTest {
    private static Reading read(String text, Map<String, String> files, String arch) {
        IncludedFiles included =
                (path, from, folders) -> {
                    String name = path.replaceFirst(".*/", "");
                    if (!files.containsKey(name)) {
                        throw PolicyFormatException.ofWhole(path + ": not found");
                    }
                    byte[] bytes = files.get(name).getBytes(StandardCharsets.UTF_8);
                    return new IncludedFiles.Included(name, bytes, path.startsWith("./"));
                };
        Map<String, Long> constants = Map.of("MY_IOCTL", 0x7777L);
        return PolicyFormat.readAny(
                text.getBytes(StandardCharsets.UTF_8),
                new Surroundings(arch, included, constants, Optional.empty()));
    }

    private static Reading read(String text) {
        return read(text, Map.of(), "x86_64");
    }

    private static List<String> losses(Reading reading) {
        return reading.losses().stream().map(Loss::toString).toList();
    }

    private static String decided(Reading reading, String name, long... arguments) {
        Call call = new Call(new CallRef.Named(name), Arrays.copyOf(arguments, 6));
        return ActionText.format(call.verdict(reading.document(), RandomDocuments.HERE));
    }

    /** The filters of crosvm's policies: a common file, and more values for one of its calls. */
    @Test
    void read_callOccursAgain_isAskedInTurn() {
        Reading reading =
                read(
                        """
                        @include ./common.policy
                        ioctl: arg1 == 2
                        ioctl: arg1 == 3; return EINVAL
                        """,
                        Map.of("common.policy", "ioctl: arg1 == 1\nread: 1\n"),
                        "x86_64");
        assertEquals(List.of(), losses(reading));
        assertEquals("allow", decided(reading, "read"));
        assertEquals("allow", decided(reading, "ioctl", 0, 1));
        assertEquals("allow", decided(reading, "ioctl", 0, 2));
        assertEquals("errno:EINVAL", decided(reading, "ioctl", 0, 3));
        assertEquals("kill", decided(reading, "ioctl", 0, 4));
    }

    @Test
    void read_callOccursAgainAfterItWasDecided_isTold() {
        Reading reading = read("read: 1\nread: return EPERM\n");
        assertEquals("allow", decided(reading, "read"));
        assertEquals(
                List.of(
                        "line 2: read: never counts: an earlier line decides about all such calls"
                                + " (minijail refuses this)"),
                losses(reading));
        Reading never = read("write: 1\nread: arg0 & 0\nread: arg0 == 1\n");
        assertEquals(List.of(), losses(never));
        assertEquals("kill", decided(read("read: arg0 & 0\n"), "read", 1));
        assertEquals("allow", decided(never, "read", 1));
    }

    @Test
    void read_includedFile_isReadInItsPlace() {
        Map<String, String> files =
                Map.of("a.policy", "@include ./b.policy\nread: 1\n", "b.policy", "write: 1\n");
        Reading reading = read("@include /usr/share/policy/a.policy\n", files, "x86_64");
        assertEquals("allow", decided(reading, "write"));
        assertEquals(
                List.of(
                        "line 1: @include /usr/share/policy/a.policy: is not there; a.policy is"
                                + " read"),
                losses(reading));
    }

    @Test
    void read_includedFileIncludesItself_isRefused() {
        Map<String, String> files = Map.of("a.policy", "read: 1\n@include ./a.policy\n");
        PolicyFormatException e =
                assertThrows(
                        PolicyFormatException.class,
                        () -> read("@include ./a.policy\n", files, "x86_64"));
        assertTrue(e.getMessage().endsWith("@include: more than 10 files deep"), e.getMessage());
    }

    @Test
    void read_manyIncludedFiles_areBounded() {
        String twice = "@include ./NEXT.policy\n".repeat(9);
        Map<String, String> files = new HashMap<>();
        for (int i = 0; i < 4; i++) {
            files.put(i + ".policy", twice.replace("NEXT", Integer.toString(i + 1)));
        }
        files.put("4.policy", "read: 1\n");
        PolicyFormatException e =
                assertThrows(
                        PolicyFormatException.class,
                        () -> read("@include ./0.policy\n", files, "x86_64"));
        assertTrue(e.getMessage().endsWith("more than 1000 files"), e.getMessage());
    }

    @Test
    void read_mistakeInAnIncludedFile_namesIt() {
        PolicyFormatException e =
                assertThrows(
                        PolicyFormatException.class,
                        () ->
                                read(
                                        "read: 1\n@include ./a.policy\n",
                                        Map.of("a.policy", "\nwrite: what\n"),
                                        "x86_64"));
        assertEquals("line 2: @include: a.policy: line 2: what: unknown action", e.getMessage());
    }

    @Test
    void read_frequencyFile_isNotReadAndTold() {
        assertEquals(
                List.of(
                        "line 1: @frequency: is not read: it says only which calls to look at"
                                + " first"),
                losses(read("@frequency ./a.frequency\nread: 1\n")));
    }

    @Test
    void read_constants_dependOnTheArchitecture() {
        String policy = "openat: arg2 == O_DIRECTORY\nioctl: arg1 == MY_IOCTL\n";
        assertEquals("allow", decided(read(policy), "openat", 0, 0, 0x10000));
        Reading onArm = read(policy, Map.of(), "aarch64");
        assertEquals("allow", decided(onArm, "openat", 0, 0, 0x4000));
        assertEquals("allow", decided(onArm, "ioctl", 0, 0x7777));
    }

    /** The kernel's own names of calls that only arm has, as minijail's tables have them. */
    @Test
    void read_privateCallsOfArm_haveTheirPrefix() {
        Reading reading = read("read: 1\nARM_set_tls: 1\nARM_cacheflush: 1\n", Map.of(), "arm");
        assertEquals(
                List.of("read", "set_tls", "cacheflush"),
                reading.document().rules().stream().map(rule -> rule.subject()).toList());
        assertEquals(List.of(), reading.losses());
    }

    @Test
    void read_lineForOtherArchitectures_countsOnlyThere() {
        Reading reading = read("read[arch=arm64,x86]: 1\n{write[arch=x86_64], close}: 1\n");
        assertEquals("kill", decided(reading, "read"));
        assertEquals("allow", decided(reading, "write"));
        assertEquals("allow", decided(reading, "close"));
    }

    @Test
    void read_actionsOfOtherProcesses_areKept() {
        Reading reading = read("read: trace\nwrite: user-notify\nclose: return 0\n");
        assertEquals("trace:0", decided(reading, "read"));
        assertEquals("notify", decided(reading, "write"));
        assertEquals("errno:0", decided(reading, "close"));
        Writing writing = PolicyFormat.MINIJAIL.write(reading.document(), RandomDocuments.HERE);
        assertEquals("read: trace\nwrite: user-notify\nclose: return 0\n", writing.text());
        assertEquals(List.of(), writing.losses());
    }

    /** Without braces, minijail0's meaning counts; within braces, that of its compiler. */
    @Test
    void read_actionAfterAnExpression_hasTwoMeanings() {
        Reading plain = read("read: arg0 == 1; return EPERM\n");
        assertEquals("allow", decided(plain, "read", 1));
        assertEquals("errno:EPERM", decided(plain, "read", 2));
        assertEquals(
                List.of(
                        "line 1: minijail0 does what is behind the ; if the expression is false, as"
                                + " here; compile_seccomp_policy does it if it is true"),
                losses(plain));
        Reading braces = read("read: { arg0 == 1; return EPERM, arg0 == 2, trap }\n");
        assertEquals("errno:EPERM", decided(braces, "read", 1));
        assertEquals("allow", decided(braces, "read", 2));
        assertEquals("trap", decided(braces, "read", 3));
        assertEquals(List.of(), losses(braces));
    }

    @Test
    void read_largestValues_areRead() {
        assertEquals("errno:65535", decided(read("read: return 65535\n"), "read"));
        String equal = "arg0 == 0" + " || arg0 == 0".repeat(63);
        assertEquals("allow", decided(read("read: " + equal + "\n"), "read", 0));
        assertEquals("allow", decided(read("read: arg0 == -1\n"), "read", -1));
        String deep = "(".repeat(32) + "1" + ")".repeat(32);
        assertEquals("allow", decided(read("read: arg0 == " + deep + "\n"), "read", 1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "read: 1 2|line 1: unexpected 2",
                "@default kill 1|line 1: unexpected 1",
                "write: 1~@denylist x|line 2: unexpected x (taken for the format minijail)",
                "@default kill~@denylist|line 2: the default is there for the second time",
                "write: 1~read: 1\\|line 2: unexpected \\x5c",
                "read: return 65536|line 1: 65536: errno is not in 0 to 65535",
                "read: return -1|line 1: -1: errno is not in 0 to 65535",
                "read: arg0 & 0xff && arg1 & 0x1ff|line 1: more than 64 alternatives",
            })
    void read_mistake_isRefused(String text, String expected) {
        PolicyFormatException e =
                assertThrows(
                        PolicyFormatException.class, () -> read(text.replace('~', '\n') + "\n"));
        assertEquals(expected, e.getMessage());
    }

    @Test
    void read_manyAlternatives_areRefused() {
        String text = "read: arg0 == 0" + " || arg0 == 0".repeat(64) + "\n";
        PolicyFormatException e = assertThrows(PolicyFormatException.class, () -> read(text));
        assertEquals("line 1: more than 64 alternatives", e.getMessage());
    }

    private static Writing write(String rest) {
        String json = "{'sandboxPolicy': 1, 'default': " + rest + "}";
        return PolicyFormat.MINIJAIL.write(
                read(json.replace('\'', '"')).document(), RandomDocuments.HERE);
    }

    /** A filter of minijail has one action at most for what it does not allow. */
    @Test
    void write_severalRefusals_areThatOfTheDefault() {
        String rules =
                "'rules': [{'call': 'read', 'if': ['arg0==1'], 'action': '%s'},"
                        + " {'call': 'read', 'if': ['arg0==2'], 'action': 'allow'}]";
        Writing killing = write("'kill', " + rules.formatted("errno:EPERM"));
        assertEquals("read: arg0 != 0x1 && arg0 == 0x2\n", killing.text());
        assertEquals("[read: gets kill in place of errno:EPERM]", killing.losses().toString());
        Writing refusing = write("'errno:EPERM', " + rules.formatted("trap"));
        assertEquals(
                "[other calls: gets kill in place of errno:EPERM, read: gets kill in place of"
                        + " trap]",
                refusing.losses().toString());
    }

    @Test
    void write_denyList_hasErrnos() {
        Writing writing = write("'allow', 'rules': [{'call': 'read', 'action': 'errno:ENOSYS'}]");
        assertEquals("@denylist\nread: return ENOSYS\n", writing.text());
        assertEquals(List.of(), writing.losses());
    }

    @Test
    void write_commentsAndMasks_areInTheirPlaces() {
        Writing writing =
                write(
                        "'kill', 'rules': [{'call': 'read', 'if': ['arg0&3==3'], 'action': 'allow',"
                                + " 'reason': 'why', 'comments': ['above']}]");
        assertEquals("# above\nread: arg0 & 0x1 && arg0 & 0x2  # why\n", writing.text());
    }

    /** An empty file would be no policy. */
    @Test
    void write_nothingAllowed_canBeReadBack() {
        String text =
                PolicyFormat.MINIJAIL
                        .write(
                                read("read: kill\n").document().withRules(List.of()),
                                RandomDocuments.HERE)
                        .text();
        assertEquals(Action.KILL, read(text).document().otherwise());
    }
}
