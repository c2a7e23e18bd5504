// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.fleet;

import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.Styled;
import io.sandbox.cli.output.WrappedWords;
import io.sandbox.evidence.drift.report.Wording;
import io.sandbox.fleet.Fleet;
import io.sandbox.fleet.FleetCall;
import io.sandbox.fleet.FleetProgram;
import io.sandbox.syscalldb.ObservedCall;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A fleet for people: what all hosts of a program have in common, then what only some do. */
final class FleetText {
    /** The most hosts that are named. */
    private static final int NAMED = 3;

    /** A call that at most one host in so many makes stands out; of three to nine, one host's. */
    private static final int RARE = 10;

    private static final int WIDTH = 99;
    private static final String INDENT = "    ";

    private final Fleet fleet;
    private final List<FleetProgram> programs;
    private final String silence;
    private final Styled styled;
    private final StringBuilder text = new StringBuilder();

    /** {@code silence}: what is said of hosts without evidence. */
    FleetText(Fleet fleet, List<FleetProgram> programs, String silence, Styled styled) {
        this.fleet = fleet;
        this.programs = programs;
        this.silence = silence;
        this.styled = styled;
    }

    String text() {
        List<String> silent = fleet.silentHosts();
        Map<String, Set<String>> losses = fleet.losses();
        line(counted(fleet.hosts().size(), "host"));
        if (!silent.isEmpty()) {
            line(silence + ": " + some(silent));
        }
        losses.entrySet().stream()
                .limit(RARE)
                .forEach(each -> lossy(each.getKey(), each.getValue()));
        if (losses.size() > RARE) {
            line("and " + (losses.size() - RARE) + " more hosts that may lack records");
        }
        programs.forEach(this::program);
        return text.toString();
    }

    private void lossy(String host, Set<String> reasons) {
        String lacks = host + " may lack records: " + String.join("; ", reasons);
        line(styled.yellow(Console.printable(lacks)));
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private void program(FleetProgram program) {
        text.append('\n');
        String name =
                program.executable().isEmpty()
                        ? "(unknown executable)"
                        : Console.printable(program.executable());
        int hosts = program.hostCount();
        line(
                String.format(
                        "%s (%s): %s, %s, %s",
                        styled.bold(name),
                        ObservedCall.archName(program.auditArch()),
                        counted(hosts, "host"),
                        counted(program.calls().size(), "call"),
                        counted(program.records(), "record")));
        versions(program);
        List<FleetCall> some = new ArrayList<>();
        List<String> common = new ArrayList<>();
        for (FleetCall call : program.calls()) {
            if (call.hostCount() == hosts) {
                common.add(name(program, call));
            } else {
                some.add(call);
            }
        }
        if (!common.isEmpty()) {
            line(hosts == 1 ? "  calls:" : "  on all of them:");
            text.append(WrappedWords.of(INDENT, INDENT, common.stream().sorted().toList(), WIDTH));
        }
        if (!some.isEmpty()) {
            line("  on some of them:");
            some.sort(Comparator.comparing(FleetCall::hostCount).reversed());
            some.forEach(call -> some(program, call));
        }
        differing(program, some);
    }

    /** Which hosts have which version, if there are several. */
    private void versions(FleetProgram program) {
        Map<String, BitSet> versions = program.versions();
        if (versions.size() < 2) {
            return;
        }
        line(styled.yellow("  " + versions.size() + " versions (build ids):"));
        versions.entrySet().stream()
                .sorted(Comparator.comparing(version -> -version.getValue().cardinality()))
                .limit(RARE)
                .forEach(version -> version(version.getKey(), version.getValue()));
        if (versions.size() > RARE) {
            line(INDENT + "and " + (versions.size() - RARE) + " more");
        }
        BitSet unknown = program.hostsOfUnknownVersion();
        if (!unknown.isEmpty()) {
            version("not known", unknown);
        }
    }

    private void version(String buildId, BitSet hosts) {
        String on = " on " + counted(hosts.cardinality(), "host");
        line(INDENT + Console.printable(buildId) + on + ": " + some(fleet.namesOf(hosts)));
    }

    private static String name(FleetProgram program, FleetCall call) {
        return ObservedCall.of(program.auditArch(), call.number()).displayName();
    }

    private void some(FleetProgram program, FleetCall call) {
        String row = String.format("%s%-24s %s", INDENT, name(program, call), where(program, call));
        line(isRare(program, call) ? styled.yellow(row) : row);
    }

    private String where(FleetProgram program, FleetCall call) {
        BitSet without = program.hostsWithout(call);
        int lacking = without.cardinality();
        return lacking <= NAMED && lacking < call.hostCount()
                ? "not on " + String.join(", ", printable(fleet.namesOf(without)))
                : "on " + hosts(fleet, call.hosts()) + ", " + counted(call.records(), "record");
    }

    private static boolean isRare(FleetProgram program, FleetCall call) {
        int hosts = program.hostCount();
        // The kernel has a program make this one, after a wait that a signal interrupted.
        return call.hostCount() <= Math.max(hosts / RARE, hosts > 2 ? 1 : 0)
                && !name(program, call).equals("restart_syscall");
    }

    /** The hosts that make calls which nearly no other makes. */
    private void differing(FleetProgram program, List<FleetCall> some) {
        Map<String, Integer> rare = new HashMap<>();
        for (FleetCall call : some) {
            if (isRare(program, call)) {
                fleet.namesOf(call.hosts()).forEach(host -> rare.merge(host, 1, Integer::sum));
            }
        }
        if (rare.isEmpty() || rare.size() == program.hostCount()) {
            return;
        }
        Comparator<Map.Entry<String, Integer>> byCalls = Map.Entry.comparingByValue();
        List<String> most = new ArrayList<>();
        rare.entrySet().stream()
                .sorted(byCalls.reversed().thenComparing(Map.Entry.comparingByKey()))
                .forEach(
                        each -> {
                            String calls = counted(each.getValue(), "call");
                            most.add(Console.printable(each.getKey()) + " (by " + calls + ")");
                        });
        line("  differ from the rest: " + some(most));
    }

    /** How many hosts, and which, if they are few. */
    static String hosts(Fleet fleet, BitSet hosts) {
        String count = counted(hosts.cardinality(), "host");
        return hosts.cardinality() <= NAMED
                ? count + " (" + String.join(", ", printable(fleet.namesOf(hosts))) + ")"
                : count;
    }

    private static List<String> printable(List<String> names) {
        return names.stream().map(Console::printable).toList();
    }

    private static String some(List<String> names) {
        String shown = String.join(", ", printable(names.stream().limit(RARE).toList()));
        return names.size() <= RARE ? shown : shown + " and " + (names.size() - RARE) + " more";
    }

    private static String counted(long count, String what) {
        return String.format(Locale.ROOT, "%,d %s", count, Wording.plural(count, what));
    }
}
