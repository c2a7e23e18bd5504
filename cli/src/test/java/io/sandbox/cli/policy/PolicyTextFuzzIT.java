// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Finished;
import io.sandbox.enforcer.seccomp.FilterCompiler;
import io.sandbox.policy.Action;
import io.sandbox.policy.Policy;
import io.sandbox.policy.PolicyEntry;
import io.sandbox.policy.PolicySyntaxException;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.UnknownCalls;
import io.sandbox.policy.bpf.CallData;
import io.sandbox.policy.bpf.FilterInterpreter;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.testing.ClassLists;
import io.sandbox.policy.testing.Fuzz;
import io.sandbox.policy.testing.Mutations;
import io.sandbox.policy.testing.RandomDocuments;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The C parser, with sanitizers, and the Java parser agree on any text, right or wrong. */
final class PolicyTextFuzzIT {
    private static final Path PRELOAD = Path.of("../preload").toAbsolutePath().normalize();
    private static final Path PROGRAM = PRELOAD.resolve("target/tests/outcomes");
    private static final int AT_A_TIME = 20_000;

    @BeforeAll
    static void build() throws Exception {
        Child.of("make -s -C %s outcomes", PRELOAD).run().assertStatus(0);
    }

    /** The first column of the shared vectors, with undecoded escapes, which are damage already. */
    private static List<byte[]> seeds(String file) throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        for (String line :
                Files.readAllLines(PRELOAD.resolve("tests/vectors/" + file), ISO_8859_1)) {
            if (!line.startsWith("#")) {
                seeds.add(line.split("\t")[0].getBytes(ISO_8859_1));
            }
        }
        return seeds;
    }

    @ParameterizedTest
    @CsvSource({"list.tsv,l", "action.tsv,a"})
    void parse_damaged_isTheSameInBothLanguages(String file, char kind) throws Exception {
        Mutations mutations = Fuzz.mutationsOf(seeds(file));
        for (int left = Fuzz.count(10_000); left > 0; left -= AT_A_TIME) {
            List<byte[]> texts = new ArrayList<>();
            for (int i = Math.min(left, AT_A_TIME); i > 0; i--) {
                texts.add(withoutNul(mutations.next()));
            }
            compare(kind, texts);
        }
    }

    /** No variable can contain NUL. */
    private static byte[] withoutNul(byte[] text) {
        return new String(text, ISO_8859_1).replace("\0", "").getBytes(ISO_8859_1);
    }

    private static void compare(char kind, List<byte[]> texts) throws Exception {
        List<String> outcomes = outcomes(kind, texts);
        for (int i = 0; i < texts.size(); i++) {
            byte[] text = texts.get(i);
            assertEquals(outcomes.get(i), outcomeInJava(kind, text), () -> Fuzz.shown(text));
        }
    }

    private static List<String> outcomes(char kind, List<byte[]> texts) throws Exception {
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        for (byte[] text : texts) {
            input.write(kind);
            ByteBuffer length = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
            input.writeBytes(length.putInt(text.length).array());
            input.writeBytes(text);
        }
        Finished run = Child.of("%s", PROGRAM).input(input.toByteArray()).run().assertStatus(0);
        List<String> outcomes = run.out().lines().toList();
        assertEquals(texts.size(), outcomes.size(), run::err);
        return outcomes;
    }

    /** The library's filter and that of Java return the same for any call. */
    @ParameterizedTest
    @CsvSource({"ALLOW,A", "DENY,D", "ALLOW,U"})
    void compile_listsOfWhatCallsDo_decidesTheSameInBothLanguages(Policy.Mode mode, char kind)
            throws Exception {
        Arch arch = SyscallDb.get().nativeArch();
        ClassLists random = new ClassLists(1, arch);
        UnknownCalls unknown = kind == 'U' ? ClassLists.KNOWN : UnknownCalls.AS_OTHERS;
        Circumstances here =
                new Circumstances(arch.name(), Set.of(), RandomDocuments.HERE.kernel());
        List<List<PolicyEntry>> lists = new ArrayList<>();
        for (int i = 0; i < Fuzz.count(300); i++) {
            lists.add(random.list().entries());
        }
        if (arch.name().equals("x86_64")) {
            ClassLists.learned().forEach(list -> lists.add(list.entries()));
        }
        List<byte[]> texts =
                lists.stream().map(list -> PolicyText.format(list).getBytes(ISO_8859_1)).toList();
        List<String> filters = outcomes(kind, texts);
        for (int i = 0; i < lists.size(); i++) {
            Policy policy = new Policy(mode, Action.errno(1), lists.get(i), false, unknown);
            FilterInterpreter ofJava =
                    FilterInterpreter.of(
                            new FilterCompiler()
                                    .compile(PolicyDocument.of(policy), here, arch)
                                    .toBytes());
            FilterInterpreter ofC = FilterInterpreter.of(HexFormat.of().parseHex(filters.get(i)));
            for (int call = 0; call < 200; call++) {
                CallData data = random.call();
                assertEquals(ofJava.run(data), ofC.run(data), () -> data + " with " + policy);
            }
        }
    }

    private static String outcomeInJava(char kind, byte[] text) {
        Function<String, String> rewrite =
                kind == 'l' ? PolicyTextFuzzIT::rewriteList : PolicyTextFuzzIT::rewriteAction;
        try {
            return rewrite.apply(new String(text, ISO_8859_1));
        } catch (PolicySyntaxException e) {
            return "error " + e.offset() + " " + e.mistake().keyword();
        }
    }

    private static String rewriteList(String text) {
        List<PolicyEntry> entries = PolicyText.parseEntries(text);
        return entries.isEmpty() ? "(empty)" : PolicyText.format(entries);
    }

    private static String rewriteAction(String text) {
        return PolicyText.format(PolicyText.parseAction(text));
    }
}
