// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.options;

import io.sandbox.outcome.CommandFailure;
import io.sandbox.text.Shipped;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The options and operands of a command, in the order of its help. The command has a field for
 * each: the call that declares an option returns the {@link Value} that will hold what is given.
 *
 * <p>Picocli reads the command line, with a model that we make by hand: reading it from annotations
 * would cost each start 20 ms. A command line without options does not use picocli at all, whose
 * own start takes as long.
 *
 * <p>Annotations would make Java write a proxy class for each kind of annotation at every start and
 * find fields by reflection: a quarter of the time of {@code sandbox log --version}. Two switches
 * for picocli in {@code scripts/build} save another eighth.
 */
public final class Options {
    private static final String SHORT_HELP = "-h";
    private static final String WHOLE_HELP = "--help";
    private static final int WIDTH = 100;

    private final String name;
    private final Callable<Integer> body;
    private Supplier<Object> values = () -> "";
    private final List<Argument> arguments = new ArrayList<>();
    private final List<Options> subcommands = new ArrayList<>();
    private List<String> given = List.of();

    /** Picocli's reader; null until it is needed. */
    private CommandLine line;

    /** Reads the help's words; they are needed for helps only. */
    private Supplier<Usage> usage = () -> Usage.of(name(), values.get());

    /**
     * @param name with which the file of its words is found, see {@link Usage}
     * @param body the code to run when the options have been read
     */
    public Options(String name, Callable<Integer> body) {
        this.name = name;
        this.body = body;
    }

    /** A command with other words than those of a file. */
    Options(String name, Callable<Integer> body, Usage usage) {
        this(name, body);
        this.usage = () -> usage;
    }

    /** Sets what stands in place of {} in the words of the help. */
    public Options with(Supplier<Object> value) {
        values = value;
        return this;
    }

    public String name() {
        return name;
    }

    /** Begins to declare an option of these names. */
    public Named named(String... names) {
        return new Named(new Argument(names));
    }

    /** Declares one required operand. Operands come in the order of their declaration. */
    public Value<String> operand(String label) {
        Argument argument = declare(Argument.operand(label, String.class));
        argument.required = true;
        return new Value<>(argument, null);
    }

    /** Declares the same, which may be left out. */
    public Value<String> optionalOperand(String label) {
        return new Value<>(declare(Argument.operand(label, String.class)), null);
    }

    /** Declares all operands, of which there must be at least one. */
    public Value<List<String>> operands(String label) {
        Argument argument = declare(Argument.operand(label, List.class));
        argument.required = true;
        argument.arity = "1..*";
        argument.element = String.class;
        return new Value<>(argument, null);
    }

    /**
     * Declares all operands, of which there may be none. Only the synopsis describes them.
     *
     * @param labels what shells should complete; the last is for all further words
     */
    public Value<List<String>> words(String... labels) {
        Argument argument = undescribed(labels[labels.length - 1]);
        argument.before = List.of(labels).subList(0, labels.length - 1);
        argument.element = String.class;
        return new Value<>(argument, List.of());
    }

    /** Declares operands as {@link #words} does, but these are files. */
    public Value<List<Path>> files() {
        Argument argument = undescribed("FILE");
        argument.converter = Options::path;
        return new Value<>(argument, List.of());
    }

    private Argument undescribed(String label) {
        Argument argument = declare(Argument.operand(label, List.class));
        argument.hidden = true;
        argument.arity = "0..1";
        return argument;
    }

    private Argument declare(Argument argument) {
        arguments.add(argument);
        return argument;
    }

    /** Adds a subcommand, which gets the words after its name. */
    public void subcommand(Options options) {
        subcommands.add(options);
    }

    /**
     * Reads a command line without picocli, if it has no option and a place for all words.
     *
     * @param wordsOfProgram whether the words after the first are not our options
     * @return false if nothing was read, so that {@link #commandLine()} has to
     */
    public boolean readWords(boolean wordsOfProgram, String... words) {
        boolean simple = subcommands.isEmpty();
        Argument place = null;
        for (Argument argument : arguments) {
            simple &= !argument.required && (argument.isOption() || place == null);
            place = argument.isOption() ? place : argument;
        }
        int ours = wordsOfProgram ? Math.min(1, words.length) : words.length;
        for (int i = 0; i < ours; i++) {
            simple &= !words[i].isEmpty() && words[i].charAt(0) != '-';
        }
        if (!simple || place == null) {
            return false;
        }
        given = List.of(words);
        place.takeWords(given);
        return true;
    }

    /** Picocli's reader for any command line. All options must be declared before. */
    public CommandLine commandLine() {
        if (line == null) {
            line = line(Optional.empty(), arguments);
            subcommands.forEach(other -> line.addSubcommand(null, other.commandLine()));
        }
        return line;
    }

    /**
     * The same, which for these words may lack options and subcommands: each costs a start 0.1 ms.
     */
    private CommandLine commandLine(List<String> words) {
        for (Options called : subcommands) {
            if (line == null && words.indexOf(called.name) == 0) {
                line = line(Optional.empty(), arguments);
                line.addSubcommand(null, called.commandLine(words));
            }
        }
        if (line == null && subcommands.isEmpty()) {
            line = line(Optional.empty(), needed(words));
        }
        return commandLine();
    }

    /** All arguments, if picocli may have to say what is wrong with an option. */
    private Collection<Argument> needed(List<String> words) {
        Set<Argument> needed = new LinkedHashSet<>();
        Map<String, Argument> options = new HashMap<>();
        for (Argument argument : arguments) {
            argument.names().forEach(name -> options.put(name, argument));
            if (argument.required || !argument.isOption()) {
                needed.add(argument);
            }
        }
        for (String word : words) {
            if (word.equals("--")) {
                break;
            }
            if (word.startsWith("-")) {
                needed.add(options.getOrDefault(word, options.get(word.split("=", 2)[0])));
            }
        }
        return needed.contains(null) ? arguments : needed;
    }

    /** With the words of the help, which a command line is read without. */
    private CommandLine described() {
        CommandLine described = line(Optional.of(usage.get()), arguments);
        subcommands.forEach(other -> described.addSubcommand(null, other.described()));
        return described;
    }

    private CommandLine line(Optional<Usage> words, Collection<Argument> declared) {
        CommandSpec command = CommandSpec.wrapWithoutInspection(body).name(name);
        boolean listsOperands = false;
        for (Argument argument : arguments) {
            listsOperands |= !argument.isOption() && !argument.hidden;
        }
        if (words.isPresent()) {
            command.usageMessage(words.get().spec(listsOperands));
        }
        for (Argument argument : declared) {
            argument.addTo(command, words);
        }
        command.addOption(
                OptionSpec.builder(SHORT_HELP, WHOLE_HELP)
                        .usageHelp(true)
                        .type(boolean.class)
                        .description(CommandHelp.OF_HELP)
                        .build());
        command.addOption(
                OptionSpec.builder("-V", "--version")
                        .versionHelp(true)
                        .type(boolean.class)
                        .description(CommandHelp.OF_VERSION)
                        .build());
        return new CommandLine(command);
    }

    /** The content of the help, for other forms of it. */
    public CommandHelp help() {
        Usage said = usage.get();
        List<CommandHelp.Parameter> operands = new ArrayList<>();
        List<CommandHelp.Parameter> named = new ArrayList<>();
        for (Argument argument : arguments) {
            for (String label : argument.before) {
                operands.add(CommandHelp.operand(label));
            }
            (argument.isOption() ? named : operands).add(argument.help(said));
        }
        named.addAll(CommandHelp.COMMON);
        return new CommandHelp(
                name,
                said.header(),
                said.synopsis(),
                said.description(),
                operands,
                named,
                said.sections(),
                subcommands.stream().map(Options::help).toList());
    }

    /**
     * Reads a command line and runs the command.
     *
     * @param runsProgram whether the first word is a program, so that the words after it are not
     *     our options
     * @return the exit status
     */
    public int run(boolean runsProgram, Outcome outcome, String... words) {
        try {
            return readWords(runsProgram, words)
                    ? body.call()
                    : execute(runsProgram, outcome, words);
        } catch (ParameterException e) {
            return outcome.mistake(e.getMessage());
        } catch (Exception | Error e) {
            return outcome.failure(e);
        }
    }

    private int execute(boolean runsProgram, Outcome outcome, String... words) {
        CommandLine reader = commandLine(List.of(words)).setStopAtPositional(runsProgram);
        reader.getCommandSpec().versionProvider(new Version(outcome));
        reader.setExpandAtFiles(false);
        // An option may have the name of another one, an equals sign and a word.
        CommandLine.tracer().setLevel(CommandLine.TraceLevel.OFF);
        reader.setUsageHelpWidth(WIDTH);
        reader.setParameterExceptionHandler((e, args) -> outcome.mistake(message(e)));
        reader.setExecutionStrategy(Options.this::runOrHelp);
        reader.setExecutionExceptionHandler((e, self, result) -> outcome.failure(e));
        return reader.execute(words);
    }

    private static String message(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched)) {
            return e.getMessage();
        }
        String word = unmatched.getUnmatched().get(0);
        String option = word.equals("-q") ? "--quiet\t" : word.replaceFirst("=.*", "") + "\t";
        Stream<String> elsewhere =
                Shipped.lines(Options.class, "verbs.tsv")
                        .filter(line -> line.startsWith(option))
                        .map(line -> " (an option of " + line.substring(option.length()) + ")");
        Stream<String> nearest =
                unmatched.getSuggestions().stream().map(near -> " (did you mean " + near + "?)");
        return e.getMessage() + Stream.concat(elsewhere, nearest).findFirst().orElse("");
    }

    private int runOrHelp(ParseResult result) {
        Options asked = this;
        ParseResult last = result;
        while (last.hasSubcommand()) {
            last = last.subcommand();
            asked = asked.subcommandNamed(last.commandSpec().name());
        }
        if (!last.hasMatchedOption(SHORT_HELP)) {
            return new RunLast().execute(result);
        }
        boolean whole = result.originalArgs().contains(WHOLE_HELP);
        last.commandSpec()
                .commandLine()
                .getOut()
                .print(whole ? asked.wholeHelp(List.of()) : asked.shortHelp());
        last.commandSpec().commandLine().getOut().flush();
        return 0;
    }

    private Options subcommandNamed(String wanted) {
        return subcommands.stream()
                .filter(each -> each.name.equals(wanted))
                .findFirst()
                .orElseThrow();
    }

    /** The whole help of this command, or of the subcommand that is named by one word at most. */
    public String wholeHelp(List<String> subcommand) {
        CommandLine whole = described();
        for (String word : subcommand) {
            whole = whole.getSubcommands().getOrDefault(word, whole);
        }
        return whole.setUsageHelpWidth(WIDTH).getUsageMessage();
    }

    /** The help that fits on one screen. */
    public String shortHelp() {
        return ShortHelp.of(help());
    }

    /** The word among these that is most like a given one. */
    public static Optional<String> nearest(String word, List<String> words) {
        CommandLine line = new CommandLine(CommandSpec.create());
        words.forEach(each -> line.addSubcommand(each, CommandSpec.create()));
        try {
            line.parseArgs(word);
            return Optional.empty();
        } catch (UnmatchedArgumentException e) {
            return e.getSuggestions().stream().findFirst();
        }
    }

    private record Version(Outcome outcome) implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {outcome.version()};
        }
    }

    /**
     * The words of a program that come after another operand. A -- may stand between them.
     *
     * @throws CommandFailure if an option of ours stands there, which would be taken for a program
     */
    public static List<String> behind(List<String> words) {
        List<String> rest = words.subList(1, words.size());
        if (rest.isEmpty() || !rest.get(0).startsWith("-")) {
            return rest;
        }
        if (rest.get(0).equals("--")) {
            return rest.subList(1, rest.size());
        }
        throw CommandFailure.ownFailure(
                rest.get(0) + ": options come before " + words.get(0) + " (see -h)");
    }

    public List<String> given() {
        return line == null ? given : line.getParseResult().originalArgs();
    }

    /**
     * A mistake that only the command can find: options that exclude each other, or impossible
     * values.
     */
    public UsageMistake mistake(String message) {
        return new UsageMistake(commandLine(), message);
    }

    /** The same, if it is one. */
    public void mistakeIf(boolean wrong, String message) {
        if (wrong) {
            throw mistake(message);
        }
    }

    /** Refuses options, each of which may be right, but not together. */
    public static void refuseIf(boolean conflict, String reason) {
        if (conflict) {
            throw CommandFailure.ownFailure(reason);
        }
    }

    /** An option with its names. The last call sets its type and declares it. */
    public final class Named {
        private final Argument option;

        private Named(Argument option) {
            this.option = option;
        }

        public Named required() {
            option.required = true;
            return this;
        }

        /** Leaves it out of the short help. */
        public Named rare() {
            option.rare = true;
            return this;
        }

        /** What stands in place of {} in its text. */
        public Named with(Object... values) {
            option.values = values;
            return this;
        }

        /** Words that shells complete. A word that ends with = is the beginning of a value. */
        public Named offering(List<String> words) {
            return offering(() -> words);
        }

        /** Words that are read from a file only where they are shown. */
        public Named offering(Supplier<List<String>> words) {
            option.offered = words;
            return this;
        }

        /** An option without a value, which is true if it is given. */
        public Value<Boolean> flag() {
            return new Value<>(typed(boolean.class, ""), false);
        }

        public Value<String> text(String label) {
            return new Value<>(typed(String.class, label), null);
        }

        /** May be given several times. */
        public Value<List<String>> texts(String label) {
            return new Value<>(listOf(String.class, label), List.of());
        }

        /** Can be given several times, each time with several texts, separated by commas. */
        public Value<List<String>> list(String label) {
            option.separator = ",";
            option.converter = String::strip;
            return texts(label);
        }

        public Value<Path> file() {
            return path("FILE");
        }

        public Value<Path> path(String label) {
            option.converter = Options::path;
            return new Value<>(typed(Path.class, label), null);
        }

        /** May be given several times. */
        public Value<List<Path>> files() {
            option.converter = Options::path;
            return new Value<>(typed(List.class, "FILE"), List.of());
        }

        public Value<Integer> number(String label) {
            return new Value<>(typed(Integer.class, label), null);
        }

        /** With a usual value, which its text names. */
        public Value<Integer> number(String label, int usual) {
            return with(usual).number(label).or(usual);
        }

        /** One of the words of the enumeration. */
        public <E extends Enum<E>> Value<E> choice(Class<E> type, String label) {
            option.converter = text -> Options.choice(type, text);
            return new Value<>(typed(type, label), null);
        }

        /**
         * @param conversion throws {@link IllegalArgumentException} with a message on what is wrong
         *     with the word
         */
        public <T> Value<T> converted(Function<String, T> conversion, String label) {
            option.converter = text -> Options.converted(conversion, text);
            return new Value<>(typed(Object.class, label), null);
        }

        private Argument listOf(Class<?> element, String label) {
            option.element = element;
            return typed(List.class, label);
        }

        private Argument typed(Class<?> type, String label) {
            option.type = type;
            option.label = label;
            return declare(option);
        }
    }

    private static <T> T converted(Function<String, T> conversion, String text) {
        try {
            return conversion.apply(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    /** Picocli's own converter would use the names of the constants, also in its message. */
    private static <E extends Enum<E>> E choice(Class<E> type, String text) {
        List<String> all = new ArrayList<>();
        for (E each : type.getEnumConstants()) {
            all.add(Argument.word(each));
            if (Argument.word(each).equals(text)) {
                return each;
            }
        }
        throw new TypeConversionException(
                "expected one of " + all + " (case-sensitive) but was '" + text + "'");
    }

    /** Picocli's own converter calls Path.of by reflection, which is slower. */
    private static Path path(String text) {
        Path path = Path.of(text);
        // A path loses the slash at its end, and would then be the name of a new file.
        if (text.endsWith("/") && !Files.isDirectory(path)) {
            throw new TypeConversionException(text + ": there is no such folder");
        }
        return path;
    }
}
