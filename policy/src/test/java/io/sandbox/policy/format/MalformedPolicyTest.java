// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.Action;
import io.sandbox.policy.bpf.BpfNumbers;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.testing.RandomDocuments;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Any file is either read, or refused with one printable line. */
class MalformedPolicyTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void readOrRefuse(PolicyFormat format, byte[] bytes) {
        try {
            format.read(bytes);
        } catch (PolicyFormatException e) {
            assertFalse(e.getMessage().isBlank());
            assertTrue(e.getMessage().chars().allMatch(c -> c >= ' ' && c <= '~'), e.getMessage());
            assertTrue(e.getMessage().length() < 300, e.getMessage());
        }
    }

    @ParameterizedTest
    @EnumSource
    void read_sample_isRead(PolicyFormat format) {
        assertFalse(format.read(bytes(Samples.of(format))).document().rules().isEmpty());
        assertEquals(format, Samples.recognised(Samples.of(format)));
    }

    /** A line of a list may look like a setting of another format. */
    @Test
    void recognise_listWithSeccomp_isAList() {
        assertEquals(PolicyFormat.LIST, Samples.recognised("read\nseccomp\n"));
        assertEquals(PolicyFormat.FIREJAIL, Samples.recognised("quiet\nseccomp\n\tcaps.drop x\n"));
    }

    @Test
    void read_variables_haveTheirCommentsAndLines() {
        PolicyDocument document =
                PolicyFormat.ENVFILE
                        .read(
                                bytes(
                                        "# why\n\n"
                                                + "SECCOMP_DEFAULT_ACTION=kill\n"
                                                + "SECCOMP_SYSCALL_ALLOW=read\n"))
                        .document();
        assertEquals(List.of("why"), document.comments());
        assertEquals(4, document.rules().get(0).note().line());
    }

    @Test
    void byName_eachName_isItsFormat() {
        for (PolicyFormat format : PolicyFormat.values()) {
            assertEquals(Optional.of(format), PolicyFormat.byName(format.toString()));
            assertFalse(format.about().isBlank());
        }
        assertEquals(Optional.empty(), PolicyFormat.byName("none"));
    }

    /** Two instructions: all calls fail. */
    @Test
    void readAny_compiledFilter_isDecoded() {
        ByteBuffer filter = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        filter.putShort((short) BpfNumbers.LOAD).putShort((short) 0).putInt(0);
        filter.putShort((short) BpfNumbers.RETURN).putShort((short) 0);
        filter.putInt(BpfNumbers.ERRNO | 1);
        PolicyDocument document = PolicyFormat.readAny(filter.array()).document();
        assertEquals(Action.errno(1), document.otherwise());
        assertEquals(List.of(), document.rules());
    }

    @Tag("large")
    @ParameterizedTest
    @EnumSource
    void read_cutAtEachByte_isReadOrRefused(PolicyFormat format) {
        byte[] whole = bytes(Samples.of(format));
        for (int length = 0; length < whole.length; length++) {
            readOrRefuse(format, Arrays.copyOf(whole, length));
        }
    }

    @Tag("large")
    @ParameterizedTest
    @EnumSource
    void read_changedBytes_isReadOrRefused(PolicyFormat format) {
        byte[] whole = bytes(Samples.of(format));
        byte[] signs = bytes("\"'{}[]():;,=~@!$&|#\\\n\t -09azAZ\0\u00e9");
        Random random = new Random(1);
        for (int i = 0; i < 4000; i++) {
            byte[] changed = whole.clone();
            for (int j = random.nextInt(3); j >= 0; j--) {
                changed[random.nextInt(changed.length)] = signs[random.nextInt(signs.length)];
            }
            readOrRefuse(format, changed);
        }
    }

    @ParameterizedTest
    @EnumSource
    void read_otherFormats_isReadOrRefused(PolicyFormat format) {
        for (PolicyFormat other : PolicyFormat.values()) {
            readOrRefuse(format, bytes(Samples.of(other)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void read_notUtf8_isRefused(PolicyFormat format) {
        byte[] bytes = bytes(Samples.of(format));
        bytes[bytes.length / 2] = (byte) 0xff;
        assertThrows(PolicyFormatException.class, () -> format.read(bytes));
        assertThrows(PolicyFormatException.class, () -> PolicyFormat.readAny(bytes));
    }

    private static String repeated(int count, String separator, IntFunction<String> item) {
        return IntStream.range(0, count).mapToObj(item).collect(Collectors.joining(separator));
    }

    @Test
    void read_policiesThatUseEachOther_areBounded() {
        StringBuilder text = new StringBuilder("POLICY p0 { ALLOW { read } }\n");
        for (int i = 1; i < 60; i++) {
            text.append("POLICY p%d { USE p%d, USE p%d }\n".formatted(i, i - 1, i - 1));
        }
        byte[] bytes = bytes(text + "USE p59");
        assertTimeout(
                Duration.ofSeconds(20),
                () ->
                        assertThrows(
                                PolicyFormatException.class, () -> PolicyFormat.KAFEL.read(bytes)));
        String deep = "ALLOW { read { " + "(".repeat(100_000) + "fd == 1";
        assertThrows(PolicyFormatException.class, () -> PolicyFormat.KAFEL.read(bytes(deep)));
        String closed = "ALLOW { read { " + "!(".repeat(100_000) + "fd == 1" + ")".repeat(100_000);
        assertThrows(PolicyFormatException.class, () -> PolicyFormat.KAFEL.read(bytes(closed)));
    }

    /** More than a megabyte. */
    private static String large(PolicyFormat format) {
        int count = 100_000;
        // With one call that exists, since a list of unknown ones is empty for firejail.
        IntFunction<String> name = i -> i == 0 ? "read" : "call_" + i;
        String names = repeated(count, ",", i -> "\"" + name.apply(i) + "\"");
        return switch (format) {
            case ENV -> "SECCOMP_SYSCALL_ALLOW=\"" + repeated(count, ":", name) + "\"\n";
            case ENVFILE -> "SECCOMP_SYSCALL_ALLOW=" + repeated(count, ":", name) + "\n";
            case LIST -> repeated(count, "\n", name);
            case JSON ->
                    "{\"sandboxPolicy\":1,\"default\":\"kill\",\"rules\":["
                            + repeated(
                                    count,
                                    ",",
                                    i -> "{\"call\":\"call_" + i + "\",\"action\":\"allow\"}")
                            + "]}";
            case SECCOMPILER ->
                    "{\"main\":{\"default_action\":\"trap\",\"filter_action\":\"allow\","
                            + "\"filter\":["
                            + repeated(count, ",", i -> "{\"syscall\":\"call_" + i + "\"}")
                            + "]}}";
            case OCI ->
                    "{\"defaultAction\":\"SCMP_ACT_KILL\",\"syscalls\":[{\"names\":["
                            + names
                            + "],\"action\":\"SCMP_ACT_ALLOW\"}]}";
            case SPO ->
                    "kind: SeccompProfile\nspec:\n  defaultAction: SCMP_ACT_KILL\n  syscalls:\n"
                            + "  - names: ["
                            + names
                            + "]\n    action: SCMP_ACT_ALLOW\n";
            case SYSTEMD -> "[Service]\nSystemCallFilter=" + repeated(count, " ", name) + "\n";
            case FIREJAIL ->
                    "seccomp.keep " + repeated(count, ",", name) + "\nseccomp.block-secondary\n";
            case KAFEL -> "ALLOW {" + repeated(count, ",\n", name) + "}";
            case MINIJAIL -> repeated(count, "\n", i -> "call_" + i + ": 1");
        };
    }

    @Tag("large")
    @ParameterizedTest
    @EnumSource
    void read_hundredThousandCalls_isReadInSeconds(PolicyFormat format) {
        byte[] text = bytes(large(format));
        assertTrue(text.length > 1_000_000);
        Reading reading = assertTimeout(Duration.ofSeconds(20), () -> PolicyFormat.readAny(text));
        assertTrue(reading.document().rules().size() >= 100_000);
        assertTimeout(
                Duration.ofSeconds(20),
                () -> format.write(reading.document(), RandomDocuments.HERE));
    }

    @ParameterizedTest
    @CsvSource({"JSON,[", "JSON,{\"a\":", "OCI,[", "SPO,[", "SPO,'{a: '", "SPO,'- '"})
    void read_deepNesting_isRefused(PolicyFormat format, String part) {
        String text = part.repeat(100_000);
        assertThrows(PolicyFormatException.class, () -> format.read(bytes(text)));
    }

    @Test
    void read_deepParentheses_isRefused() {
        String text = "read: arg0 == " + "(".repeat(100_000) + "1";
        assertThrows(PolicyFormatException.class, () -> PolicyFormat.MINIJAIL.read(bytes(text)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SECCOMP_SYSCALL_ALLOW=\"read|line 1: a quote that does not enclose the whole"
                        + " value",
                "SECCOMP_DEFAULT_ACTION=kill|neither SECCOMP_SYSCALL_ALLOW nor SECCOMP_SYSCALL_DENY"
                        + " is set",
                "SECCOMP_SYSCALL_ALLOW=read:9x|line 1: SECCOMP_SYSCALL_ALLOW: 9x: not a"
                        + " decimal or 0x-hex number, at byte 6",
                "#a~:read|of no known format: begins with :read",
                "#a~read~:write|line 3: one system call on a line, without colons",
                "{\"sandboxPolicy\": \u00e9~}|line 1: not JSON: Unrecognized token '\\xc3\\xa9':"
                    + " was expecting (JSON String, Number, Array, Object or token 'null', 'true'"
                    + " or 'false')",
                "{\"sandboxPolicy\": ~~}|line 1: not JSON: Unexpected character ('~' (code 126)):"
                        + " expected a valid value (JSON String, Number, Array, Object or token"
                        + " 'null', 'true' or 'false')",
                "#a~read~write:1|line 3: one system call on a line, without colons",
                "|empty: no policy",
                "# nothing~|empty: no policy",
                "Read|of no known format: begins with Read",
                "{\"sandboxPolicy\": 2}|line 1: sandboxPolicy: 2 is out of range",
                "{\"sandboxPolicy\": 1,~\"rules\": [{\"call\": \"a\", \"action\": \"allow\","
                    + " \"arg\": []}], \"default\": \"kill\"}|line 2: rules[0]: unknown key arg",
                "{\"sandboxPolicy\": 1, \"rules\": [], \"rules\": []}|line 1: not JSON: Duplicate"
                        + " field 'rules'",
                "{\"defaultAction\": \"SCMP_ACT_ASK\"}|line 1: defaultAction: SCMP_ACT_ASK: unknown"
                        + " action",
                "{\"defaultAction\": \"SCMP_ACT_KILL\",~ \"syscalls\": [{\"action\":"
                        + " \"SCMP_ACT_ALLOW\"}]}|line 2: syscalls[0]: names is missing",
                "{\"defaultAction\": \"SCMP_ACT_KILL\", \"syscalls\": [{\"names\": [\"a\"],"
                        + " \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": -1}]}|line 1:"
                        + " syscalls[0].errnoRet: -1 is out of range",
                "{\"defaultAction\": \"SCMP_ACT_KILL\", \"syscalls\": [{\"names\": [\"a\"],"
                    + " \"action\": \"SCMP_ACT_ALLOW\", \"args\": [{\"index\": 6, \"op\":"
                    + " \"SCMP_CMP_EQ\"}]}]}|line 1: syscalls[0].args[0].index: 6 is out of range",
                "{\"defaultAction\": \"SCMP_ACT_KILL\", \"syscalls\": [{\"names\": [\"a\"],"
                        + " \"action\": \"SCMP_ACT_ALLOW\", \"args\": [{\"index\": 0, \"value\":"
                        + " 18446744073709551616, \"op\": \"SCMP_CMP_EQ\"}]}]}|line 1:"
                        + " syscalls[0].args[0].value: 18446744073709551616 is out of range",
                "{\"vmm\": {\"default_action\": \"trap\", \"filter\": []}, \"api\": {}}|has 2"
                        + " threads: vmm, api",
                "{\"main\": {\"default_action\": {\"trace\": 65536}, \"filter_action\": \"allow\","
                    + " \"filter\": []}}|line 1: main.default_action.trace: 65536 is out of range",
                "{\"main\": {\"default_action\": {\"errno\": -1}, \"filter_action\": \"allow\","
                        + " \"filter\": []}}|line 1: main.default_action.errno: -1 is out of range",
                "{\"main\": {\"default_action\": \"allow\", \"filter_action\": \"allow\","
                        + " \"filter\": []}}|line 1: main.filter_action: the same action as for all"
                        + " other calls",
                "{\"main\": {\"default_action\": \"trap\", \"filter_action\":"
                        + " \"allow\",~\"filter\": [{\"syscall\": \"Read\"}]}}|line 2: not a name:"
                        + " Read",
                "{\"main\": {\"default_action\": \"trap\", \"filter_action\":"
                        + " \"allow\",~\"filter\": [{\"syscall\": \"read\", \"arg\": []}]}}|line 2:"
                        + " main.filter[0]: unknown key arg",
                "{\"main\": {\"default_action\": \"trap\", \"filter_action\":"
                    + " \"allow\",~\"filter\": [{\"syscall\": \"read\", \"args\": []}]}}|line 2:"
                    + " main.filter[0].args: empty (leave args out)",
                "{\"main\": {\"default_action\": \"trap\", \"filter_action\":"
                    + " \"allow\",~\"filter\": [{\"syscall\": \"read\", \"args\": [{\"index\": 0,"
                    + " \"type\": \"qword\", \"op\": \"masked_eq\", \"val\": 1}]}]}}|line 2:"
                    + " main.filter[0].args[0].op: masked_eq: unknown operator",
                "kind: SeccompProfile~spec: {}|line 2: spec: defaultAction is missing",
                "kind: SeccompProfile~---~kind: SeccompProfile|has 2 profiles: (unnamed),"
                        + " (unnamed)",
                "kind: SeccompProfile~spec: &a~  defaultAction: *a|line 3: aliases are not"
                        + " supported",
                "kind: SeccompProfile~spec:~  a: 1~  a: 1|line 4: a: the key is there twice",
                "SystemCallFilter=~~ptrace:EWHAT|line 1: EWHAT: not an errno",
                "SystemCallFilter=a~nonsense|line 2: neither a section nor a setting",
                "seccomp.keep a~seccomp.drop b|line 1: both seccomp.keep and a list to drop",
                "seccomp.drop a:1|line 1: 1: neither kill, log nor the name of an errno",
                "seccomp.drop @nonsense|line 1: @nonsense: unknown group",
                "POLICY a {~ALLOW { read { fd == 1 && fd } } }|line 2: }: expected one of == != <"
                        + " <= > >=",
                "ALLOW { read }~#include \"b.policy\"|line 2: unexpected \"",
                "ALLOW { read }~#include b|line 2: #include: expected \"FILE\" and the end of"
                        + " the line",
                "DEFAULT TRACE(65536)|line 1: 65536: is not in 0 to 65535",
                "DEFAULT KILL~DEFAULT KILL|line 2: DEFAULT is there for the second time",
                "POLICY a { ALLOW { read } }|line 1: no policy is used (USE NAME)",
                "USE a|line 1: a: no policy before this line",
                "ALLOW { read ON x86_64 }|line 1: ON: rules for some architectures are not"
                        + " supported",
                "ALLOW { read { what == 1 } }|line 1: what: neither an argument nor a constant",
                "ALLOW { statx { dfd == 1 } }|line 1: statx: the sizes of its arguments are not"
                        + " known",
                "ALLOW { mmap { (prot & 0x3) < 2 } }|line 1: the order of some bits is compared"
                        + " (unsupported)",
                "ALLOW { mmap { prot == flags } }|line 1: an argument is compared with an"
                        + " argument, and a policy of ours compares arguments with numbers only",
                "ALLOW { SYSCALL[-1] }|line 1: -1: not a number of a system call, which are"
                        + " from 0 to 1073741823",
                "ERRNO(65536) { read }|line 1: 65536: is not in 0 to 65535",
                "ALLOW { read /* }|line 1: unexpected /",
                "ALLOW { read(a) { a == 0x10000000000000000 } }|line 1: 0x10000000000000000: number"
                        + " too large",
                "read: 1~@include /etc/other.policy|line 2: @include: no files are read here (put"
                        + " them into one)",
                "read: arg6 == 1|line 1: arg6: expected arg0 to arg5",
                "read: arg0 == NONSENSE|line 1: NONSENSE: unknown constant (give its number)",
                "read: arg0 == 1 &&|line 1: the statement is not complete",
                "read: return 65536|line 1: 65536: errno is not in 0 to 65535"
            })
    void readAny_mistake_isOneLine(String text, String expected) {
        String lines = text == null ? "" : text.replace("~~", "\0").replace('~', '\n');
        byte[] bytes = bytes(lines.replace('\0', '~'));
        PolicyFormatException e =
                assertThrows(PolicyFormatException.class, () -> PolicyFormat.readAny(bytes));
        assertEquals(expected, e.getMessage().replaceFirst(" \\(taken for the format .*", ""));
    }
}
