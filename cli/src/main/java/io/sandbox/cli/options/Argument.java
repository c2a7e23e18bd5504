// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.options;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Stack;
import java.util.function.Supplier;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** An option or operand that {@link Options} declares, and its given value. */
final class Argument {
    /** Empty for an operand. */
    private final String[] names;

    Class<?> type;

    /** The type of a list's elements, if there is no converter. */
    Class<?> element;

    String label;
    String arity;
    String separator;
    boolean required;
    boolean hidden;

    /** What stands in place of {} in its text. */
    Object[] values = {};

    /** Whether only the whole help shows it. */
    boolean rare;

    /** The labels of the first words of a list, which come before its own. */
    List<String> before = List.of();

    /** What shells complete, if the type does not tell. */
    Supplier<List<String>> offered = List::of;

    ITypeConverter<?> converter;

    /** Null until picocli is used. */
    private ArgSpec spec;

    /** The words that were given without picocli; null if there were none. */
    private List<?> words;

    Argument(String... names) {
        this.names = names;
    }

    static Argument operand(String label, Class<?> type) {
        Argument operand = new Argument();
        operand.label = label;
        operand.type = type;
        return operand;
    }

    List<String> names() {
        return List.of(names);
    }

    boolean isOption() {
        return names.length > 0;
    }

    /** Takes words as values of a list. */
    void takeWords(List<String> given) {
        if (given.isEmpty()) {
            return;
        }
        List<Object> values = new ArrayList<>();
        for (String word : given) {
            values.add(converter == null ? word : converted(word));
        }
        words = values;
    }

    private Object converted(String word) {
        try {
            return converter.convert(word);
        } catch (Exception e) {
            throw new IllegalStateException("every word is one of these", e);
        }
    }

    /** Null if nothing was given. */
    Object value() {
        return spec == null ? words : spec.getValue();
    }

    /** {@code words}: the texts, if a help is to be printed. */
    void addTo(CommandSpec command, Optional<Usage> words) {
        if (isOption()) {
            OptionSpec option = option(words);
            command.addOption(option);
            spec = option;
        } else {
            PositionalParamSpec operand = operand(words);
            command.addPositional(operand);
            spec = operand;
        }
    }

    private String text(Usage words) {
        return hidden ? "" : words.meaning(isOption() ? names[names.length - 1] : label, values);
    }

    private String[] literal(Optional<Usage> words) {
        return words.map(this::text).map(Usage::literal).stream().toArray(String[]::new);
    }

    CommandHelp.Parameter help(Usage words) {
        String shown = label;
        if (type == boolean.class) {
            shown = "";
        } else if (separator != null) {
            shown = label + "[" + separator + label + "...]";
        }
        List<String> choices = new ArrayList<>(offered.get());
        if (type.isEnum()) {
            for (Object choice : type.getEnumConstants()) {
                choices.add(word((Enum<?>) choice));
            }
        }
        return new CommandHelp.Parameter(
                List.of(names), shown, type == List.class, rare, text(words), choices);
    }

    /** The word of the command line for one of several. */
    static String word(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private OptionSpec option(Optional<Usage> words) {
        OptionSpec.Builder option =
                OptionSpec.builder(names).type(type).required(required).description(literal(words));
        if (type == boolean.class) {
            option.initialValue(false);
        } else {
            option.paramLabel(label);
        }
        if (element != null) {
            option.auxiliaryTypes(element);
        }
        if (arity != null) {
            option.arity(arity);
        }
        if (separator != null) {
            option.splitRegex(separator).preprocessor(Argument::takeAttached);
        }
        if (converter != null) {
            option.converters(converter);
        }
        return option.build();
    }

    /** What follows an equals sign is no option, even if it begins as one: a blank says so. */
    private static boolean takeAttached(
            Stack<String> words, CommandSpec command, ArgSpec option, Map<String, Object> how) {
        if ("=".equals(how.get("separator")) && words.peek().startsWith("-")) {
            words.push(" " + words.pop());
        }
        return false;
    }

    private PositionalParamSpec operand(Optional<Usage> words) {
        PositionalParamSpec.Builder operand =
                PositionalParamSpec.builder().type(type).required(required).hidden(hidden);
        if (!hidden) {
            operand.paramLabel(label).description(literal(words));
        }
        if (element != null) {
            operand.auxiliaryTypes(element);
        }
        if (arity != null) {
            operand.arity(arity);
        }
        if (converter != null) {
            operand.converters(converter);
        }
        return operand.build();
    }
}
