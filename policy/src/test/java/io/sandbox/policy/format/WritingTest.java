// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.ActionText;
import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.testing.Policies;
import io.sandbox.syscalldb.testing.Table;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a format cannot express gives a line each; and what is written instead. */
class WritingTest {
    @Table
    void write_whatAFormatCannotSay_isALoss(
            String name, String policy, String losses, String expected) {
        PolicyFormat format = PolicyFormat.byName(name).orElseThrow();
        String found;
        String text = "";
        try {
            Writing writing = Policies.write(format, Policies.json(policy));
            found = Policies.text(writing.losses());
            assertEquals(
                    found.contains("in place of log"),
                    writing.losses().stream().anyMatch(Loss::refusesWhatIsLogged));
            text = writing.text();
        } catch (PolicyFormatException e) {
            found = "refused: " + e.getMessage();
        }
        assertEquals(losses, found);
        if (!expected.equals("-")) {
            assertEquals(expected, text);
        }
    }

    /** What a policy makes of a unit, the calls among some that it refuses, and local sockets. */
    @Table
    void hardening_ofAPolicy_isItsSettings(
            String arch, String policy, String settings, String refused, boolean onlyLocal) {
        SystemdHardening hardening =
                new SystemdHardening(Policies.json(policy), Policies.here(arch, "6.1"));
        assertEquals(settings, String.join("", hardening.settings().values()));
        assertEquals(
                refused,
                Stream.of("read", "socket", "socketcall")
                        .filter(hardening::refuses)
                        .collect(Collectors.joining(" ")));
        assertEquals(onlyLocal, hardening.makesOnly(List.of("AF_UNIX", "AF_NETLINK")));
    }

    /** A list can only say what is allowed. */
    @Test
    void write_listOfADenyPolicy_isAllOtherCalls() {
        PolicyDocument document =
                Policies.json(
                        "'allow', 'rules': [{'call': 'ptrace', 'action': 'kill'}, {'call':"
                                + " 'socket', 'if': ['arg0==16'], 'action': 'errno:EPERM'}]");
        Writing writing = Policies.write(PolicyFormat.LIST, document);
        assertEquals(
                "calls that no table has: are refused: a list says what is allowed",
                Policies.text(writing.losses()));
        List<String> lines = writing.text().lines().toList();
        assertEquals("socket(arg0==16)=EPERM", lines.get(0));
        assertTrue(lines.containsAll(List.of("read", "socket")), writing.text());
        assertFalse(lines.contains("ptrace"), writing.text());
        assertTrue(lines.size() > 350, writing.text());
    }

    /** A list of this call alone would be two formats. */
    @Test
    void write_seccompAlone_isReadAsAList() {
        PolicyDocument document = ReadingTest.read("list", "# why\n\nseccomp\n").document();
        String text = Policies.write(PolicyFormat.LIST, document).text();
        assertEquals("# why\n\nseccomp(arg0>=0)\n", text);
        assertEquals(PolicyFormat.LIST, Samples.recognised(text));
        assertEquals("kill", ReadingTest.verdict(Policies.read(text), "read(0)"));
    }

    private static PolicyDocument again(String rest) {
        return Policies.read(Policies.write(PolicyFormat.OCI, Policies.json(rest)).text());
    }

    /** So that newer calls fail, the older ones are named. */
    @Test
    void write_newerCallsOfAProfile_areSpelledOut() {
        PolicyDocument again = again("'log', 'kernel': '6.6', 'foreign': 'log', 'rules': []");
        assertEquals("errno:ENOSYS", ActionText.format(again.otherwise()));
        String rules = Policies.rules(again) + ";";
        assertTrue(rules.contains("read log;"), rules);
        assertFalse(rules.contains("listmount log;"), rules);
    }

    /** Runtimes have their own order of rules, in which one without conditions wins. */
    @Table
    void write_rulesOfAProfile_areSaidByConditions(String policy, String rules) {
        assertEquals(rules, Policies.rules(again(policy)));
    }

    /** A line has up to 96 characters, with the setting's name. */
    @Test
    void write_longListOfSystemd_isWrapped() {
        String first = "a".repeat(38);
        String fits = "b".repeat(39);
        String longest = "d".repeat(100);
        assertEquals(List.of(first + " " + fits, "c"), filters(first, fits, "c"));
        assertEquals(List.of(first, fits + "b c"), filters(first, fits + "b", "c"));
        assertEquals(List.of(""), filters());
        assertEquals(List.of(longest), filters(longest));
    }

    /** The calls that each line of a deny list names. */
    private static List<String> filters(String... names) {
        String rules =
                Stream.of(names)
                        .map(name -> "{'call': '" + name + "', 'action': 'kill'}")
                        .collect(Collectors.joining(", "));
        PolicyDocument document = Policies.json("'allow', 'rules': [" + rules + "]");
        String text = Policies.write(PolicyFormat.SYSTEMD, document).text();
        String head = "[Service]\nSystemCallFilter=\n";
        String end = "SystemCallArchitectures=native\n";
        assertTrue(text.startsWith(head) && text.endsWith(end), text);
        return text.substring(head.length(), text.length() - end.length())
                .lines()
                .map(line -> line.replaceFirst("^SystemCallFilter=~", ""))
                .toList();
    }

    /** So its CustomResourceDefinition wants it. */
    @Test
    void write_errnoForTheOperator_isANumber() {
        String list = "SECCOMP_SYSCALL_ALLOW=read:clone3=ENOSYS\n";
        String text = Policies.write(PolicyFormat.SPO, Policies.read(list)).text();
        assertTrue(text.contains("errnoRet: 38\n"), text);
    }

    @Table
    void write_ourOwnFormat_isTheSameText(String text) {
        assertEquals(text, Policies.write(PolicyFormat.JSON, Policies.read(text)).text());
    }

    /** JSON decodes escapes in a comment, and what others read may be a terminal. */
    @Test
    void write_comments_arePrintableInAnyFormat() {
        String bad = "a\\u001b[2J\\tb\\u009b2J\\u202e\\n\\u2028c\u00e9";
        PolicyDocument document =
                Policies.json(
                        ("'kill', 'comments': ['%1$s'], 'rules': [{'call': 'read', 'action':"
                                        + " 'allow', 'reason': '%1$s', 'comments': ['%1$s']}]")
                                .formatted(bad));
        for (PolicyFormat format : PolicyFormat.values()) {
            String text = Policies.write(format, document).text();
            assertTrue(
                    text.chars().allMatch(c -> c == '\n' || c >= ' ' && c <= '~' || c == 0xe9),
                    text);
        }
        String json = Policies.write(PolicyFormat.JSON, document).text();
        assertEquals(document.comments(), Policies.read(json).comments());
    }
}
