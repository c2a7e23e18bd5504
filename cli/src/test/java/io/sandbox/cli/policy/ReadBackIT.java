// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.CProgram;
import io.sandbox.cli.testing.Dist;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.MakesRecords;
import io.sandbox.cli.testing.Until;
import io.sandbox.enforcer.launch.process.FiltersInForce;
import io.sandbox.enforcer.seccomp.FilterCompiler;
import io.sandbox.enforcer.seccomp.FilterException;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.Policy;
import io.sandbox.policy.PolicyEnvironment;
import io.sandbox.policy.bpf.CallData;
import io.sandbox.policy.bpf.DecodedPolicy;
import io.sandbox.policy.bpf.FilterInterpreter;
import io.sandbox.policy.bpf.FilterMeaning;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.testing.Policies;
import io.sandbox.policy.testing.PolicyOracle;
import io.sandbox.policy.testing.RandomPolicies;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random policies come back from the kernel as what they are: compiled, loaded, read and decoded.
 * {@code -Dsandbox.fuzz=N} sets the number of policies for each compiler.
 */
@MakesRecords
class ReadBackIT {
    private static final int POLICIES = Integer.getInteger("sandbox.fuzz", 150);
    private static final int CALLS = 60;
    private static final Arch MACHINE = SyscallDb.get().nativeArch();
    private static final long SEED = Long.getLong("sandbox.seed", 20261125);

    /** With the newest kernel, so that nothing depends on this one. */
    private static final Circumstances HERE = Policies.here(MACHINE.name(), "99.0");

    @TempDir private static Path folder;
    private static Path loads;

    @BeforeAll
    static void prepare() throws Exception {
        LiveKernel.requireRoot();
        System.setProperty("sandbox.home", Dist.command("sandbox-exec").getParent().toString());
        loads = CProgram.compile("loads", folder);
    }

    /** Has the program {@code loads} put a process under a filter, which the kernel then shows. */
    private static final class Loader implements AutoCloseable {
        private final Process process;

        Loader() throws IOException {
            process = new ProcessBuilder(loads.toString()).start();
        }

        DecodedPolicy load(char kind, byte[] bytes) throws Exception {
            ByteBuffer request =
                    ByteBuffer.allocate(1 + Integer.BYTES + bytes.length)
                            .order(ByteOrder.nativeOrder());
            request.put((byte) kind).putInt(bytes.length).put(bytes);
            process.getOutputStream().write(request.array());
            process.getOutputStream().flush();
            byte[] answer = process.getInputStream().readNBytes(Integer.BYTES);
            int pid = ByteBuffer.wrap(answer).order(ByteOrder.nativeOrder()).getInt();
            Path status = Path.of("/proc/" + pid + "/status");
            Until.holds(
                    "it spins under its filter",
                    () -> Files.readString(status).contains("Seccomp:\t2"));
            FiltersInForce found = query(pid);
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            return DecodedPolicy.of(FilterMeaning.of(found.filters(), MACHINE), false);
        }

        /** On a busy machine, a process may not be stopped in time. */
        private static FiltersInForce query(int pid) throws Exception {
            FiltersInForce[] found = new FiltersInForce[1];
            Until.holds(
                    "its filters are read",
                    () -> {
                        try {
                            found[0] = FiltersInForce.query(pid);
                            return true;
                        } catch (CommandFailure e) {
                            if (e.getMessage().contains("cannot be stopped now")
                                    || e.getMessage().contains("is traced already")) {
                                return false;
                            }
                            throw e;
                        }
                    });
            return found[0];
        }

        @Override
        public void close() throws IOException {
            process.getOutputStream().close();
        }
    }

    /** What {@code loads} takes, and its filter is that of a policy. */
    private interface Input {
        byte[] of(Policy policy) throws Exception;
    }

    private static FilterInterpreter compiled(PolicyDocument document) {
        return FilterInterpreter.of(
                new FilterCompiler().compile(document, HERE, MACHINE).toBytes());
    }

    private static void assertReadBack(char kind, Input input) throws Exception {
        List<CallRef> all =
                SyscallDb.get().table(MACHINE).all().stream()
                        .<CallRef>map(call -> new CallRef.Named(call.name()))
                        .toList();
        try (Loader loader = new Loader()) {
            RandomPolicies alternatives = new RandomPolicies(SEED, MACHINE);
            RandomPolicies names = new RandomPolicies(SEED, MACHINE, all);
            for (int i = 0; i < POLICIES; i++) {
                RandomPolicies random = i % 2 == 0 ? alternatives : names;
                Policy policy = random.policy(i % 8 < 2 ? 60 : 8, 60);
                DecodedPolicy decoded = loader.load(kind, input.of(policy));
                assertEquals(List.of(), decoded.losses(), policy::toString);
                FilterInterpreter again;
                try {
                    again = compiled(decoded.document());
                } catch (FilterException e) { // of a few large ones, with their entries apart
                    assertTrue(e.getMessage().startsWith("filter: more than"), e::getMessage);
                    continue;
                }
                for (int j = 0; j < CALLS; j++) {
                    CallData call = random.call(policy);
                    assertEquals(
                            Integer.toHexString(PolicyOracle.verdict(policy, MACHINE, call)),
                            Integer.toHexString(again.run(call)),
                            () -> call + " of " + policy);
                }
            }
        }
    }

    @Test
    void library_randomPolicies_readBackTheSame() throws Exception {
        assertReadBack(
                'E',
                policy -> {
                    Map<String, String> environment = PolicyEnvironment.format(policy);
                    environment.put(PolicyEnvironment.QUIET, "1");
                    environment.put("LD_PRELOAD", Dist.library().toString());
                    return environment.entrySet().stream()
                            .map(each -> each + "\0")
                            .collect(Collectors.joining())
                            .getBytes(UTF_8);
                });
    }

    @Test
    void javaCompiler_randomPolicies_readBackTheSame() throws Exception {
        assertReadBack(
                'F',
                policy ->
                        new FilterCompiler()
                                .compile(PolicyDocument.of(policy), HERE, MACHINE)
                                .toBytes());
    }
}
