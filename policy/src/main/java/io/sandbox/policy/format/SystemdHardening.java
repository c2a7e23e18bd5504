// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.CallRef;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.meaning.Outcome;
import io.sandbox.policy.meaning.PolicyMeaning;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The settings of a unit that refuse nothing which a policy allows, beside its list of calls. */
public final class SystemdHardening {
    private static final List<String> KEYS = List.of("add_key", "keyctl", "request_key");

    private final PolicyMeaning meaning;
    private final Circumstances here;

    /** {@code here}: where the unit runs. */
    public SystemdHardening(PolicyDocument policy, Circumstances here) {
        meaning = PolicyMeaning.of(policy, here);
        this.here = here;
    }

    /** The lines of each setting, by its name. */
    public Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>();
        SystemdDirectives.carriedBy(meaning, name -> true)
                .forEach(each -> settings.put(each.key(), each.text()));
        if (refuses("socket") && SystemdDirectives.hasFamilies(here.arch())) {
            settings.put("RestrictAddressFamilies", "RestrictAddressFamilies=none\n");
        }
        // Its policy lies in memory, and newer versions of systemd refuse the whole call.
        if (!refuses("sched_setattr")) {
            settings.remove("RestrictRealtime");
        }
        if (KEYS.stream().allMatch(this::refuses)) {
            settings.put("KeyringMode", "KeyringMode=private\n");
        }
        return settings;
    }

    /** Whether the policy allows sockets of these families only. It does not see io_uring's. */
    public boolean makesOnly(List<String> families) {
        return settings()
                .getOrDefault("RestrictAddressFamilies", "")
                .matches("(?s).*=(none|( ?(" + String.join("|", families) + "))+)\n");
    }

    /** Whether the policy refuses a call, whatever the arguments are. */
    public boolean refuses(String call) {
        CallRef named = new CallRef.Named(call);
        return !meaning.exists(named)
                || meaning.outcomes(named, List.of()).stream().noneMatch(Outcome::passes);
    }
}
