// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet;

import java.util.BitSet;
import java.util.Set;
import java.util.TreeSet;

/** How many hosts must make a call: a number, or a share of those that run the program. */
public final class MinHosts {
    private static final int ALL = 100;

    private final int number;
    private final boolean isShare;

    private MinHosts(int number, boolean isShare) {
        this.number = number;
        this.isShare = isShare;
    }

    /**
     * @param text such as {@code 3} or {@code 5%}
     * @throws IllegalArgumentException for anything else
     */
    public static MinHosts parse(String text) {
        boolean isShare = text.endsWith("%");
        String digits = isShare ? text.substring(0, text.length() - 1) : text;
        if (!digits.matches("[0-9]{1,7}")) {
            throw new IllegalArgumentException("needs a number of hosts, or a share such as 5%");
        }
        int number = Integer.parseInt(digits);
        if (number < 1 || isShare && number > ALL) {
            throw new IllegalArgumentException(
                    isShare ? "needs a share from 1% to 100%" : "needs at least 1 host");
        }
        return new MinHosts(number, isShare);
    }

    /**
     * The conditions of a call that enough hosts show; {@link FleetCall#ANY} is then the only one.
     */
    public Set<String> conditions(FleetCall call, FleetProgram program) {
        Set<String> enough = new TreeSet<>(call.arguments().keySet());
        enough.removeIf(each -> !suffice(call.arguments().get(each), program));
        return enough.contains(FleetCall.ANY) ? Set.of(FleetCall.ANY) : enough;
    }

    public boolean suffice(BitSet hosts, FleetProgram program) {
        long count = hosts.cardinality();
        return isShare ? count * ALL >= (long) program.hostCount() * number : count >= number;
    }

    @Override
    public String toString() {
        return isShare ? number + "%" : Integer.toString(number);
    }
}
