// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import java.util.List;

/**
 * The filter that a run was made under.
 *
 * @param enforced whether calls that are not allowed were refused; otherwise they were logged
 * @param allowed calls that passed without leaving a record, as entries of a list, sorted
 */
public record RunFilter(boolean enforced, List<String> allowed) {
    /** Logs every call and refuses none. */
    public static final RunFilter LOG_ALL = new RunFilter(false, List.of());

    public RunFilter {
        allowed = allowed.stream().sorted().distinct().toList();
    }

    /** Whether a run under this filter shows every call. */
    public boolean showsAll() {
        return !enforced && allowed.isEmpty();
    }
}
