// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.ActionText;
import io.sandbox.policy.document.Listener;
import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.testing.RandomDocuments;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Actions of container profiles that leave a decision to others, or that return something odd. */
class OciTest {
    private static Reading read(String profile) {
        return PolicyFormat.readAny(profile.getBytes(StandardCharsets.UTF_8));
    }

    private static String profile(String action) {
        return "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": [\"read\"],"
                + " \"action\": "
                + action
                + "}]}";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'SCMP_ACT_ERRNO', 'errnoRet': 0|errno:0|",
                "'SCMP_ACT_ERRNO', 'errnoRet': 5000|errno:5000|line 1: syscalls[0].errnoRet: 5000:"
                        + " container runtimes do not start with it; the kernel would take it for"
                        + " 4095",
                "'SCMP_ACT_ERRNO', 'errnoRet': 65574|errno:ENOSYS|line 1: syscalls[0].errnoRet:"
                        + " 65574: only the last 16 bits have a meaning",
                "'SCMP_ACT_TRACE', 'errnoRet': 7|trace:7|",
                "'SCMP_ACT_TRACE', 'args': []|trace:1|",
                "'SCMP_ACT_NOTIFY', 'args': []|notify|",
            })
    void read_action_isKeptAndWritten(String action, String expected, String loss) {
        Reading reading = read(profile(action.replace("'", "\"")));
        assertEquals(expected, ActionText.format(reading.document().rules().get(0).action()));
        assertEquals(
                loss == null ? List.of() : List.of(loss),
                reading.losses().stream().map(Loss::toString).toList());
        for (PolicyFormat format : List.of(PolicyFormat.OCI, PolicyFormat.JSON)) {
            Writing writing = format.write(reading.document(), RandomDocuments.HERE);
            assertEquals(List.of(), writing.losses());
            assertEquals(
                    reading.document().rules().get(0).action(),
                    read(writing.text()).document().rules().get(0).action());
        }
        boolean usual = expected.equals("errno:ENOSYS");
        assertEquals(
                usual ? 0 : 1,
                PolicyFormat.ENV.write(reading.document(), RandomDocuments.HERE).losses().stream()
                        .filter(told -> told.toString().endsWith("in place of " + expected))
                        .count());
    }

    /** A rule for read with one condition on one of its arguments. */
    private static String overlapping(int argument, String operator, String action) {
        return "{'names': ['read'], 'action': 'SCMP_ACT_%s', 'args': [{'index': %d, 'value': 1, 'op': 'SCMP_CMP_%s'}]}"
                .formatted(action, argument, operator)
                .replace('\'', '"');
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|EQ|1|EQ|1|container runtimes test them in another order than that of the file:"
                        + " first read(arg1==1)",
                "1|EQ|0|EQ|1|",
                "0|LE|0|EQ|0|container runtimes test them in another order than that of the file:"
                        + " first read(arg0==1)",
                "0|NE|1|NE|0|libseccomp refuses them or merges them wrongly; here the first counts",
                "0|EQ|0|EQ|0|libseccomp refuses them or merges them wrongly; here the first counts",
            })
    void read_rulesThatOverlap_decideAsInLibseccomp(
            int one, String operator, int other, String second, int first, String told) {
        Reading reading =
                read(
                        "{\"defaultAction\": \"SCMP_ACT_KILL\", \"syscalls\": ["
                                + overlapping(one, operator, "ALLOW")
                                + ","
                                + overlapping(other, second, "LOG")
                                + "]}");
        String losses = reading.losses().toString();
        assertEquals(told == null ? "[]" : "[read: its rules overlap, and " + told + "]", losses);
        assertEquals(first, reading.document().rules().get(0).conditions().get(0).argument());
    }

    private static List<String> losses(Reading reading) {
        return reading.losses().stream().map(Loss::toString).toList();
    }

    private static List<String> rules(Reading reading) {
        return reading.document().rules().stream()
                .map(rule -> rule.subject() + " " + ActionText.format(rule.action()))
                .toList();
    }

    /** A profile whose entries are written with ' for ". */
    private static Reading readEntries(String... entries) {
        return read(
                "{'defaultAction': 'SCMP_ACT_ERRNO', 'syscalls': [%s]}"
                        .formatted(String.join(", ", entries))
                        .replace('\'', '"'));
    }

    @Test
    void read_configurationOfABundle_hasTheProfileInside() {
        String profile = profile("\"SCMP_ACT_LOG\"");
        String bundle = "{\"ociVersion\": \"1.0.2\", \"linux\": {\"seccomp\": " + profile + "}}";
        assertEquals(List.of("read log"), rules(PolicyFormat.OCI.read(bundle.getBytes(UTF_8))));
        PolicyFormatException e =
                assertThrows(
                        PolicyFormatException.class,
                        () -> PolicyFormat.OCI.read("{\"ociVersion\": \"1\"}".getBytes(UTF_8)));
        assertEquals("line 1: defaultAction is missing", e.getMessage());
    }

    /** Rules without conditions win in libseccomp; those with the default action do nothing. */
    @Test
    void read_rulesOfOneCall_areInTheOrderOfLibseccomp() {
        String args = "'args': [{'index': 0, 'value': 1, 'op': 'SCMP_CMP_EQ'}]";
        Reading reading =
                readEntries(
                        "{'names': ['read'], 'action': 'SCMP_ACT_ERRNO'}",
                        "{'names': ['read'], 'action': 'SCMP_ACT_LOG', " + args + "}",
                        "{'names': ['write'], 'action': 'SCMP_ACT_LOG', " + args + "}",
                        "{'names': ['write'], 'action': 'SCMP_ACT_LOG'}",
                        "{'names': ['read'], 'action': 'SCMP_ACT_ALLOW'}");
        assertEquals(
                List.of(
                        "write(arg0==1) log",
                        "write log",
                        "read allow",
                        "read(arg0==1) log",
                        "read errno:EPERM"),
                rules(reading));
    }

    /** The call that makes others decides before those, unless only for some arguments. */
    @Test
    void read_multiplexer_isFirst() {
        String args = "'args': [{'index': 0, 'value': 1, 'op': 'SCMP_CMP_EQ'}]";
        Reading reading =
                readEntries(
                        "{'names': ['bind', 'socketcall'], 'action': 'SCMP_ACT_LOG'}",
                        "{'names': ['ipc'], 'action': 'SCMP_ACT_ALLOW', " + args + "}");
        assertEquals(List.of("socketcall log", "bind log", "ipc(arg0==1) allow"), rules(reading));
    }

    /** So that newer calls fail, the older ones are named. */
    @Test
    void write_newerCalls_areSpelledOut() {
        String rest = "'%s', 'kernel': '6.6', 'foreign': '%s', 'rules': []";
        Writing writing = write(PolicyFormat.OCI, rest.formatted("log", "log"));
        assertEquals(
                List.of("calls of other architectures: are killed and not logged"),
                writing.losses().stream()
                        .map(Loss::toString)
                        .filter(text -> text.startsWith("calls of"))
                        .toList());
        Reading again = read(writing.text());
        assertEquals("errno:ENOSYS", ActionText.format(again.document().otherwise()));
        assertTrue(rules(again).contains("read log"), writing.text());
        assertFalse(rules(again).contains("listmount log"), writing.text());
        Writing usual = write(PolicyFormat.OCI, rest.formatted("errno:ENOSYS", "kill"));
        assertEquals(List.of(), rules(read(usual.text())));
    }

    /** In libseccomp, several conditions for one argument are alternatives in these profiles. */
    @Test
    void read_conditions_areJoinedAsByTheRuntimes() {
        String mask = "{'index': %d, 'value': 0, 'valueTwo': 5, 'op': 'SCMP_CMP_MASKED_EQ'}";
        String one = "{'index': 0, 'value': 1, 'op': 'SCMP_CMP_EQ'}";
        String entry = "{'names': ['%s'], 'action': 'SCMP_ACT_ALLOW', 'args': [%s, %s]}";
        Reading reading =
                readEntries(
                        entry.formatted("read", one, mask.formatted(1)),
                        entry.formatted("write", one, mask.formatted(0)),
                        entry.formatted("close", one, one.replace("1", "2")));
        assertEquals(
                List.of(
                        "read(arg0==1) allow",
                        "write(arg0==1) allow",
                        "write allow",
                        "close(arg0==1) allow",
                        "close(arg0==2) allow"),
                rules(reading));
        String text = PolicyFormat.OCI.write(reading.document(), RandomDocuments.HERE).text();
        assertEquals(rules(reading), rules(read(text)));
    }

    @Test
    void read_olderAndOtherKeys_areRead() {
        Reading reading =
                readEntries(
                        "{'name': 'read', 'names': [], 'action': 'SCMP_ACT_ALLOW'}",
                        "{'name': '', 'names': ['write'], 'action': 'SCMP_ACT_ERRNO', 'errno':"
                                + " 'ENOSYS', 'includes': {'minKernel': ''}}",
                        "{'names': ['close'], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': '38'}",
                        "{'names': ['open'], 'action': 'SCMP_ACT_TRACE', 'errnoRet': 65535}");
        assertEquals(
                List.of(
                        "read allow",
                        "write errno:ENOSYS",
                        "close errno:ENOSYS",
                        "open trace:65535"),
                rules(reading));
        assertEquals(List.of(), losses(reading));
    }

    @Test
    void read_whatRuntimesIgnore_isTold() {
        assertEquals(
                List.of("line 1: errnoRet: has no meaning with SCMP_ACT_ALLOW; crun refuses it"),
                losses(
                        readEntries(
                                "{'names': ['read'], 'action': 'SCMP_ACT_ALLOW', 'errnoRet': 1}")));
    }

    @Test
    void read_flags_sayWhetherDenialsAreLogged() {
        String profile = "{\"defaultAction\": \"SCMP_ACT_KILL\", \"flags\": [\"%s\"]}";
        String flag = "SECCOMP_FILTER_FLAG_";
        assertTrue(read(profile.formatted(flag + "LOG")).document().logDenials());
        assertFalse(read(profile.formatted(flag + "TSYNC")).document().logDenials());
        assertRefused("flags[0]: NEW: unknown flag", profile.formatted("NEW"));
    }

    @Test
    void read_mistake_isRefused() {
        String entry = "{'defaultAction': 'SCMP_ACT_KILL', 'syscalls': [{%s}]}";
        String allow = "'names': ['a'], 'action': 'SCMP_ACT_ALLOW', ";
        assertRefused("unknown key syscall", "{'defaultAction': 'SCMP_ACT_KILL', 'syscall': []}");
        assertRefused("syscalls[0]: unknown key Args", entry.formatted(allow + "'Args': []"));
        assertRefused(
                "syscalls[0].includes: unknown key cap",
                entry.formatted(allow + "'includes': {'cap': ['CAP_BPF']}"));
        assertRefused(
                "syscalls[0].args[0]: unknown key valuetwo",
                entry.formatted(
                        allow
                                + "'args': [{'index': 0, 'value': 1, 'valuetwo': 1, 'op':"
                                + " 'SCMP_CMP_EQ'}]"));
        assertRefused(
                "archMap[0]: unknown key arches",
                "{'defaultAction': 'SCMP_ACT_KILL', 'archMap': [{'architecture':"
                        + " 'SCMP_ARCH_X86_64', 'arches': []}]}");
        String errno = "'names': ['read'], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': '%s'";
        assertRefused(
                "syscalls[0]: both name and names",
                entry.formatted("'action': 'SCMP_ACT_LOG', 'name': 'a', 'names': ['b']"));
        assertRefused(
                "syscalls[0].names[0]: expected a text",
                entry.formatted("'action': 'SCMP_ACT_LOG', 'names': [1]"));
        assertRefused(
                "syscalls[0].names[0]: not a name: 1",
                entry.formatted("'action': 'SCMP_ACT_LOG', 'names': ['1']"));
        assertRefused(
                "syscalls[0]: names is missing",
                entry.formatted("'action': 'SCMP_ACT_LOG', 'name': ''"));
        assertRefused(
                "syscalls[0].errnoRet: EWHAT: not an errno",
                entry.formatted(errno.formatted("EWHAT")));
        assertRefused(
                "architectures[0]: SCMP_ARCH_VAX: unknown architecture",
                "{'defaultAction': 'SCMP_ACT_KILL', 'architectures': ['SCMP_ARCH_VAX']}");
        assertRefused(
                "both architectures and archMap",
                "{'defaultAction': 'SCMP_ACT_KILL', 'architectures': ['SCMP_ARCH_X86'], 'archMap':"
                        + " [{'architecture': 'SCMP_ARCH_X86'}]}");
    }

    private static void assertRefused(String message, String profile) {
        PolicyFormatException e =
                assertThrows(PolicyFormatException.class, () -> read(profile.replace('\'', '"')));
        assertEquals("line 1: " + message, e.getMessage());
    }

    private static Writing write(PolicyFormat format, String rest) {
        String json = "{'sandboxPolicy': 1, 'default': " + rest + "}";
        return format.write(read(json.replace('\'', '"')).document(), RandomDocuments.HERE);
    }

    private static List<String> written(PolicyFormat format, String rest) {
        return write(format, rest).losses().stream().map(Loss::toString).toList();
    }

    @Test
    void write_whatRuntimesCannotSay_isALoss() {
        assertEquals(
                List.of(
                        "read(arg0>1,arg0<9): is refused more often: it has two conditions for one"
                                + " argument"),
                written(
                        PolicyFormat.OCI,
                        "'allow', 'rules': [{'call': 'read', 'if': ['arg0>1', 'arg0<9'], 'action':"
                                + " 'kill'}]"));
        assertEquals(
                List.of("comments: of the whole file are left out"),
                written(PolicyFormat.OCI, "'kill', 'comments': ['a'], 'rules': []"));
        assertEquals(
                List.of(),
                written(
                        PolicyFormat.OCI,
                        "'kill', 'rules': [{'call': 'read', 'action': 'allow', 'comments':"
                                + " ['a']}]"));
        assertEquals(
                List.of("comments: are left out: the format has no place for them"),
                written(
                        PolicyFormat.SPO,
                        "'kill', 'rules': [{'call': 'read', 'action': 'allow', 'comments':"
                                + " ['a']}]"));
        assertEquals(List.of(), written(PolicyFormat.SPO, "'errno:EPERM', 'rules': []"));
        assertEquals(
                List.of("other calls: gets errno:EPERM in place of errno:ENOSYS"),
                written(PolicyFormat.SPO, "'errno:ENOSYS', 'rules': []"));
        assertEquals(
                List.of("other calls: gets trace:1 in place of trace:7"),
                written(PolicyFormat.SPO, "'trace:7', 'rules': []"));
    }

    /** Runtimes have their own order of rules. */
    @Test
    void write_rulesThatDependOnTheirOrder_areSaidByConditions() {
        String first = "{'call': 'socket', 'if': ['arg0==16'], %s 'action': 'log'}";
        String second = "{'call': 'socket', 'action': 'allow'}";
        String rules = "'kill', 'rules': [" + first + ", " + second + "]";
        Writing simple = write(PolicyFormat.OCI, rules.formatted(""));
        assertEquals(List.of(), simple.losses());
        assertEquals(
                List.of("socket(arg0==16) log", "socket(arg0!=16) allow"),
                rules(read(simple.text())));
        assertEquals(
                List.of("socket: is decided for this machine: its rules depend on their order"),
                written(PolicyFormat.OCI, rules.formatted("'arches': ['x86_64'],")));
        // A rule without conditions wins anyway.
        String here = second.replace("'action'", "'arches': ['x86_64'], 'action'");
        Writing wins =
                write(
                        PolicyFormat.OCI,
                        "'kill', 'rules': [" + here + ", " + first.formatted("") + "]");
        assertEquals(List.of(), wins.losses());
        assertEquals(List.of("socket allow", "socket(arg0==16) log"), rules(read(wins.text())));
        // But one with the action of all other calls is left out.
        Writing left =
                write(
                        PolicyFormat.OCI,
                        "'log', 'rules': [{'call': 'socket', 'action': 'log'}, {'call': 'socket',"
                                + " 'if': ['arg0==1'], 'action': 'allow'}]");
        assertEquals(List.of(), rules(read(left.text())));
    }

    /** Too many conditions would be needed, so all of the call is refused. */
    @Test
    void write_orderThatCannotBeSaid_isRefused() {
        StringBuilder rules = new StringBuilder();
        for (int argument = 0; argument < 3; argument++) {
            rules.append(
                    "{'call': 'read', 'if': ['arg%d&0xff==0xff'], 'action': 'log'}, "
                            .formatted(argument));
        }
        String allow = "{'call': 'read', 'action': 'allow'}";
        String loss = "read: the order of its rules cannot be said; all of it is refused";
        Writing list = write(PolicyFormat.OCI, "'kill', 'rules': [" + rules + allow + "]");
        assertEquals(List.of(loss), list.losses().stream().map(Loss::toString).toList());
        assertEquals(List.of(), rules(read(list.text())));
        String trap = allow.replace("allow", "trap");
        Writing deny = write(PolicyFormat.OCI, "'allow', 'rules': [" + rules + trap + "]");
        assertEquals(List.of(loss), deny.losses().stream().map(Loss::toString).toList());
        assertEquals(List.of("read log"), rules(read(deny.text())));
    }

    @Test
    void read_listener_isKeptAndItsLossTold() {
        Reading reading =
                read(
                        "{\"defaultAction\": \"SCMP_ACT_NOTIFY\", \"listenerPath\": \"/run/a\","
                                + " \"listenerMetadata\": \"b\"}");
        assertEquals(Optional.of(new Listener("/run/a", "b")), reading.document().listener());
        Writing writing = PolicyFormat.OCI.write(reading.document(), RandomDocuments.HERE);
        assertEquals(reading.document(), read(writing.text()).document());
        assertEquals(
                List.of(
                        "listener /run/a (b): is left out",
                        "other calls: gets errno:ENOSYS in place of notify"),
                PolicyFormat.ENV.write(reading.document(), RandomDocuments.HERE).losses().stream()
                        .map(Loss::toString)
                        .toList());
    }
}
