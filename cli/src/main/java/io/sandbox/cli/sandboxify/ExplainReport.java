package io.sandbox.cli.sandboxify;

import io.sandbox.cli.output.Console;
import io.sandbox.enforcer.launch.explain.Explainer;
import io.sandbox.enforcer.launch.explain.RefusedCall;
import io.sandbox.enforcer.launch.process.Origin;
import io.sandbox.enforcer.policy.Policy;
import io.sandbox.enforcer.policy.PolicyText;
import io.sandbox.syscalldb.Arch;
import java.util.HashSet;
import java.util.Set;

/** What {@code sandboxify --explain} says: one line for each call that ended a process. */
final class ExplainReport implements Explainer.Observer {
    private final Console console;
    private final Policy policy;
    private final Arch arch;
    private final String list;
    private final Set<String> told = new HashSet<>();
    private int processes;

    /**
     * @param arch the policy's
     * @param list where its entries are written, for the user to change
     */
    ExplainReport(Console console, Policy policy, Arch arch, String list) {
        this.console = console;
        this.policy = policy;
        this.arch = arch;
        this.list = list;
    }

    @Override
    public void refused(RefusedCall refused) {
        processes++;
        String remedy = remedy(refused);
        // A loop of a shell script may lose a process each time.
        if (told.add(refused.executable() + remedy)) {
            console.say(
                    "killed for "
                            + name(refused)
                            + " in "
                            + refused.executable()
                            + " (process "
                            + refused.process()
                            + ")"
                            + refused.origin().map(origin -> ", called at " + origin).orElse("")
                            + "; "
                            + remedy);
        }
    }

    private static String name(RefusedCall refused) {
        return refused.call().displayName()
                + " ("
                + refused.call().number()
                + " of "
                + refused.call().archName()
                + ")";
    }

    private String remedy(RefusedCall refused) {
        if (policy.mode() == Policy.Mode.DENY && refused.call().archName().equals(arch.name())) {
            String entries = PolicyText.format(refused.entriesFor(policy, arch));
            String entry = entries.isEmpty() ? refused.call().displayName() : entries;
            return "to allow it, take " + entry + " out of " + list;
        }
        String hint =
                refused.origin().filter(ExplainReport::isLinker).isPresent()
                        ? "; the dynamic linker makes it, so the list may be one for libsandbox.so:"
                                + " sandbox-learn --from exec makes one for sandboxify"
                        : "";
        return refused.missingEntry(policy, arch)
                .map(entry -> "to allow it, add :" + entry + " to " + list + hint)
                .orElse(
                        "it cannot be allowed: the list is for "
                                + arch.name()
                                + ", and calls of "
                                + refused.call().archName()
                                + " do not fit into it");
    }

    private static boolean isLinker(Origin origin) {
        return origin.module().substring(origin.module().lastIndexOf('/') + 1).startsWith("ld-");
    }

    @Override
    public void descendantsLeft() {
        console.say(
                "the program has ended, processes that it started go on and are still watched"
                        + " (Ctrl-C ends the watching; their refused calls then fail with ENOSYS)");
    }

    void finish() {
        if (processes == 0) {
            console.say("no call was refused");
        } else if (processes > told.size()) {
            console.say(processes + " processes were killed in all, the others for the same calls");
        }
    }
}
