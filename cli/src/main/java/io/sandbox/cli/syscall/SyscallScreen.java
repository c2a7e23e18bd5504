// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.syscall;

import io.sandbox.cli.output.Styled;
import io.sandbox.cli.output.WrappedWords;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.Risk;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Everything that is known of one call, in at most 80 columns. */
public final class SyscallScreen {
    private static final int WIDTH = 80;
    private static final int INDENT = 12;
    private static final int NUMBER_WIDTH = 23;

    private final SyscallDb db;
    private final SyscallFacts facts;
    private final Styled styled;
    private final StringBuilder out = new StringBuilder();

    private SyscallScreen(SyscallDb db, SyscallFacts facts, Styled styled) {
        this.db = db;
        this.facts = facts;
        this.styled = styled;
    }

    public static String of(SyscallDb db, SyscallFacts facts, Styled styled) {
        SyscallScreen screen = new SyscallScreen(db, facts, styled);
        screen.write();
        return screen.out.toString();
    }

    /** Finds a call by name or alias. Aliases are tried in the order of the arches. */
    public static Optional<SyscallFacts> factsByAnyName(SyscallDb db, String name) {
        return db.facts(name)
                .or(
                        () ->
                                db.arches().stream()
                                        .flatMap(arch -> db.table(arch).byName(name).stream())
                                        .map(Syscall::name)
                                        .findFirst()
                                        .flatMap(db::facts));
    }

    /** The message if there is no call of that name. */
    public static String missing(String name) {
        return name.matches("[0-9]+")
                ? name + ": a name is needed (sandbox syscall " + name + " tells it)"
                : name + ": no such system call on any architecture";
    }

    private void write() {
        String prototype =
                facts.name()
                        + (facts.implemented()
                                ? "(" + String.join(", ", facts.arguments()) + ")"
                                : "");
        out.append(styled.bold(prototype)).append('\n');
        line("since", "Linux " + facts.firstKernel());
        if (!facts.implemented()) {
            line("code", "none in today's kernel: the call fails with ENOSYS");
        }
        writeRisk();
        List<String> groups =
                facts.groups().stream().filter(group -> !group.equals("@known")).toList();
        if (facts.groups().isEmpty()) {
            line("groups", "none: systemd does not know the call");
        } else {
            line("groups", groups.isEmpty() ? "none" : String.join(" ", groups));
        }
        list("siblings", facts.siblings());
        list("audit names", aliases());
        writeWhatFiltersMiss();
        list("other order", facts.argumentsDifferOn());
        list("no code on", facts.noCodeOn());
        writeNumbers();
    }

    private void writeRisk() {
        Risk risk = facts.risk();
        String level = risk.level().word();
        String marked =
                switch (risk.level()) {
                    case HIGH -> styled.red(level);
                    case MEDIUM -> styled.yellow(level);
                    case LOW -> level;
                };
        String basis =
                switch (String.join(" ", facts.riskBasis())) {
                    case "docker" -> "set apart by Docker";
                    case "systemd" -> "set apart by systemd";
                    case "docker systemd" -> "set apart by Docker and systemd";
                    default -> "our judgement";
                };
        label("risk");
        out.append(marked).append(", ").append(risk.word()).append(" (").append(basis);
        out.append(")\n");
        line("", facts.riskReason());
    }

    private void writeWhatFiltersMiss() {
        if (facts.passesNoFilter()) {
            line("io_uring", "what is submitted through this call passes no filter");
        }
        if (!facts.ioUringOperations().isEmpty()) {
            line(
                    "io_uring",
                    String.join(" ", facts.ioUringOperations())
                            + ": does the same unseen by filters");
        }
        list("vDSO", facts.vdsoArches());
    }

    private List<String> aliases() {
        return db.arches().stream()
                .flatMap(arch -> db.table(arch).byCanonicalName(facts.name()).stream())
                .flatMap(call -> call.aliases().stream())
                .distinct()
                .toList();
    }

    private void writeNumbers() {
        List<String> cells = new ArrayList<>();
        for (Arch arch : db.arches()) {
            String number =
                    db.table(arch)
                            .byCanonicalName(facts.name())
                            .map(found -> Integer.toString(found.number()))
                            .orElse("-");
            cells.add(WrappedWords.filled(arch.name(), 12) + number);
        }
        int rows = (cells.size() + 2) / 3;
        for (int row = 0; row < rows; row++) {
            label(row == 0 ? "numbers" : "");
            StringBuilder line = new StringBuilder();
            for (int cell = row; cell < cells.size(); cell += rows) {
                line.append(WrappedWords.filled(cells.get(cell), NUMBER_WIDTH));
            }
            out.append(line.toString().stripTrailing()).append('\n');
        }
    }

    private void list(String label, List<String> words) {
        if (!words.isEmpty()) {
            line(label, String.join(" ", words));
        }
    }

    private void label(String label) {
        out.append(WrappedWords.filled(label, INDENT));
    }

    /** Appends a label and its text, wrapped at blanks. */
    private void line(String label, String text) {
        String first = WrappedWords.filled(label, INDENT);
        out.append(WrappedWords.of(first, " ".repeat(INDENT), List.of(text.split(" ")), WIDTH));
    }
}
