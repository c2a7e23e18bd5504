package io.sandbox.recorder.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.IGetter;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * The options of a command, each declared by a call that gives the place of its value. Annotations
 * would say the same, but Java makes a proxy class for each kind of them at every start.
 *
 * <p>Options are listed by {@code --help} in the order in which they are declared.
 */
final class Options {
    /** What the user gave, once the command runs. */
    static final class Value<T> {
        private T value;

        private Value(T value) {
            this.value = value;
        }

        /** Null, false or empty if the user gave nothing. */
        T get() {
            return value;
        }
    }

    /** How picocli reaches a value. */
    private record Binding(Value<Object> place) implements IGetter, ISetter {
        @SuppressWarnings("unchecked")
        static Binding of(Value<?> place) {
            return new Binding((Value<Object>) place);
        }

        @SuppressWarnings("unchecked")
        @Override
        public <T> T get() {
            return (T) place.value;
        }

        @SuppressWarnings("unchecked")
        @Override
        public <T> T set(T value) {
            T before = (T) place.value;
            place.value = value;
            return before;
        }
    }

    private final CommandSpec spec;

    /**
     * @param command what runs, a {@code Runnable} or {@code Callable}
     * @param name as users type it
     */
    Options(Object command, String name) {
        spec = CommandSpec.wrapWithoutInspection(command).name(name);
        usage().sortOptions(false);
    }

    CommandSpec spec() {
        return spec;
    }

    /** What {@code --help} says around the options. */
    UsageMessageSpec usage() {
        return spec.usageMessage();
    }

    /** {@code --help} and {@code --version}, listed here. */
    void addHelp() {
        spec.addOption(
                OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .type(boolean.class)
                        .description("Show this help message and exit.")
                        .build());
        spec.addOption(
                OptionSpec.builder("-V", "--version")
                        .versionHelp(true)
                        .type(boolean.class)
                        .description("Print version information and exit.")
                        .build());
    }

    /** An option without a value. */
    Value<Boolean> flag(String description, String... names) {
        Value<Boolean> place = new Value<>(false);
        return add(place, OptionSpec.builder(names).type(boolean.class), description);
    }

    /**
     * @param label what {@code --help} calls the value
     */
    Value<String> text(String name, String label, String description) {
        return value(String.class, name, label, description);
    }

    Value<Path> path(String name, String label, String description) {
        return value(Path.class, name, label, description);
    }

    /**
     * @param type any that picocli can read, such as an enum, whose names are the values
     */
    <T> Value<T> value(Class<T> type, String name, String label, String description) {
        OptionSpec.Builder option = OptionSpec.builder(name).type(type).paramLabel(label);
        return add(new Value<>(null), option, description);
    }

    private <T> Value<T> add(Value<T> place, OptionSpec.Builder option, String description) {
        Binding binding = Binding.of(place);
        option.description(description).getter(binding).setter(binding).initialValue(place.get());
        spec.addOption(option.build());
        return place;
    }

    /** Any number of words that are no options. */
    Value<List<Path>> operands() {
        Value<List<Path>> place = new Value<>(List.of());
        Binding binding = Binding.of(place);
        spec.addPositional(
                PositionalParamSpec.builder()
                        .index("0..*")
                        .arity("0..1")
                        .type(List.class)
                        .auxiliaryTypes(Path.class)
                        .hidden(true)
                        .getter(binding)
                        .setter(binding)
                        .initialValue(place.get())
                        .build());
        return place;
    }
}
