// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.document.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Rules for the calls through which some old architectures make others. For libseccomp, and so for
 * container runtimes and systemd, a rule without arguments for {@code socketcall} decides before
 * all rules for {@code bind} and its like, wherever in the file it is (db.c of libseccomp 2.6: a
 * rule for fewer arguments replaces those for more).
 */
final class MultiplexerRules {
    private static final Set<String> NAMES = Set.of("socketcall", "ipc");

    /** Orders rules so that the first one that holds is the one that libseccomp obeys. */
    static List<Rule> first(List<Rule> rules) {
        List<Rule> ordered = new ArrayList<>(rules.size());
        rules.stream().filter(MultiplexerRules::isWhole).forEach(ordered::add);
        rules.stream().filter(rule -> !isWhole(rule)).forEach(ordered::add);
        return ordered;
    }

    private static boolean isWhole(Rule rule) {
        return !rule.isConditional() && NAMES.contains(rule.call().toString());
    }
}
