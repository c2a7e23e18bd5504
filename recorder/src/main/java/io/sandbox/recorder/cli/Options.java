package io.sandbox.recorder.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;

/**
 * The options and operands of a command, in the order of its help. A field of the command declares
 * each by a call that returns where its value will be. This is picocli's model made by hand: to
 * read it from annotations would cost each start 20 ms.
 */
final class Options {
    private final CommandSpec command;

    /**
     * @param body what to run when the options have been read
     * @param usage as {@link #usage} begins it
     */
    Options(String name, Callable<Integer> body, UsageMessageSpec usage) {
        command = CommandSpec.wrapWithoutInspection(body).name(name);
        command.usageMessage(usage);
    }

    /** What every help has; the command adds its own. */
    static UsageMessageSpec usage() {
        return new UsageMessageSpec()
                .synopsisHeading("Usage: ")
                .sortOptions(false)
                .optionListHeading("%nOptions:%n");
    }

    /** An option of these names is to be declared. */
    Named named(String... names) {
        return new Named(OptionSpec.builder(names));
    }

    /** One operand that must be given; the next declared is behind it. */
    Value<String> operand(String label, String description) {
        return add(
                PositionalParamSpec.builder()
                        .required(true)
                        .paramLabel(label)
                        .description(description)
                        .type(String.class));
    }

    /** All operands, of which there must be one. */
    Value<List<String>> operands(String label, String description) {
        return add(
                PositionalParamSpec.builder()
                        .required(true)
                        .paramLabel(label)
                        .description(description)
                        .arity("1..*")
                        .type(List.class)
                        .auxiliaryTypes(String.class));
    }

    /** All operands, if there are any; the synopsis says what they are. */
    Value<List<String>> words() {
        Value<List<String>> words = add(undescribed().auxiliaryTypes(String.class));
        return words.or(List.of());
    }

    /** As words, of files. */
    Value<List<Path>> files() {
        Value<List<Path>> files = add(undescribed().converters(new ToPath()));
        return files.or(List.of());
    }

    private static PositionalParamSpec.Builder undescribed() {
        return PositionalParamSpec.builder().hidden(true).arity("0..1").type(List.class);
    }

    /** What is read behind the name of this command is its own. */
    void subcommand(Options options) {
        command.addSubcommand(null, options.commandLine());
    }

    /** What reads a command line; to be called once, when all is declared. */
    CommandLine commandLine() {
        new Named(OptionSpec.builder("-h", "--help").usageHelp(true))
                .flag("Show this help message and exit.");
        new Named(OptionSpec.builder("-V", "--version").versionHelp(true))
                .flag("Print version information and exit.");
        return new CommandLine(command);
    }

    /** The words that were read. */
    List<String> given() {
        return command.commandLine().getParseResult().originalArgs();
    }

    /** For options that do not go together, or have values that nobody can know. */
    ParameterException mistake(String message) {
        return new ParameterException(command.commandLine(), message);
    }

    private <T> Value<T> add(PositionalParamSpec.Builder operand) {
        PositionalParamSpec built = operand.build();
        command.addPositional(built);
        return Value.of(built);
    }

    /** An option whose names are known; the last call says what it takes, and declares it. */
    final class Named {
        private final OptionSpec.Builder option;

        private Named(OptionSpec.Builder option) {
            this.option = option;
        }

        Named required() {
            option.required(true);
            return this;
        }

        /** The value may be left out: the preprocessor then puts one in its place. */
        Named valueOptional(IParameterPreprocessor preprocessor) {
            option.arity("0..1").preprocessor(preprocessor);
            return this;
        }

        /** Takes no value, and is true if it is given. */
        Value<Boolean> flag(String description) {
            return add(option.type(boolean.class).initialValue(false).description(description));
        }

        Value<String> text(String label, String description) {
            return add(labelled(label, description).type(String.class));
        }

        /** May be given several times. */
        Value<List<String>> texts(String label, String description) {
            return addList(labelled(label, description).auxiliaryTypes(String.class));
        }

        /** The same, and each time with several texts, commas between. */
        Value<List<String>> list(String label, String description) {
            return addList(
                    labelled(label, description).auxiliaryTypes(String.class).splitRegex(","));
        }

        Value<Path> file(String description) {
            return add(labelled("FILE", description).type(Path.class).converters(new ToPath()));
        }

        /** May be given several times. */
        Value<List<Path>> files(String description) {
            return addList(labelled("FILE", description).converters(new ToPath()));
        }

        Value<Integer> number(String label, String description) {
            return add(labelled(label, description).type(Integer.class));
        }

        /** One of the names of the enumeration. */
        <E extends Enum<E>> Value<E> choice(Class<E> type, String label, String description) {
            return add(labelled(label, description).type(type));
        }

        <T> Value<T> converted(ITypeConverter<T> converter, String label, String description) {
            return add(labelled(label, description).type(Object.class).converters(converter));
        }

        private OptionSpec.Builder labelled(String label, String description) {
            return option.paramLabel(label).description(description);
        }

        private <T> Value<List<T>> addList(OptionSpec.Builder list) {
            Value<List<T>> values = add(list.type(List.class));
            return values.or(List.of());
        }

        private <T> Value<T> add(OptionSpec.Builder complete) {
            OptionSpec built = complete.build();
            command.addOption(built);
            return Value.of(built);
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
