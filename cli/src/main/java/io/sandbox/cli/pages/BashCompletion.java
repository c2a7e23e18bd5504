// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.pages;

import io.sandbox.cli.options.CommandHelp;
import io.sandbox.cli.options.CommandHelp.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Makes a command's completion for bash: a function for the command and one for each subcommand. A
 * function goes through the words before the cursor to find out what comes next. bash splits {@code
 * --name=value} into three words.
 */
final class BashCompletion {
    private static final String START =
            """
            %s() {
            	local i=%d option='' operands=0 cur=${COMP_WORDS[COMP_CWORD]}
            	[[ $cur != = ]] || cur=
            	COMPREPLY=()
            	while ((i < COMP_CWORD)); do
            		case ${COMP_WORDS[i]} in
            """;

    private static final String VALUE =
            """
            		%s)
            			option=${COMP_WORDS[i]}
            			[[ ${COMP_WORDS[i + 1]} != = ]] || i=$((i + 1))
            			i=$((i + 1))
            			;;
            """;

    private static final String PROGRAM_FOLLOWS =
            """
            		--)
            			i=$((i + 1)) operands=%1$d
            			break
            			;;
            		-?*) ;;
            		*)
            			((operands < %1$d)) || break
            			operands=$((operands + 1))
            			;;
            		esac
            		i=$((i + 1))
            	done
            """;

    private static final String NO_PROGRAM =
            """
            		-?*) ;;
            		*) operands=$((operands + 1)) ;;
            		esac
            		i=$((i + 1))
            	done
            """;

    private static final String VALUES =
            """
            	if ((i > COMP_CWORD)); then
            		case $option in
            %s		esac
            		return
            	fi
            """;

    private static final String CASE = "\t%s%s) %s ;;\n";

    private static final String OPTIONS =
            """
            	if ((i == COMP_CWORD)) && [[ $cur == -* && ${COMP_WORDS[i - 1]} != -- ]]; then
            		mapfile -t COMPREPLY < <(compgen -W '%s' -- "$cur")
            		return
            	fi
            """;

    private static final String PROGRAM =
            """
            	if ((operands == %d)); then
            		# As if the program had been typed without us. If there were words of an outer
            		# function, bash-completion would count in those.
            		if declare -F _comp_command_offset >/dev/null; then
            			local words
            			unset -v words
            			_comp_command_offset "$i"
            		elif declare -F _command_offset >/dev/null; then
            			_command_offset "$i"
            		elif ((i == COMP_CWORD)) && [[ $cur != */* ]]; then
            			mapfile -t COMPREPLY < <(compgen -c -- "$cur")
            		else
            			%s
            		fi
            		return
            	fi
            """;

    private static final String FILES =
            "compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")";

    private static final String SUBCOMMANDS =
            """
            %1$s() {
            	case $COMP_CWORD-${COMP_WORDS[1]} in
            	1-*) mapfile -t COMPREPLY < <(compgen -W '%2$s' -- "${COMP_WORDS[1]}") ;;
            %3$s	esac
            }
            """;

    private final CommandHelp command;
    private final StringBuilder out = new StringBuilder();

    BashCompletion(CommandHelp command) {
        this.command = command;
    }

    String text() {
        out.setLength(0);
        out.append("# Made by the build from the texts of --help.\n");
        String function = function(command.link());
        if (command.subcommands().isEmpty()) {
            append(command, function, 1);
        } else {
            String cases = "";
            for (CommandHelp sub : command.subcommands()) {
                String its = function + "_" + sub.name();
                append(sub, its, 2);
                cases += "\t*-" + sub.name() + ") " + its + " ;;\n";
            }
            String words =
                    command.subcommands().stream()
                            .map(CommandHelp::name)
                            .collect(Collectors.joining(" "));
            out.append(SUBCOMMANDS.formatted(function, words + " " + names(command, " "), cases));
        }
        out.append("complete -F ").append(function).append(' ').append(command.link());
        return out.append('\n').toString();
    }

    private static String function(String name) {
        return "_" + name.replace('-', '_');
    }

    private static String names(CommandHelp of, String separator) {
        return names(of, separator, option -> true);
    }

    private static String names(CommandHelp of, String separator, Predicate<Parameter> which) {
        return of.options().stream()
                .filter(which)
                .flatMap(option -> option.names().stream())
                .collect(Collectors.joining(separator));
    }

    /** {@code begin}: the index of the first word after the command's name. */
    private void append(CommandHelp of, String function, int begin) {
        out.append(START.formatted(function, begin));
        String withValue = names(of, " | ", Parameter::takesValue);
        out.append(withValue.isEmpty() ? "" : VALUE.formatted(withValue));
        int beforeProgram = of.operands().size() - 1;
        boolean program = Offer.runsProgram(of);
        out.append(program ? PROGRAM_FOLLOWS.formatted(beforeProgram) : NO_PROGRAM);
        out.append(VALUES.formatted(values(of)));
        out.append(OPTIONS.formatted(names(of, " ")));
        out.append(program ? PROGRAM.formatted(beforeProgram, FILES) : "");
        out.append(operands(of));
        out.append("}\n\n");
    }

    /** The cases for values. Options with the same kind of value share a case. */
    private static String values(CommandHelp of) {
        Map<String, List<String>> names = new LinkedHashMap<>();
        for (Parameter option : of.options()) {
            String offered = offered(Offer.of(option));
            if (!offered.isEmpty()) {
                names.computeIfAbsent(offered, o -> new ArrayList<>()).addAll(option.names());
            }
        }
        StringBuilder cases = new StringBuilder();
        names.forEach(
                (offered, options) ->
                        cases.append(CASE.formatted("\t", String.join(" | ", options), offered)));
        return cases.toString();
    }

    private static String operands(CommandHelp of) {
        StringBuilder cases = new StringBuilder();
        for (int i = 0; i < of.operands().size(); i++) {
            String offered = offered(Offer.of(of.operands().get(i)));
            String place = of.operands().get(i).repeated() ? "*" : String.valueOf(i);
            cases.append(offered.isEmpty() ? "" : CASE.formatted("", place, offered));
        }
        return cases.isEmpty() ? "" : "\tcase $operands in\n" + cases + "\tesac\n";
    }

    private static String offered(Offer offer) {
        String words = "mapfile -t COMPREPLY < <(compgen -W '" + offer.joined() + "' -- \"$cur\")";
        return switch (offer.kind()) {
            case FILES -> FILES;
            case WORDS -> words;
            case BEGINNINGS -> "compopt -o nospace 2>/dev/null; " + words;
            case NOTHING, PROGRAM -> "";
        };
    }
}
