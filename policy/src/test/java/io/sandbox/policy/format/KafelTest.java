// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.document.Rule;
import io.sandbox.policy.testing.RandomDocuments;
import io.sandbox.policy.testing.RandomDocuments.Call;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Expected results come from kafel's source: the language from README.md and parser.y, the sizes in
 * comparisons from codegen.c and the table of calls for x86_64, and the meaning of declared
 * arguments from policy.c.
 */
class KafelTest {
    private static Reading read(String text) {
        return PolicyFormat.readAny(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Action verdict(PolicyDocument document, CallRef call, long... arguments) {
        return new Call(call, Arrays.copyOf(arguments, 6)).verdict(document, RandomDocuments.HERE);
    }

    private static boolean allows(String rule, String call, long... arguments) {
        PolicyDocument document = read("ALLOW { " + rule + " }").document();
        return verdict(document, new CallRef.Named(call), arguments) == Action.ALLOW;
    }

    @Test
    void read_oneLine_isTheDefaultAndTheCalls() {
        Reading reading =
                read("POLICY a { ALLOW { write, newfstat, newuname } } USE a DEFAULT KILL");
        assertEquals(List.of(), reading.losses());
        assertEquals(Action.KILL_THREAD, reading.document().otherwise());
        assertEquals(
                List.of("write", "fstat", "uname"),
                reading.document().rules().stream().map(rule -> rule.subject()).toList());
    }

    @Test
    void read_severalRules_firstDecides() {
        PolicyDocument document =
                read("#define special 500\n"
                                + "POLICY a { ERRNO(1) { read { fd == 3 } } }\n"
                                + "POLICY b { USE a, ALLOW { read, special }, LOG { read } }\n"
                                + "USE b, KILL_PROCESS { SYSCALL[0b101] }")
                        .document();
        assertEquals(Action.errno(1), verdict(document, new CallRef.Named("read"), 3));
        assertEquals(Action.ALLOW, verdict(document, new CallRef.Named("read"), 4));
        assertEquals(Action.ALLOW, verdict(document, new CallRef.Numbered(500)));
        assertEquals(Action.KILL, verdict(document, new CallRef.Numbered(5)));
        assertEquals(Action.KILL_THREAD, verdict(document, new CallRef.Named("write")));
    }

    @Test
    void read_sizesOfArguments_decideWhatIsCompared() {
        long upper = 0x700000000L;
        assertTrue(allows("write { fd == 1 }", "write", upper | 1));
        assertFalse(allows("write { fd != 1 }", "write", upper | 1));
        assertTrue(allows("write { fd < 2 }", "write", upper | 1));
        assertFalse(allows("write { count == 1 }", "write", 0, 0, upper | 1));
        assertFalse(allows("write(fd) { fd == 1 }", "write", upper | 1));
        assertTrue(allows("write { fd == -1 }", "write", -1));
        assertFalse(allows("write { fd == -1 }", "write", 0xffffffffL));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "a == 1 || b == 2 && c == 3; 1 0 0, 0 2 3; 0 2 0, 0 0 3",
                "a == 1, b == 2; 1 0 0, 0 2 0; 0 0 0",
                "(a == 1 || b == 2) && c == 3; 1 0 3, 0 2 3; 1 0 0",
                "!(a == 1 || b == 2); 0 0 0; 1 0 0, 0 2 0",
                "!(a == 1 && b == 2); 1 0 0, 0 2 0; 1 2 0",
                "!!(a < 2); 1 0 0; 2 0 0",
                "2 > a; 1 0 0; 2 0 0",
                "2 <= a; 2 0 0; 1 0 0",
                "(a & 6) == 2|4; 7 0 0, 6 0 0; 2 0 0",
                "(a & (6)) != 6; 2 0 0; 7 0 0",
                "(6 & a) == 2; 2 0 0, 3 0 0; 6 0 0",
                "((a)) == (1); 1 0 0; 2 0 0",
                "(a & 1) == 2 || b == 1; 0 1 0; 1 0 0",
                "!((a & 1) == 2) && b == 1; 0 1 0; 1 0 0",
                "010 == a && 0x10 == b && 0b10 == c; 8 16 2; 10 10 10"
            })
    void read_expression_holdsWhereItShould(String expression, String allowed, String refused) {
        String rule = "ioctl(a, b, c) { " + expression + " }";
        for (String arguments : allowed.split(",")) {
            assertTrue(allows(rule, "ioctl", numbers(arguments)), arguments);
        }
        for (String arguments : refused.split(",")) {
            assertFalse(allows(rule, "ioctl", numbers(arguments)), arguments);
        }
    }

    private static long[] numbers(String text) {
        return Arrays.stream(text.strip().split(" ")).mapToLong(Long::parseLong).toArray();
    }

    /** A number that does not fit into 32 bits has all 64 compared. */
    @Test
    void read_largeNumbers_areComparedWhole() {
        long upper = 1L << 32;
        for (String expression : List.of("(fd & 0x100000001) == 1", "(0x100000001 & fd) == 1")) {
            assertFalse(allows("write { " + expression + " }", "write", upper | 1), expression);
            assertTrue(allows("write { " + expression + " }", "write", 3), expression);
        }
        for (String expression : List.of("fd == 1|0x100000000", "fd == 0x100000000|1")) {
            assertTrue(allows("write { " + expression + " }", "write", upper | 1), expression);
            assertFalse(allows("write { " + expression + " }", "write", 1), expression);
        }
    }

    @Test
    void read_longOrDeepExpressions_areRead() {
        assertTrue(allows("write { " + "fd == 1 && ".repeat(40) + "fd == 1 }", "write", 1));
        assertTrue(allows("write { " + "(fd & 1) == 1 && ".repeat(40) + "fd == 3 }", "write", 3));
        assertTrue(allows("write { " + "!".repeat(30) + "fd == 1 }", "write", 1));
        assertTrue(allows("write { " + "!".repeat(31) + "fd == 1 }", "write", 2));
        assertTrue(allows("write(a) { a == 0xffffffffffffffff }", "write", -1));
        assertTrue(allows("write(a) { a == -9223372036854775808 }", "write", Long.MIN_VALUE));
        String deep = "(".repeat(31) + "fd" + ")".repeat(31);
        assertTrue(allows("write { " + deep + " == 1 }", "write", 1));
        assertTrue(allows("write { fd == 1" + " || fd == 1".repeat(63) + " }", "write", 1));
    }

    @Test
    void read_constantsAndLimits_areNumbers() {
        String constants = "#define ZERO 0\n#define ZERO 0\n#define MOST 1073741823\n";
        PolicyDocument document =
                read(constants
                                + "ALLOW { SYSCALL[ZERO], SYSCALL[MOST], ZERO, getpid() },"
                                + " ERRNO(ZERO) { read }, TRACE(65535) { write }")
                        .document();
        assertEquals(
                "[0, 1073741823, 0, getpid, read, write]",
                document.rules().stream().map(Rule::subject).toList().toString());
        assertEquals(Action.errno(0), document.rules().get(4).action());
        assertEquals(new Action.Trace(65535), document.rules().get(5).action());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "ALLOW { read(a, b) { (a & b) == 1 } }; & between two arguments: a policy of ours"
                        + " has arguments and numbers only",
                "ALLOW { read(a, b) { a == b } }; an argument is compared with an argument, and a"
                        + " policy of ours compares arguments with numbers only",
                "ALLOW { read { 1 == 2 } }; a number is compared with a number",
                "ALLOW { SYSCALL[-1] }; -1: not a number of a system call, which are from 0 to"
                        + " 1073741823",
                "ALLOW { read(a, b) { (a | 1) == 1 } }; | with an argument (unsupported)",
                "ALLOW { read(a, b) { (1 | a) == 1 } }; | with an argument (unsupported)",
                "ALLOW { read(a, a) }; a: is there for the second time",
                "ALLOW { read(a, b, c, d, e, f, g) }; more than 6 arguments",
                "ALLOW { SYSCALL[NONE] }; NONE: not a constant",
                "ALLOW { SYSCALL[1073741824] }; 1073741824: not a number of a system call, which"
                        + " are from 0 to 1073741823",
                "#define A 1~#define A 2~ALLOW { read }; A: is defined with two values",
                "POLICY a { }~POLICY a { }~USE a; a: is there for the second time",
                "ALLOW { read }, ERRNO(-1) { read }; -1: is not in 0 to 65535",
            })
    void read_mistake_isRefused(String text, String expected) {
        assertRefused(text.replace('~', '\n'), expected);
    }

    @Test
    void read_tooLongOrTooDeepExpressions_areRefused() {
        String deep = "ALLOW { write { %s } }";
        assertRefused(deep.formatted("!".repeat(32) + "fd == 1"), "nested too deeply");
        assertRefused(
                deep.formatted("(".repeat(32) + "fd" + ")".repeat(32) + " == 1"),
                "nested too deeply");
        String many = "more than 64 alternatives";
        assertRefused(deep.formatted("fd == 1" + " || fd == 1".repeat(64)), many);
        String bits = "(fd & 0xff) != 0xff";
        assertRefused(
                deep.formatted(bits + " && " + bits.replace("fd", "count") + " && " + bits), many);
    }

    private static void assertRefused(String text, String expected) {
        PolicyFormatException e = assertThrows(PolicyFormatException.class, () -> read(text));
        assertTrue(e.getMessage().endsWith(": " + expected), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"TRAP(1) { read }", "ALLOW { read } // why", "/* x\n */ ALLOW { read }"})
    void read_whatIsLeftOut_isALoss(String text) {
        assertEquals(1, read(text).losses().size());
    }

    private static Reading read(String text, Map<String, String> files) {
        IncludedFiles included =
                (path, from, folders) -> {
                    String name = path.replaceFirst(".*/", "");
                    if (!files.containsKey(name)) {
                        throw PolicyFormatException.ofWhole(name + ": no such file");
                    }
                    byte[] bytes = files.get(name).getBytes(StandardCharsets.UTF_8);
                    return new IncludedFiles.Included(name, bytes, !path.startsWith("/"));
                };
        return PolicyFormat.KAFEL.read(
                text.getBytes(StandardCharsets.UTF_8),
                Surroundings.on("x86_64").withFiles(included));
    }

    @Test
    void read_includedFiles_areReadInTheirPlaces() {
        Map<String, String> files =
                Map.of("a", "POLICY a {\n#include \"c\"\n}\n", "b", "USE a", "c", "ALLOW {read}");
        String text = "#include \"a\" \"b\"\n, LOG { write } #include \"d\";DEFAULT ERRNO(1)";
        Map<String, String> all = new HashMap<>(files);
        all.put("d", "");
        Reading reading = read(text, all);
        assertEquals(
                "[read, write]",
                reading.document().rules().stream().map(Rule::subject).toList().toString());
        assertEquals(List.of(), reading.losses());
        assertEquals(
                "[line 1: #include /x/a: is not there; a is read]",
                read("#include \"/x/a\"\nUSE a", files).losses().toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "#include \"gone\"; USE a|line 1: #include: gone: no such file",
                "#include \"bad\"; USE a|bad: line 2: expected an action",
                "#include \"sign\"; USE a|line 1: #include: sign: line 1: unexpected $",
                "#include \"a\"|line 1: unexpected \"",
                "#include a USE a|line 1: #include: expected \"FILE\" and the end of the line",
            })
    void read_wrongInclude_isRefused(String text, String message) {
        Map<String, String> files = Map.of("a", "", "bad", "\nwhat { }", "sign", "$");
        PolicyFormatException e =
                assertThrows(PolicyFormatException.class, () -> read(text, files));
        assertTrue(e.getMessage().replace("what: ", "").contains(message), e.getMessage());
    }

    @Test
    void read_fileThatIncludesItself_isRefused() {
        Map<String, String> files = Map.of("a", "#include \"a\"\n");
        PolicyFormatException e =
                assertThrows(
                        PolicyFormatException.class, () -> read("#include \"a\"\nUSE b", files));
        assertTrue(e.getMessage().endsWith("#include: more than 16 files deep"), e.getMessage());
        Map<String, String> twice = new HashMap<>();
        for (int i = 0; i < 15; i++) {
            twice.put("f" + i, "#include \"NEXT\" \"NEXT\"\n".replace("NEXT", "f" + (i + 1)));
        }
        twice.put("f15", "");
        PolicyFormatException many =
                assertThrows(
                        PolicyFormatException.class, () -> read("#include \"f1\"\nUSE b", twice));
        assertTrue(many.getMessage().endsWith("more than 1000 files"), many.getMessage());
    }

    /** The table names arguments as the kernel does. */
    @Test
    void arguments_mmapAndSocket_haveTheKernelsNames() {
        assertEquals(
                new KafelArguments.Argument(2, false),
                KafelArguments.of("mmap").orElseThrow().get("prot"));
        assertEquals(
                new KafelArguments.Argument(0, true),
                KafelArguments.of("socket").orElseThrow().get("family"));
        assertEquals(
                new KafelArguments.Argument(1, true),
                KafelArguments.of("socket").orElseThrow().get("type"));
    }

    @Test
    void write_rules_areInTheirOrder() {
        PolicyDocument document =
                read("ERRNO(1) { read(a, b) { (b & 3) == 1 } }, ALLOW { read, uname, SYSCALL[999]"
                                + " }")
                        .document();
        assertEquals(
                """
                POLICY policy {
                  ERRNO(1) {
                    read(arg0, arg1) { (arg1 & 0x3) == 0x1 }
                  },
                  ALLOW {
                    read,
                    newuname,
                    SYSCALL[999]
                  }
                }
                USE policy DEFAULT KILL
                """,
                PolicyFormat.KAFEL.write(document, RandomDocuments.HERE).text());
    }

    /** The text of nsjail's configuration, as its configs have it. */
    @Test
    void read_configOfNsjail_isItsPolicy() {
        String config =
                """
                # Example
                name: "x" mode: ONCE
                mount { src: "/a" dst: '/b'; options: ["ro", "nodev"] }
                uidmap < inside_id: "0", >
                time_limit: -1
                seccomp_string: "KILL_PROCESS {"
                seccomp_string: "  ptrace, // a"
                seccomp_string: "  bpf" "}\\t"
                exec_bin { path: "/x" arg: "seccomp_string: \\"no\\"" }
                seccomp_string: "DEFAULT ALLOW"
                """;
        Reading reading = PolicyFormat.readAny(config.getBytes(StandardCharsets.UTF_8));
        assertEquals(Action.ALLOW, reading.document().otherwise());
        assertEquals(
                List.of("ptrace", "bpf"),
                reading.document().rules().stream().map(Rule::subject).toList());
        assertEquals(8, reading.document().rules().get(1).note().line());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "seccomp_string: \"ALLOW {~ read }\"|line 1: a quote is not closed",
                "seccomp_string: \"ALLOW { read\"~seccomp_string: \"x\" y|line 2: y: no field of"
                        + " nsjail",
                "seccomp_string: \"ALLOW { read }\"~secomp_string: \"KILL { read }\"|line 2:"
                        + " secomp_string: no field of nsjail",
                "mode: ONCE~~seccomp_string: \"ALLOW {\"~seccomp_string: \"re ad }\"|line 4:"
                        + " expected } before ad",
                "seccomp_string: \"ALLOW { read }\"~seccomp_policy_file: \"x\"|several policies:"
                        + " nsjail takes one seccomp_policy_file or strings",
                "seccomp_policy_file: \"x\"|line 1: #include: no files are read here (put them into"
                        + " one)",
                "mode: ONCE~seccomp_string: { }|line 2: seccomp_string: no text",
                "seccomp_string: ALLOW|line 1: seccomp_string: no text",
                "seccomp_string: \"\\101LLOW { read }\"|line 1: \\x5c1: not read",
                "mount { ~seccomp_string: \"ALLOW { read }\"|line 2: the statement is not complete",
                "mount }~seccomp_string: \"ALLOW { read }\"|line 1: expected : before }",
                "mount { dst: \"a\"~seccomp_string: \"ALLOW { read }\" }|a configuration of nsjail"
                        + " without a policy",
            })
    void read_configOfNsjailWithMistake_isRefused(String text, String expected) {
        byte[] bytes = text.replace('~', '\n').getBytes(StandardCharsets.UTF_8);
        PolicyFormatException e =
                assertThrows(PolicyFormatException.class, () -> PolicyFormat.readAny(bytes));
        assertEquals(expected, e.getMessage().replaceFirst(" \\(taken for the .*", ""));
    }
}
