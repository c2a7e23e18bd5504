// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.options;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/**
 * The options and operands of a command, in the order of its help. A field of the command declares
 * each by a call that returns where its value will be.
 *
 * <p>Picocli reads them, from its model made by hand: to read it from annotations would cost each
 * start 20 ms. A command line of words alone, without options, is not even given to picocli, whose
 * own start is as long as that.
 */
public final class Options {
    private final String name;
    private final Callable<Integer> body;
    private final Supplier<Usage> usage;
    private final List<Argument> arguments = new ArrayList<>();
    private final List<Options> subcommands = new ArrayList<>();
    private List<String> given = List.of();

    /** What reads a command line, once it is made. */
    private CommandLine line;

    /**
     * @param body what to run when the options have been read
     * @param usage as {@link #usage} begins it
     */
    public Options(String name, Callable<Integer> body, Supplier<Usage> usage) {
        this.name = name;
        this.body = body;
        this.usage = usage;
    }

    /** What every help has; the command adds its own. */
    public static Usage usage() {
        return new Usage();
    }

    public String name() {
        return name;
    }

    /** An option of these names is to be declared. */
    public Named named(String... names) {
        return new Named(new Argument(names));
    }

    /** One operand that must be given; the next declared is behind it. */
    public Value<String> operand(String label, String description) {
        Argument argument = declare(Argument.operand(label, description, String.class));
        argument.required = true;
        return new Value<>(argument, null);
    }

    /** All operands, of which there must be one. */
    public Value<List<String>> operands(String label, String description) {
        Argument argument = declare(Argument.operand(label, description, List.class));
        argument.required = true;
        argument.arity = "1..*";
        argument.element = String.class;
        return new Value<>(argument, null);
    }

    /**
     * All operands, if there are any; the synopsis says what they are.
     *
     * @param label what completes them: the help does not list them
     */
    public Value<List<String>> words(String label) {
        Argument argument = undescribed(label);
        argument.element = String.class;
        return new Value<>(argument, List.of());
    }

    /** As words, of files. */
    public Value<List<Path>> files() {
        Argument argument = undescribed("FILE");
        argument.converter = new ToPath();
        return new Value<>(argument, List.of());
    }

    private Argument undescribed(String label) {
        Argument argument = declare(Argument.operand(label, "", List.class));
        argument.hidden = true;
        argument.arity = "0..1";
        return argument;
    }

    private Argument declare(Argument argument) {
        arguments.add(argument);
        return argument;
    }

    /** What is read behind the name of this command is its own. */
    public void subcommand(Options options) {
        subcommands.add(options);
    }

    /**
     * Reads a command line in which there is no option, if it is one and the command has a place
     * for all words.
     *
     * @param wordsOfProgram whether what follows the first word is not ours
     * @return false if nothing was read: then it is for {@link #commandLine()}
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

    /** What reads any command line; all must have been declared. */
    public CommandLine commandLine() {
        if (line == null) {
            CommandSpec command = CommandSpec.wrapWithoutInspection(body).name(name);
            boolean listsOperands = false;
            for (Argument argument : arguments) {
                listsOperands |= !argument.isOption() && !argument.hidden;
            }
            command.usageMessage(usage.get().spec(listsOperands));
            for (Argument argument : arguments) {
                argument.addTo(command);
            }
            for (Options other : subcommands) {
                command.addSubcommand(null, other.commandLine());
            }
            command.addOption(
                    OptionSpec.builder("-h", "--help")
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
            line = new CommandLine(command);
        }
        return line;
    }

    /** What the help says, for those who say it in another form. */
    public CommandHelp help() {
        Usage said = usage.get();
        List<CommandHelp.Parameter> operands = new ArrayList<>();
        List<CommandHelp.Parameter> named = new ArrayList<>();
        for (Argument argument : arguments) {
            (argument.isOption() ? named : operands).add(argument.help());
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
     * @param runsProgram whether what follows the first word is a program's own, not ours to
     *     interpret
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
        CommandLine reader = commandLine().setStopAtPositional(runsProgram);
        reader.getCommandSpec().versionProvider(new Version(outcome));
        reader.setExpandAtFiles(false);
        reader.setUsageHelpWidth(100);
        reader.setParameterExceptionHandler((e, args) -> outcome.mistake(e.getMessage()));
        reader.setExecutionExceptionHandler((e, self, result) -> outcome.failure(e));
        return reader.execute(words);
    }

    private record Version(Outcome outcome) implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {outcome.version()};
        }
    }

    /** The words that were read. */
    public List<String> given() {
        return line == null ? given : line.getParseResult().originalArgs();
    }

    /** For options that do not go together, or have values that nobody can know. */
    public UsageMistake mistake(String message) {
        return new UsageMistake(commandLine(), message);
    }

    /** An option whose names are known; the last call says what it takes, and declares it. */
    public final class Named {
        private final Argument option;

        private Named(Argument option) {
            this.option = option;
        }

        public Named required() {
            option.required = true;
            return this;
        }

        /** The value may be left out; it is only taken from behind an equals sign. */
        public Named valueOptional(String otherwise) {
            option.arity = "0..1";
            option.preprocessor = new OptionalValue(otherwise);
            return this;
        }

        /** Takes no value, and is true if it is given. */
        public Value<Boolean> flag(String description) {
            return new Value<>(typed(boolean.class, "", description), false);
        }

        public Value<String> text(String label, String description) {
            return new Value<>(typed(String.class, label, description), null);
        }

        /** May be given several times. */
        public Value<List<String>> texts(String label, String description) {
            return new Value<>(listOf(String.class, label, description), List.of());
        }

        /** The same, and each time with several texts, commas between. */
        public Value<List<String>> list(String label, String description) {
            option.separator = ",";
            return texts(label, description);
        }

        public Value<Path> file(String description) {
            return path("FILE", description);
        }

        public Value<Path> path(String label, String description) {
            option.converter = new ToPath();
            return new Value<>(typed(Path.class, label, description), null);
        }

        /** May be given several times. */
        public Value<List<Path>> files(String description) {
            option.converter = new ToPath();
            return new Value<>(typed(List.class, "FILE", description), List.of());
        }

        public Value<Integer> number(String label, String description) {
            return new Value<>(typed(Integer.class, label, description), null);
        }

        /** One of the words of the enumeration. */
        public <E extends Enum<E>> Value<E> choice(
                Class<E> type, String label, String description) {
            option.converter = new ToChoice<>(type);
            return new Value<>(typed(type, label, description), null);
        }

        public <T> Value<T> converted(Conversion<T> conversion, String label, String description) {
            option.converter = new Converted<>(conversion);
            return new Value<>(typed(Object.class, label, description), null);
        }

        private Argument listOf(Class<?> element, String label, String description) {
            option.element = element;
            return typed(List.class, label, description);
        }

        private Argument typed(Class<?> type, String label, String description) {
            option.type = type;
            option.label = label;
            option.description = description;
            return declare(option);
        }
    }

    // The converters are no records, since picocli puts them into hash maps: the hash code of a
    // record is made of method handles on first use, which takes ten milliseconds.

    /** A conversion, as picocli asks for it. */
    private static final class Converted<T> implements ITypeConverter<T> {
        private final Conversion<T> conversion;

        Converted(Conversion<T> conversion) {
            this.conversion = conversion;
        }

        @Override
        public T convert(String text) {
            try {
                return conversion.convert(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** Picocli's own would take the names of the constants, and name them in its message. */
    private static final class ToChoice<E extends Enum<E>> implements ITypeConverter<E> {
        private final Class<E> type;

        ToChoice(Class<E> type) {
            this.type = type;
        }

        @Override
        public E convert(String text) {
            List<E> all = List.of(type.getEnumConstants());
            for (E each : all) {
                if (each.toString().equals(text)) {
                    return each;
                }
            }
            throw new TypeConversionException(
                    "expected one of " + all + " (case-sensitive) but was '" + text + "'");
        }
    }

    /** Picocli has one too, which calls Path.of by reflection. */
    private static final class ToPath implements ITypeConverter<Path> {
        @Override
        public Path convert(String text) {
            return Path.of(text);
        }
    }
}
