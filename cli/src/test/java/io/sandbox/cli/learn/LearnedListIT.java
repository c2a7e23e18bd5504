// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.sandbox.cli.testing.CProgram;
import io.sandbox.cli.testing.Enforced;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.Learn;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.MakesRecords;
import io.sandbox.cli.testing.Strace;
import io.sandbox.cli.testing.Subject;
import io.sandbox.cli.testing.SyscallNames;
import io.sandbox.cli.testing.Words;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests the project's guarantees on real programs: the learned list holds every call that the
 * program made (an independent observer saw no other), the program runs under it as without it, and
 * no entry is superfluous.
 */
@TestInstance(Lifecycle.PER_CLASS)
@MakesRecords
final class LearnedListIT {
    private static final String PYTHON =
            """
            import json, subprocess
            out = subprocess.run(["/bin/echo", json.dumps({"b": [1, 2], "a": None}, sort_keys=True)],
                                 check=True, capture_output=True, text=True).stdout
            print(json.loads(out)["b"])
            """;

    private static final String PERL =
            """
            open(my $in, "<", "data/words") or die $!;
            my %count;
            $count{$_}++ while <$in>;
            print map { "$count{$_} $_" } sort keys %count;
            print `/bin/echo from a child`;
            """;

    private static final String BASH =
            """
            set -o pipefail
            sort data/words | uniq -c | tr a-z A-Z || exit 1
            text=$(head -n 1 data/numbers) || exit 2
            echo "first $text"
            """;

    private static final String NODE =
            """
            const words = require("fs").readFileSync("data/words", "utf8").trim().split("\\n");
            console.log(JSON.stringify({ count: words.length, first: words.sort()[0] }));
            """;

    /**
     * Both have helper threads that spin a little before they sleep, and give way to others while
     * they do (os::naked_yield in HotSpot, the workers of V8): seen in one run of ten with node.
     * All their other calls, futex included, came in each of 90 runs on a busy machine and on an
     * idle one.
     */
    private static final String[] SPINNING = {"sched_yield"};

    private final Map<Subject, Set<String>> lists = new HashMap<>();
    private final List<Subject> subjects = new ArrayList<>();
    private final ExecutorService twoAtATime = Executors.newFixedThreadPool(2);
    private HttpServer server;

    @BeforeAll
    void prepare(@TempDir Path folder) throws Exception {
        LiveKernel.requireRoot();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    byte[] body = "hello from the server\n".getBytes(StandardCharsets.US_ASCII);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
        Learn.open(folder);
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
        subjects.add(Subject.of("ls", "-l", "data"));
        subjects.add(Subject.of("cat", "data/words", "data/numbers"));
        subjects.add(Subject.of("sort", "-n", "data/numbers"));
        subjects.add(Subject.of("tar", "-cz", "--numeric-owner", "data"));
        subjects.add(Subject.of("gzip", "-n", "-c", "data/words"));
        subjects.add(
                Subject.of(
                        "sqlite3",
                        "new.db",
                        "create table t(x); insert into t values(1),(2); select sum(x) from t;"));
        subjects.add(Subject.of("curl", "-q", "-sS", "--noproxy", "*", url));
        subjects.add(Subject.of("python3", "-B", "-c", PYTHON));
        subjects.add(Subject.of("perl", "-e", PERL));
        subjects.add(Subject.of("bash", "-c", BASH));
        subjects.add(Subject.of("java", "-version").unsteady(SPINNING));
        subjects.add(Subject.of("node", "-e", NODE).unsteady(SPINNING));
        subjects.add(
                Subject.of(CProgram.compile("threads", folder, "-pthread").toString())
                        .named("threads"));
    }

    @AfterAll
    void end() {
        twoAtATime.shutdownNow();
        if (server != null) {
            server.stop(0);
        }
    }

    Stream<Subject> subjects() {
        return subjects.stream();
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void learnedSet_isWhatStraceSaw(Subject subject) throws Exception {
        List<Set<String>> observed = new ArrayList<>();
        for (int i = 0; i < subject.runs(); i++) {
            Strace.Observed run =
                    subject.inFreshFolder(
                            (folder, environment) ->
                                    Strace.program(subject.command(), environment, folder));
            assertEquals(0, run.run().status(), () -> run.run().err());
            observed.add(run.calls());
        }
        Set<String> seen = SyscallNames.union(observed);
        assertEquals(
                SyscallNames.without(seen, subject.unsteady()),
                SyscallNames.without(learned(subject), subject.unsteady()));
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void notifySet_isWhatAuditRecordsShow(Subject subject) throws Exception {
        assertEquals(
                SyscallNames.without(learned(subject), subject.unsteady()),
                SyscallNames.without(
                        union(subject, List.of(), List.of("--source", "notify")),
                        subject.unsteady()));
    }

    /** Some programs do more for root, so both observers run as nobody. */
    @ParameterizedTest
    @MethodSource("subjects")
    void unprivilegedSet_isWhatStraceSaw(Subject subject) throws Exception {
        List<Set<String>> observed = new ArrayList<>();
        for (int i = 0; i < subject.runs(); i++) {
            Strace.Observed run =
                    subject.inFreshFolder(
                            (folder, environment) ->
                                    Strace.program(
                                            Learn.nobody(),
                                            subject.command(),
                                            environment,
                                            folder));
            assertEquals(0, run.run().status(), () -> run.run().err());
            observed.add(run.calls());
        }
        assertEquals(
                SyscallNames.without(SyscallNames.union(observed), subject.unsteady()),
                SyscallNames.without(
                        union(subject, Learn.nobody(), List.of()), subject.unsteady()));
    }

    private static Set<String> union(Subject subject, List<String> prefix, List<String> options)
            throws Exception {
        List<Set<String>> runs = new ArrayList<>();
        List<String> words = Words.of("--from preload %s", options);
        for (int i = 0; i < subject.runs(); i++) {
            Learn.Learned run =
                    subject.inFreshFolder(
                            (folder, environment) ->
                                    Learn.program(
                                            prefix, words, subject.command(), environment, folder));
            assertEquals(0, run.run().status(), () -> run.run().err());
            runs.add(run.calls());
        }
        return SyscallNames.union(runs);
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void enforced_runsAsWithout(Subject subject) throws Exception {
        // This run may by chance do what the learned run did not.
        Set<String> list = SyscallNames.union(List.of(learned(subject), subject.unsteady()));
        assertEquals(plain(subject), enforced(subject, list));
    }

    /** Without the entry the program is killed, or behaves differently. */
    @ParameterizedTest
    @MethodSource("subjects")
    void everyEntry_isNeeded(Subject subject) throws Exception {
        Finished plain = plain(subject);
        Map<String, Future<Boolean>> missed = new HashMap<>();
        for (String call : learned(subject)) {
            missed.put(call, twoAtATime.submit(isMissed(subject, call, plain)));
        }
        Set<String> idle = new TreeSet<>();
        for (Map.Entry<String, Future<Boolean>> entry : missed.entrySet()) {
            if (!entry.getValue().get()) {
                idle.add(entry.getKey());
            }
        }
        assertEquals(Set.of(), SyscallNames.without(idle, subject.unsteady()), "not needed");
    }

    private Callable<Boolean> isMissed(Subject subject, String call, Finished plain) {
        return () -> {
            boolean different = false;
            for (int i = 0; i < subject.runs() && !different; i++) {
                different =
                        !plain.equals(
                                enforced(
                                        subject,
                                        SyscallNames.without(learned(subject), Set.of(call))));
            }
            return different;
        };
    }

    private synchronized Set<String> learned(Subject subject) throws Exception {
        if (!lists.containsKey(subject)) {
            lists.put(subject, union(subject, List.of(), List.of("--source", "audit")));
        }
        return lists.get(subject);
    }

    private static Finished plain(Subject subject) throws Exception {
        Finished run =
                subject.inFreshFolder(
                                (folder, environment) ->
                                        Enforced.plain(subject.command(), environment, folder))
                        .assertStatus(0);
        assertTrue(
                !run.out().isEmpty() || !run.err().isEmpty(),
                "the program says nothing: a change would not show");
        return run;
    }

    private static Finished enforced(Subject subject, Set<String> list) throws Exception {
        return subject.inFreshFolder(
                (folder, environment) ->
                        Enforced.program(subject.command(), list, environment, folder));
    }
}
