// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.syscall;

import io.sandbox.cli.Cli;
import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.UsageMistake;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.StandardOutput;
import io.sandbox.cli.output.Styled;
import io.sandbox.cli.output.WrappedWords;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.syscalldb.KernelVersion;
import io.sandbox.syscalldb.Risk;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallFacts;
import io.sandbox.syscalldb.SyscallGroup;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code sandbox syscall}: looks up system calls, like ausyscall, with what is known of them. */
public final class SyscallCommand implements Callable<Integer> {
    private final Options options = new Options("sandbox syscall", this);

    private final Value<List<String>> words = options.words("NAME");

    private final Value<Boolean> exact = options.named("--exact").flag();

    private final Value<Boolean> dump = options.named("--dump").flag();

    private final Value<String> info = options.named("--info").text("NAME");

    private final Value<String> since = options.named("--since-kernel").text("VERSION");

    private final Value<String> group = options.named("--group").text("GROUP");

    private final Value<String> risk = options.named("--risk").text("RISK");

    private final Value<LookupFormat> format =
            options.named("--format").choice(LookupFormat.class, "FORMAT").or(LookupFormat.TEXT);

    private final SyscallDb db = SyscallDb.get();

    public static Options options() {
        return new SyscallCommand().options;
    }

    public static void main(String[] arguments) {
        System.exit(Cli.runLookup(options(), arguments));
    }

    @Override
    public Integer call() {
        LookupWords asked;
        try {
            asked = LookupWords.parse(words.get(), db, db.nativeArch());
        } catch (LookupWords.MistakenException e) {
            throw mistake(e.getMessage());
        }
        Filter filter = filter();
        int kinds =
                (info.isGiven() ? 1 : 0)
                        + (dump.get() ? 1 : 0)
                        + (asked.askNothing() ? 0 : 1)
                        + (filter.asksNothing() ? 0 : 1);
        options.mistakeIf(
                kinds > 1 && !(dump.get() && !info.isGiven() && filter.asksNothing()),
                "ask for one thing: a number or name, --dump, --info, or a list");
        if (info.isGiven()) {
            return showInfo();
        }
        if (!filter.asksNothing()) {
            return showList(asked.table(), filter);
        }
        if (dump.get()) {
            if (asked.name().isPresent()) {
                throw mistake(asked.name().get() + ": unknown architecture");
            }
            return showDump(asked.table());
        }
        options.mistakeIf(asked.askNothing(), "a number or a name is needed");
        return showAnswer(asked);
    }

    private UsageMistake mistake(String message) {
        return options.mistake(message);
    }

    private Filter filter() {
        return new Filter(
                since.optional().map(this::parseVersion),
                group.optional().map(this::findGroup),
                risk.optional().map(this::checkRisk));
    }

    private KernelVersion parseVersion(String text) {
        return KernelVersion.parse(text.indexOf('.') < 0 ? text + ".0" : text)
                .orElseThrow(() -> mistake("--since-kernel: " + text + ": not a kernel version"));
    }

    private SyscallGroup findGroup(String text) {
        String name = text.startsWith("@") ? text : "@" + text;
        Optional<SyscallGroup> group =
                db.groups().stream().filter(one -> one.name().equals(name)).findFirst();
        if (group.isEmpty()) {
            String known =
                    db.groups().stream().map(SyscallGroup::name).collect(Collectors.joining(" "));
            throw mistake("--group: " + text + ": no such group; there are " + known);
        }
        return group.get();
    }

    private String checkRisk(String text) {
        List<String> known =
                Stream.concat(
                                Stream.of(Risk.Level.values()).map(Risk.Level::word),
                                Stream.of(Risk.values()).map(Risk::word))
                        .toList();
        if (!known.contains(text)) {
            throw mistake("--risk: " + text + ": not one of " + String.join(", ", known));
        }
        return text;
    }

    private int showAnswer(LookupWords asked) {
        List<LookupTable.Entry> found = asked.answer(exact.get());
        if (found.isEmpty()) {
            boolean forAnArch = words.get().size() == 2 && asked.number().isPresent();
            if (forAnArch && asked.name().isPresent()) {
                throw mistake(asked.asked() + ": no architecture");
            }
            return nothing(asked.asked() + ": no such system call on " + asked.table().label());
        }
        if (format.get() != LookupFormat.TEXT) {
            return print(format.get().write(found, db));
        }
        StringBuilder text = new StringBuilder();
        for (LookupTable.Entry entry : found) {
            if (asked.name().isEmpty()) {
                text.append(entry.name()).append(entry.aliasNote());
            } else if (exact.get()) {
                text.append(entry.number());
            } else {
                text.append(WrappedWords.filled(entry.name(), 18) + " " + entry.number());
                text.append(entry.aliasNote());
            }
            text.append('\n');
        }
        return print(text.toString());
    }

    private int showDump(LookupTable table) {
        if (format.get() != LookupFormat.TEXT) {
            return print(format.get().write(table.entries(), db));
        }
        StringBuilder text = new StringBuilder();
        text.append("Using ").append(table.label()).append(" syscall table:\n");
        for (LookupTable.Entry entry : table.entries()) {
            text.append(entry.number()).append('\t').append(entry.name());
            text.append(entry.aliasNote()).append('\n');
        }
        return print(text.toString());
    }

    private int showList(LookupTable table, Filter filter) {
        if (table.calls().isEmpty()) {
            throw mistake(table.label() + ": has operations, and only calls have facts");
        }
        List<LookupTable.Entry> found =
                table.entries().stream()
                        .filter(entry -> filter.accepts(db.facts(entry.name()).orElseThrow()))
                        .toList();
        if (found.isEmpty()) {
            return nothing("no system call on " + table.label() + " is all of that");
        }
        if (format.get() != LookupFormat.TEXT) {
            return print(format.get().write(found, db));
        }
        int width = found.stream().mapToInt(entry -> entry.name().length()).max().orElseThrow();
        StringBuilder text = new StringBuilder();
        for (LookupTable.Entry entry : found) {
            SyscallFacts facts = db.facts(entry.name()).orElseThrow();
            String number = Integer.toString(entry.number());
            text.append(WrappedWords.filled(entry.name(), width + 2));
            text.append(" ".repeat(Math.max(0, 4 - number.length()))).append(number);
            text.append("  ").append(WrappedWords.filled(facts.firstKernel().toString(), 8));
            text.append(WrappedWords.filled(facts.risk().word(), 16));
            text.append(facts.riskReason()).append('\n');
        }
        return print(text.toString());
    }

    private int showInfo() {
        options.mistakeIf(
                words.isGiven(), "--info: is about every architecture, and takes no further words");
        Optional<SyscallFacts> facts = SyscallScreen.factsByAnyName(db, info.get());
        if (facts.isEmpty()) {
            return nothing(SyscallScreen.missing(info.get()));
        }
        if (format.get() == LookupFormat.TEXT) {
            return print(SyscallScreen.of(db, facts.get(), Styled.forStandardOutput()));
        }
        List<LookupTable.Entry> everywhere =
                db.arches().stream()
                        .flatMap(
                                arch -> db.table(arch).byCanonicalName(facts.get().name()).stream())
                        .map(LookupTable.Entry::of)
                        .toList();
        return print(format.get().write(everywhere, db));
    }

    private static int nothing(String message) {
        new Console("sandbox syscall").say(message);
        return ExitCodes.NOTHING_FOUND;
    }

    private static int print(String text) {
        new StandardOutput().print(text);
        return ExitCodes.OK;
    }

    /**
     * Which calls to list: those that meet all the conditions.
     *
     * @param since calls that came with this kernel or a later one
     * @param group calls of this group
     * @param risk calls of a class or level of {@link Risk}, by its word
     */
    private record Filter(
            Optional<KernelVersion> since, Optional<SyscallGroup> group, Optional<String> risk) {
        boolean asksNothing() {
            return since.isEmpty() && group.isEmpty() && risk.isEmpty();
        }

        boolean accepts(SyscallFacts facts) {
            return (since.isEmpty() || facts.firstKernel().compareTo(since.get()) >= 0)
                    && (group.isEmpty() || group.get().calls().contains(facts.name()))
                    && (risk.isEmpty()
                            || risk.get().equals(facts.risk().word())
                            || risk.get().equals(facts.risk().level().word()));
        }
    }
}
