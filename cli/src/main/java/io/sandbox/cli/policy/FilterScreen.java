// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import io.sandbox.cli.output.Styled;
import io.sandbox.cli.policyfile.ValueNames;
import io.sandbox.policy.bpf.ArchMeaning;
import io.sandbox.policy.bpf.CallCases;
import io.sandbox.policy.bpf.DecodedPolicy;
import io.sandbox.policy.bpf.FilterCode;
import io.sandbox.policy.bpf.FilterMeaning;
import io.sandbox.policy.meaning.CallSummary;
import io.sandbox.syscalldb.Arch;
import java.util.ArrayList;
import java.util.List;

/** Shows what filters decide, for each architecture. */
final class FilterScreen {
    private static final String UNDECIDED = "undecided";

    private final PolicyScreen screen;

    FilterScreen(Styled styled) {
        screen = new PolicyScreen(styled);
    }

    /** The heading of one filter; {@code filters} are all of the process, the newest first. */
    static String title(List<FilterCode> filters, int index) {
        int count = filters.size();
        String age = index == count - 1 ? " (the oldest)" : index == 0 ? " (the newest)" : "";
        return String.format(
                "filter %d of %d%s: %d instructions",
                count - index, count, count > 1 ? age : "", filters.get(index).length());
    }

    void append(String line) {
        screen.append(line + "\n");
    }

    /** Adds what filters decide together. {@code filters}: the newest first. */
    void append(List<FilterCode> filters, Arch machine) {
        FilterMeaning meaning = FilterMeaning.of(filters, machine);
        List<String> covered = DecodedPolicy.of(meaning, false).document().coverage().also();
        for (ArchMeaning arch : meaning.arches()) {
            String name = arch.arch().name();
            if (covered.contains(name)) {
                append(name + ": as " + machine.name() + ", by name");
            } else if (arch.isUniform()) {
                append(name + ": all calls: " + arch.otherwise());
            } else if (!arch.isWhole()) {
                append(name + ": undecided: there are too many paths through the filter" + HINT);
            } else {
                append(arch);
            }
        }
        append(
                "other architectures: "
                        + meaning.others().map(Object::toString).orElse("it depends on the call"));
    }

    private static final String HINT = " (see sandbox policy disassemble)";

    private void append(ArchMeaning arch) {
        List<CallSummary> calls = new ArrayList<>();
        for (CallCases call : arch.calls()) {
            String verdict = ValueNames.in(call.subject(), arch.arch().name(), text(call));
            calls.add(new CallSummary(call.subject(), verdict, call.mayPass(), ""));
        }
        screen.append(arch.arch().name() + ": ");
        screen.appendCount(calls, arch.otherwise().toString(), arch.otherwise().passes());
        screen.append("\n");
        for (CallCases range : arch.ranges()) {
            append("  other calls from " + range.from() + " to " + range.to() + ": " + text(range));
        }
        screen.appendGroups(calls);
        screen.append("\n");
    }

    private static String text(CallCases cases) {
        String text = cases.text();
        return text.contains(UNDECIDED) ? text + HINT : text;
    }

    @Override
    public String toString() {
        return screen.toString();
    }
}
