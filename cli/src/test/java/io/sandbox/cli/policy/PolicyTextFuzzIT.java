// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Finished;
import io.sandbox.enforcer.seccomp.FilterCompiler;
import io.sandbox.policy.Policy;
import io.sandbox.policy.PolicyEntry;
import io.sandbox.policy.PolicySyntaxException;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.bpf.CallData;
import io.sandbox.policy.bpf.FilterInterpreter;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.testing.ClassLists;
import io.sandbox.policy.testing.Fuzz;
import io.sandbox.policy.testing.Mutations;
import io.sandbox.policy.testing.RandomDocuments;
import io.sandbox.policy.testing.RandomPolicies;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.testing.Table;
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
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The C parser, with sanitizers, and the Java parser agree on any text, right or wrong. */
final class PolicyTextFuzzIT {
    private static final Path PRELOAD = Path.of("../preload").toAbsolutePath().normalize();
    private static final Path PROGRAM = PRELOAD.resolve("target/tests/outcomes");
    private static final int AT_A_TIME = 20_000;
    private static final Arch HERE = SyscallDb.get().nativeArch();

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

    @Table
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

    /** In the form of filter_policy.h. */
    private static String text(Policy policy) {
        return String.join(
                " ",
                policy.mode().name(),
                PolicyText.format(policy.action()),
                policy.unknown().refused() ? policy.unknown().toString() : "-",
                PolicyText.format(policy.entries()));
    }

    private static FilterInterpreter filterOfJava(Policy policy, Arch arch) {
        Circumstances here =
                new Circumstances(arch.name(), Set.of(), RandomDocuments.HERE.kernel());
        PolicyDocument document = PolicyDocument.of(policy);
        return FilterInterpreter.of(new FilterCompiler().compile(document, here, arch).toBytes());
    }

    /** The library's filters return what those of Java do, which FilterDecisionIT tests. */
    private static void assertSameDecisions(List<Policy> all, Function<Policy, CallData> calls)
            throws Exception {
        // So many filters fit into memory.
        if (all.size() > 1000) {
            assertSameDecisions(all.subList(1000, all.size()), calls);
        }
        List<Policy> policies = all.subList(0, Math.min(1000, all.size()));
        List<byte[]> texts =
                policies.stream().map(each -> text(each).getBytes(ISO_8859_1)).toList();
        List<String> filters = outcomes('f', texts);
        for (int i = 0; i < policies.size(); i++) {
            Policy policy = policies.get(i);
            FilterInterpreter ofJava = filterOfJava(policy, HERE);
            FilterInterpreter ofC = FilterInterpreter.of(HexFormat.of().parseHex(filters.get(i)));
            for (int call = 0; call < 300; call++) {
                CallData data = calls.apply(policy);
                assertEquals(ofJava.run(data), ofC.run(data), () -> data + " with " + policy);
            }
        }
    }

    @Table
    void compile_randomPolicies_decidesTheSameInBothLanguages(int entries, int percentConditional)
            throws Exception {
        RandomPolicies random = new RandomPolicies(Fuzz.SEED, HERE);
        assertSameDecisions(
                Stream.generate(() -> random.policy(entries, percentConditional))
                        .limit(Fuzz.count(250))
                        .toList(),
                random::call);
    }

    @Test
    void compile_listsOfWhatCallsDo_decidesTheSameInBothLanguages() throws Exception {
        ClassLists random = new ClassLists(Fuzz.SEED, HERE);
        List<Policy> lists = new ArrayList<>();
        Stream.generate(random::list).limit(Fuzz.count(225)).forEach(lists::add);
        if (HERE.name().equals("x86_64")) {
            for (Policy list : ClassLists.learned()) {
                lists.add(list);
                lists.add(Policy.denying(list.entries(), list.action()));
                lists.add(
                        new Policy(
                                list.mode(),
                                list.action(),
                                list.entries(),
                                false,
                                ClassLists.KNOWN));
            }
        }
        assertSameDecisions(lists, list -> random.call());
    }

    /**
     * Java's decisions are kept for filter_test, which also runs where no Java is. {@code
     * -Dfixtures.rewrite=true} writes them.
     */
    @Table
    void decisions_keptForTheLibrary_areThoseOfJava(String name) throws IOException {
        Arch arch = SyscallDb.get().arch(name);
        RandomPolicies random = new RandomPolicies(1, arch);
        ClassLists lists = new ClassLists(1, arch);
        StringBuilder rows = new StringBuilder("# Written by PolicyTextFuzzIT.\n");
        for (int i = 0; i < 60; i++) {
            rows.append(decisions(random.policy(2, 100), arch, random::call));
            rows.append(decisions(random.policy(20, 50), arch, random::call));
            rows.append(decisions(lists.list(), arch, list -> lists.call()));
        }
        Path file = PRELOAD.resolve("tests/vectors/decisions_" + name + ".tsv");
        if (Boolean.getBoolean("fixtures.rewrite")) {
            Files.writeString(file, rows);
        }
        assertEquals(rows.toString(), Files.readString(file));
    }

    private static String decisions(Policy policy, Arch arch, Function<Policy, CallData> calls) {
        FilterInterpreter filter = filterOfJava(policy, arch);
        StringBuilder row = new StringBuilder(text(policy)).append('\t');
        for (int i = 0; i < 10; i++) {
            CallData call = calls.apply(policy);
            String arguments =
                    LongStream.of(call.arguments())
                            .mapToObj(Long::toHexString)
                            .collect(Collectors.joining(","));
            row.append(
                    String.format(
                            "%x:%x:%s %x;",
                            call.arch(), call.number(), arguments, filter.run(call)));
        }
        return row.append("\t\n").toString();
    }

    private static String outcomeInJava(char kind, byte[] text) {
        Function<String, String> rewrite =
                kind == 'l'
                        ? PolicyTextFuzzIT::rewriteList
                        : action -> PolicyText.format(PolicyText.parseAction(action));
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
}
