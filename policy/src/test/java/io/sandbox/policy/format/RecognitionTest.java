// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.document.Rule;
import io.sandbox.policy.testing.RandomDocuments;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A text is of a format only if all of it is, and of one format only. In the texts, {@code ~} ends
 * a line and {@code !} stands for it.
 */
class RecognitionTest {
    private static final String HINT = " (taken for the format %s)";

    private static Reading read(String text) {
        return PolicyFormat.readAny(text.replace('~', '\n').replace('!', '~').getBytes(UTF_8));
    }

    private static String refusal(String text) {
        return assertThrows(PolicyFormatException.class, () -> read(text)).getMessage();
    }

    private static String allowed(String text) {
        PolicyDocument document = read(text).document();
        assertEquals(false, document.otherwise() == Action.ALLOW, document.toString());
        return document.rules().stream()
                .filter(rule -> rule.action() == Action.ALLOW)
                .map(Rule::subject)
                .collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "read~seccomp|read seccomp",
                "seccomp~read|seccomp read",
                "ALLOW { read,~ seccomp~ }|read seccomp",
                "ALLOW {~read,~seccomp~}|read seccomp",
                "/*~seccomp~*/ ALLOW { read }|read",
                "# seccomp~read: 1~seccomp: 1|read seccomp",
                "# [Service]~# SystemCallFilter=!mount~read~write(arg0==1)|read write(arg0==1)",
                "#include \"a.policy\"~read|read",
                "read # DEFAULT ALLOW|read",
                "SECCOMP_SYSCALL_ALLOW=read~# seccomp~|read",
                "{\"sandboxPolicy\": 1, \"default\": \"kill\", \"comments\": [\"defaultAction\"],~"
                        + "\"rules\": []}|''",
            })
    void readAny_wholeFormat_isThatFormat(String text, String expected) {
        assertEquals(expected, allowed(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "read~write one~seccomp|line 2: write one: unexpected character, at byte 5|list",
                "read~write~mkdir x|line 3: mkdir x: unexpected character, at byte 5|list",
                "quiet~seccomp.drop mount~caps.dropp all|line 3: caps.dropp all: no directive of"
                        + " firejail|firejail",
                "seccomp.keep read~net none~read|line 3: read: no directive of firejail|firejail",
                "net none~seccomp.keep read~ALLOW { mount }|line 3: ALLOW { mount }: no directive"
                        + " of firejail|kafel",
                "read: 1~write: 1~open: alow|line 3: alow: unknown action|minijail",
                "[Service]~SystemCallFilter=read~read|line 3: neither a section nor a"
                        + " setting|systemd",
                "[Service]~SystemCallFilter=read~SystemCallFiler=!mount|line 3: SystemCallFiler:"
                        + " no setting that we know of [Service]|systemd",
                "[Unit]~SystemCallFilter=read|line 2: SystemCallFilter: no setting that we know of"
                        + " [Unit]|systemd",
                "[Exec]~SystemCallFilter=read|line 1: [Exec]: no section that we know|systemd",
                "SystemCallFilter=!mount~[Service]~SystemCallFilter=read|line 2: systemd ignores"
                        + " the settings before the first section|systemd",
                "[Service]~SystemCallFilter=read~[Socket]~SystemCallFilter=write|line 3: both"
                        + " [Service] and [Socket]: a unit has one kind|systemd",
                "SECCOMP_SYSCALL_ALLOW=read~seccomp|line 2: not an assignment to a variable of a"
                        + " policy|envfile",
                "kind: SeccompProfile~spec: {~seccomp|line 4: not YAML: expected the node content,"
                        + " but found '<stream end>'|spo",
            })
    void readAny_oneWrongLine_isAMistakeOfThatFormat(String text, String expected, String format) {
        String message = refusal(text);
        if (!format.equals("kafel") && !format.equals("spo")) {
            assertEquals(expected + HINT.formatted(format), message);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "seccomp|may be of the formats list and firejail",
                "# why~seccomp # yes|may be of the formats list and firejail",
                "{\"sandboxPolicy\": 1, \"defaultAction\": \"SCMP_ACT_ALLOW\"}|may be of the"
                        + " formats json and oci",
                "name: CI~on: [push]~jobs:~  build:|of no known format: begins with name: CI",
                "name: \"tomcat8\"|of no known format: begins with name: \"tomcat8\"",
                "; seccomp.keep read|empty: no policy",
                "; why~read|line 1: ; why: neither a system call name nor a number, at byte 0",
                "{\"linux\": {\"seccomp\": {\"defaultAction\": \"SCMP_ACT_ALLOW\"}}, \"syscalls\":"
                        + " []}|line 1: defaultAction is missing",
                "{\"a\": 1}|of no known format: begins with {\"a\": 1}",
                "{ALLOW}|of no known format: begins with {ALLOW}",
            })
    void readAny_noOrSeveralFormats_isRefused(String text, String expected) {
        assertEquals(expected, refusal(text).replaceFirst(" \\(taken .*", ""));
    }

    /** A comment hides no condition in the next line. */
    @Test
    void readAny_minijailCommentThatGoesOn_endsWithItsLine() {
        assertEquals("read(arg0==1,arg1==2)", allowed("read: arg0 == 1 \\~ && arg1 == 2"));
        String message = refusal("read: arg0 == 1 # why \\~ && arg1 == 2");
        assertTrue(message.startsWith("line 2: not a name"), message);
    }

    @Test
    void readAny_ruleForAnUnknownArchitecture_isAMistake() {
        assertEquals(
                "line 2: rules[0].notArches[0]: x86_65: unknown architecture",
                refusal(
                        "{\"sandboxPolicy\": 1, \"default\": \"allow\", \"rules\": [~{\"call\":"
                                + " \"mount\", \"action\": \"kill\", \"notArches\":"
                                + " [\"x86_65\"]}]}"));
        assertEquals(
                "line 2: unknown key Spec", refusal("---~kind: SeccompProfile~Spec: {}~spec: {}"));
    }

    @Test
    void readAny_byteOrderMark_isNoPartOfTheText() {
        String json = "\ufeff{\"sandboxPolicy\": 1, \"default\": \"kill\", \"rules\": []}";
        assertEquals("", allowed(json));
        assertEquals("read", allowed("\ufeffread~"));
        assertEquals("read", allowed("\ufeffSECCOMP_SYSCALL_ALLOW=read~"));
    }

    /** Where an editor shows one line, or another tool ends the text. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "# a\r seccomp.drop mount|line 1: the control character \\x0d",
                "read~# \0 b|line 2: the control character \\x00",
                "SECCOMP_SYSCALL_ALLOW=read~# \rSECCOMP_DEFAULT_ACTION=log|line 2: the control"
                        + " character \\x0d",
                "read\u0085mount|line 1: the control character \\xc2\\x85",
                "read\fmount|line 1: the control character \\x0c",
            })
    void readAny_controlCharacter_isRefused(String text, String expected) {
        String shown = text.replace("\\r", "\r").replace("\\0", "\0").replace("\\f", "\f");
        assertEquals(expected.replace("\\\\", "\\"), refusal(shown.replace("\\u0085", "\u0085")));
    }

    @Test
    void readAny_otherLineEndsAndBlanks_areNoDirectives() {
        assertEquals("read write", allowed("read\r~write\r~"));
        assertEquals("read", allowed("seccomp.keep\tread\r~quiet\r~seccomp.block-secondary"));
        assertEquals(
                "line 2: \\xe3\\x80\\x80SystemCallFilter: no setting that we know of [Service]"
                        + HINT.formatted("systemd"),
                refusal("[Service]~\u3000SystemCallFilter=read~SystemCallFilter=write"));
    }

    /** A list of this call alone would be two formats. */
    @Test
    void write_seccompAlone_isReadAsAList() {
        PolicyDocument document =
                PolicyFormat.LIST.read("# why\n\nseccomp\n".getBytes(UTF_8)).document();
        String text = PolicyFormat.LIST.write(document, RandomDocuments.HERE).text();
        assertEquals("# why\n\nseccomp(arg0>=0)\n", text);
        assertEquals(PolicyFormat.LIST, Samples.recognised(text));
        assertEquals(
                Action.KILL,
                new RandomDocuments.Call(new CallRef.Named("read"), new long[6])
                        .verdict(read(text).document(), RandomDocuments.HERE));
        assertEquals(List.of("seccomp"), document.rules().stream().map(Rule::subject).toList());
    }

    /** Otherwise a deny list would allow what it names. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "seccomp.drop mount,ptrac|line 1: ptrac: is no",
                "[Service]~SystemCallFilter=!ptrac|line 2: ptrac: is no",
                "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": [\"ptrac\"],"
                        + " \"action\": \"SCMP_ACT_ERRNO\"}]}|line 1: ptrac: is no",
            })
    void readAny_unknownNameThatIsRefused_isAMistake(String text, String expected) {
        assertEquals(
                expected + " system call of any architecture, so that nothing would be refused",
                refusal(text));
    }

    @Test
    void readAny_spoWithoutItsBase_isAMistakeInADenyList() {
        String text =
                "kind: SeccompProfile~spec:~  baseProfileName: base~  defaultAction: %s~"
                        + "  syscalls:~  - {names: [read], action: SCMP_ACT_ALLOW}~";
        assertEquals("read", allowed(text.formatted("SCMP_ACT_KILL")));
        assertEquals(
                "baseProfileName: the rules of base are not in this file, and all calls without a"
                        + " rule are allowed",
                refusal(text.formatted("SCMP_ACT_ALLOW")));
    }
}
