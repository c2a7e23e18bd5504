// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.testing.RandomDocuments;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a format cannot express gives a line each; tests also what is written instead. */
class LossTest {
    private static final String HEAD = "{\"sandboxPolicy\": 1, \"default\": ";

    private static PolicyDocument json(String rest) {
        return PolicyFormat.JSON
                .read((HEAD + rest + "}").getBytes(StandardCharsets.UTF_8))
                .document();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // another action for one call
                "ENVFILE|\"errno:EPERM\", \"rules\": [{\"call\": \"clone3\", \"action\":"
                        + " \"errno:ENOSYS\"}]||SECCOMP_SYSCALL_ALLOW=clone3=ENOSYS~"
                        + "SECCOMP_DEFAULT_ACTION=errno:1~",
                "ENVFILE|\"log\", \"rules\": [{\"call\": \"clone3\", \"action\":"
                        + " \"errno:ENOSYS\"}]|clone3: gets log in place of errno:ENOSYS|"
                        + "SECCOMP_SYSCALL_ALLOW=~SECCOMP_DEFAULT_ACTION=log~",
                "ENVFILE|\"allow\", \"rules\": [{\"call\": \"clone3\", \"action\":"
                        + " \"errno:ENOSYS\"}, {\"call\": \"a\", \"action\": \"log\"}, {\"call\":"
                        + " \"b\", \"action\": \"log\"}]|clone3: gets log in place of"
                        + " errno:ENOSYS~calls of other architectures: are logged and not killed|"
                        + "SECCOMP_SYSCALL_DENY=a:b:clone3~SECCOMP_DEFAULT_ACTION=log~",
                "LIST|\"errno:EPERM\", \"rules\": [{\"call\": \"read\", \"action\": \"allow\"},"
                        + " {\"call\": \"a\", \"action\": \"errno:EPERM\"}, {\"call\": \"b\","
                        + " \"action\": \"trap\"}]|b: gets kill in place of trap~other calls:"
                        + " gets kill in place of errno:EPERM|a=EPERM~read~",
                "ENVFILE|\"allow\", \"rules\": [{\"call\": \"a\", \"action\": \"kill\"}, {\"call\":"
                        + " \"b\", \"action\": \"trap\"}]|b: gets kill in place of"
                        + " trap|SECCOMP_SYSCALL_DENY=a:b~",
                // calls of architectures that the policy does not cover
                "ENVFILE|\"allow\", \"rules\": [{\"call\": \"a\", \"action\": \"log\"}]|calls of"
                        + " other architectures: are logged and not"
                        + " killed|SECCOMP_SYSCALL_DENY=a~SECCOMP_DEFAULT_ACTION=log~",
                "ENVFILE|\"allow\", \"foreign\": \"log\", \"rules\": [{\"call\": \"a\","
                        + " \"action\": \"kill\"}]|calls of other architectures: are killed and"
                        + " not logged|SECCOMP_SYSCALL_DENY=a~",
                "LIST|\"kill\", \"foreign\": \"log\", \"rules\": [{\"call\": \"read\", \"action\":"
                        + " \"allow\"}]|calls of other architectures: are killed and not"
                        + " logged|read~",
                // actions without a word: as the kernel does without the other process
                "ENVFILE|\"kill\", \"rules\": [{\"call\": \"a\", \"action\": \"notify\"},"
                    + " {\"call\": \"b\", \"action\": \"trace:7\"}, {\"call\": \"c\", \"action\":"
                    + " \"errno:0\"}]|a: gets errno:ENOSYS in place of notify~b: gets errno:ENOSYS"
                    + " in place of trace:7~c: gets errno:EPERM in place of errno:0"
                    + "|SECCOMP_SYSCALL_ALLOW=c=EPERM:a=ENOSYS:b=ENOSYS~",
                "FIREJAIL|\"errno:5000\", \"listenerPath\": \"/l\", \"rules\":"
                        + " [{\"call\": \"read\", \"action\": \"allow\"}]|listener /l: is left"
                        + " out~other calls: gets errno:4095 in place of errno:5000~refused calls:"
                        + " gets errno:EPERM in place of"
                        + " errno:4095|seccomp.keep read~seccomp.block-secondary~",
                // names that the consumer passes over
                "SPO|\"kill\", \"rules\": [{\"call\": \"listns\", \"action\": \"allow\"}]|listns:"
                    + " is treated as all other calls where a container runtime has a libseccomp"
                    + " without this name (2.6.0 has not)|apiVersion:"
                    + " security-profiles-operator.x-k8s.io/v1beta1~kind: SeccompProfile~metadata:~"
                    + "  name: sandbox~spec:~  defaultAction: SCMP_ACT_KILL_PROCESS~  syscalls:~  -"
                    + " names:~    - listns~    action: SCMP_ACT_ALLOW~",
                // two conditions for one argument: never looser
                "ENVFILE|\"kill\", \"rules\": [{\"call\": \"read\", \"if\": [\"arg0>1\","
                    + " \"arg0<9\"], \"action\": \"allow\"}]|read(arg0>1,arg0<9): is refused: it"
                    + " has two conditions for one argument|SECCOMP_SYSCALL_ALLOW=~",
                "ENVFILE|\"allow\", \"rules\": [{\"call\": \"read\", \"if\": [\"arg0>1\","
                    + " \"arg0<9\"], \"action\": \"kill\"}]|read(arg0>1,arg0<9): is refused more"
                    + " often: it has two conditions for one"
                    + " argument|SECCOMP_SYSCALL_DENY=read(arg0>1)~",
                "SECCOMPILER|\"allow\", \"rules\": [{\"call\": \"read\", \"action\": \"kill\"},"
                    + " {\"call\": \"write\", \"action\": \"trap\"}, {\"call\": \"9999\","
                    + " \"action\": \"kill\"}]|write: gets kill in place of trap~9999: is allowed:"
                    + " seccompiler knows calls by name only|{~  \"main\": {~   "
                    + " \"default_action\": \"allow\",~    \"filter_action\": \"kill_process\",~   "
                    + " \"filter\": [~      {~        \"syscall\": \"read\"~      },~      {~      "
                    + "  \"syscall\": \"write\"~      }~    ]~  }~}~",
                "LIST|\"errno:EPERM\", \"log\": true, \"rules\": [{\"call\": \"read\", \"action\":"
                        + " \"allow\"}]|other calls: gets kill in place"
                        + " of errno:EPERM~refused calls: are not logged|read~",
                "LIST|\"kill\", \"architectures\": [\"i386\"], \"rules\": [{\"call\": \"read\","
                        + " \"action\": \"allow\"}]|calls of i386: are refused: the format is for"
                        + " one architecture|read~",
                "FIREJAIL|\"trap\", \"rules\": [{\"call\": \"read\", \"action\":"
                        + " \"allow\"}]|refused calls: gets kill in place of trap|seccomp.keep"
                        + " read~seccomp-error-action kill~seccomp.block-secondary~",
                "MINIJAIL|\"errno:EPERM\", \"rules\": [{\"call\": \"read\", \"action\":"
                        + " \"allow\"}]|other calls: gets kill in place of errno:EPERM|read: 1~",
                "MINIJAIL|\"allow\", \"rules\": [{\"call\": \"read\", \"action\": \"kill\"}]|read:"
                        + " gets errno:EPERM in place of kill|@denylist~read: return EPERM~"
            })
    void write_whatCannotBeSaid_isALoss(
            PolicyFormat format, String document, String losses, String text) {
        Writing writing = format.write(json(document), RandomDocuments.HERE);
        assertEquals(
                losses == null ? "" : losses,
                writing.losses().stream().map(Loss::toString).collect(Collectors.joining("~")));
        assertEquals(text == null ? "" : text, writing.text().replace('\n', '~'));
    }

    @Test
    void write_list_hasTheCommentsOfRules() {
        PolicyDocument document =
                json(
                        "\"kill\", \"rules\": [{\"call\": \"read\", \"action\": \"allow\","
                                + " \"reason\": \"why\", \"comments\": [\"above\"]}]");
        assertEquals(
                "# above\nread  # why\n",
                PolicyFormat.LIST.write(document, RandomDocuments.HERE).text());
    }

    /** What a rule depends on is decided when the policy is written. */
    @ParameterizedTest
    @EnumSource(names = {"ENV", "LIST", "KAFEL", "SECCOMPILER"})
    void write_circumstancesAndNewerCalls_areALoss(PolicyFormat format) {
        PolicyDocument document =
                json(
                        "\"kill\", \"kernel\": \"newest\", \"rules\": [{\"call\": \"read\","
                                + " \"action\": \"allow\", \"minKernel\": \"4.8\"}]");
        List<String> losses =
                format.write(document, RandomDocuments.HERE).losses().stream()
                        .map(Loss::toString)
                        .toList();
        assertTrue(
                losses.get(0).startsWith("1 rule: depending on circumstances, decided for "),
                losses::toString);
        assertEquals(
                format != PolicyFormat.ENV,
                losses.contains("newer calls: gets kill in place of errno:ENOSYS"),
                losses::toString);
    }

    /** Where a format has no place for the comments of a rule, that is told. */
    @ParameterizedTest
    @EnumSource(names = {"ENV", "ENVFILE", "KAFEL", "SYSTEMD", "SPO"})
    void write_commentsOfRules_areALoss(PolicyFormat format) {
        PolicyDocument document =
                json(
                        "\"kill\", \"comments\": [\"of the file\"], \"rules\": [{\"call\":"
                                + " \"execve\", \"action\": \"allow\", \"comments\": [\"a\"]}]");
        Writing writing = format.write(document, RandomDocuments.HERE);
        assertEquals(
                List.of("comments: are left out: the format has no place for them"),
                writing.losses().stream().map(Loss::toString).toList());
        boolean keepsThoseOfTheFile =
                format == PolicyFormat.ENVFILE
                        || format == PolicyFormat.ENV
                        || format == PolicyFormat.SYSTEMD;
        assertEquals(keepsThoseOfTheFile, writing.text().startsWith("# of the file\n"));
    }

    /** If the order of rules matters, formats without an order get equivalent conditions. */
    @Test
    void write_orderOfRules_isSaidByConditions() {
        PolicyDocument document =
                json(
                        "\"kill\", \"rules\": [{\"call\": \"socket\", \"if\": [\"arg0==16\"],"
                                + " \"action\": \"kill\"},{\"call\": \"socket\", \"action\":"
                                + " \"allow\"}]");
        Writing writing = PolicyFormat.ENVFILE.write(document, RandomDocuments.HERE);
        assertEquals("SECCOMP_SYSCALL_ALLOW=socket(arg0!=16)\n", writing.text());
        assertEquals(List.of(), writing.losses());
    }

    /** A list allows a call by all ways to it, one of which the policy refuses. */
    @Test
    void write_multiplexerRefused_saysWhatGetsThrough() {
        PolicyDocument document =
                json(
                        "\"kill\", \"missing\": \"ignore\", \"rules\": [{\"call\":"
                                + " \"socketcall\", \"action\": \"kill\"},"
                                + " {\"call\": \"bind\", \"action\": \"allow\"}]");
        Circumstances i386 = new Circumstances("i386", Set.of(), RandomDocuments.HERE.kernel());
        assertEquals(
                List.of("socketcall: lets through the calls that are allowed by name"),
                PolicyFormat.ENVFILE.write(document, i386).losses().stream()
                        .map(Loss::toString)
                        .toList());
        assertEquals(
                List.of(), PolicyFormat.ENVFILE.write(document, RandomDocuments.HERE).losses());
    }

    /** A list can only say what is allowed. */
    @Test
    void write_listOfADenyPolicy_isAllOtherCalls() {
        PolicyDocument document =
                json(
                        "\"allow\", \"rules\": [{\"call\": \"ptrace\", \"action\": \"kill\"},"
                                + " {\"call\": \"socket\", \"if\": [\"arg0==16\"], \"action\":"
                                + " \"errno:EPERM\"}]");
        Writing writing = PolicyFormat.LIST.write(document, RandomDocuments.HERE);
        assertEquals(
                List.of("calls that no table has: are refused: a list says what is allowed"),
                writing.losses().stream().map(Loss::toString).toList());
        List<String> lines = writing.text().lines().toList();
        assertEquals("socket(arg0==16)=EPERM", lines.get(0));
        assertTrue(lines.contains("read") && lines.contains("socket"), writing.text());
        assertFalse(lines.contains("ptrace"), writing.text());
        assertTrue(lines.size() > 350, writing.text());
    }

    @Test
    void write_systemdWithoutExecve_saysThatItIsAllowed() {
        Writing writing =
                PolicyFormat.SYSTEMD.write(json("\"kill\", \"rules\": []"), RandomDocuments.HERE);
        assertEquals(1, writing.losses().size());
        assertTrue(writing.losses().get(0).toString().startsWith("execve: is allowed"));
        PolicyDocument read =
                PolicyFormat.SYSTEMD
                        .read(writing.text().getBytes(StandardCharsets.UTF_8))
                        .document();
        assertEquals(List.of("execve"), read.rules().stream().map(rule -> rule.subject()).toList());
    }

    /** Lists that firejail would refuse. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"kill\", \"rules\": []",
                "\"allow\", \"rules\": [{\"call\": \"read\", \"if\": [\"arg0==1\"], \"action\":"
                        + " \"kill\"}]"
            })
    void write_firejailWithoutCalls_isRefused(String document) {
        PolicyFormatException e =
                assertThrows(
                        PolicyFormatException.class,
                        () -> PolicyFormat.FIREJAIL.write(json(document), RandomDocuments.HERE));
        assertEquals("firejail takes no list without calls", e.getMessage());
    }

    @Test
    void read_systemdWhatItIgnores_isALoss() {
        String unit =
                """
                [Service]
                SystemCallFilter=read fstat:EPERM
                MemoryDenyWriteExecute=yes
                SystemCallArchitectures=native vax
                """;
        Reading reading = PolicyFormat.SYSTEMD.read(unit.getBytes(StandardCharsets.UTF_8));
        assertEquals(
                List.of(
                        "line 2: fstat:EPERM: is ignored, as systemd does: an allowed call cannot"
                                + " have an errno",
                        "line 3: MemoryDenyWriteExecute: is not read",
                        "line 4: vax: is ignored, as systemd does: unknown architecture"),
                reading.losses().stream().map(Loss::toString).toList());
    }
}
