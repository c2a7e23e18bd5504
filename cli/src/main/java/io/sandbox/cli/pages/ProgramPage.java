// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.pages;

import io.sandbox.cli.help.Verbs;
import io.sandbox.cli.options.CommandHelp;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The page and the completions of {@code sandbox} itself. A completion has the verbs; what follows
 * a verb is completed as if the link {@code sandbox-VERB} had been typed.
 */
final class ProgramPage {
    private static final String BASH =
            """
            # Made by the build from the texts of --help.
            _sandbox() {
            	local command=sandbox-${COMP_WORDS[1]} line=$COMP_LINE
            	local function=_${command//-/_}
            	if ((COMP_CWORD == 1)); then
            		mapfile -t COMPREPLY < <(compgen -W '%s' -- "${COMP_WORDS[1]}")
            		return
            	fi
            	declare -F "$function" >/dev/null ||
            		. "${BASH_SOURCE[0]%%/*}/$command" 2>/dev/null || return
            	local -a typed=("$command" "${COMP_WORDS[@]:2}")
            	local -a COMP_WORDS=("${typed[@]}")
            	local COMP_CWORD=$((COMP_CWORD - 1)) COMP_LINE="$command${line#*"${command#sandbox-}"}"
            	local COMP_POINT=$((COMP_POINT + ${#COMP_LINE} - ${#line}))
            	"$function"
            }
            complete -F _sandbox sandbox
            """;

    private static final String ZSH =
            """
            #compdef sandbox
            # Made by the build from the texts of --help.
            if ((CURRENT > 2)); then
            	shift words
            	words[1]=sandbox-$words[1]
            	((CURRENT--))
            	_normal
            	return
            fi
            local -a verbs=(
            %s)
            _describe VERB verbs
            """;

    private static final String FISH =
            """
            # Made by the build from the texts of --help.
            complete -c sandbox -f
            function __fish_sandbox_verb
            	set -l words (commandline -opc)
            	set -q words[2]
            	or return
            	# fish completes only commands that exist, and sandbox run is the link for run.
            	set -l link (string replace -r '^sandbox-run$' sandboxify sandbox-$words[2])
            	set -l typed $link (string escape -- $words[3..])
            	printf '%%s\\n' "$typed "(commandline -ct)
            end
            complete -c sandbox -n __fish_sandbox_verb -a '(complete -C (__fish_sandbox_verb))'
            %s\
            """;

    String bash() {
        return BASH.formatted(
                Arrays.stream(Verbs.values()).map(Verbs::toString).collect(Collectors.joining(" "))
                        + " help");
    }

    String zsh() {
        return ZSH.formatted(
                Arrays.stream(Verbs.values())
                        .map(verb -> "\t'" + verb + ":" + verb.about() + "'\n")
                        .collect(Collectors.joining()));
    }

    String fish() {
        return FISH.formatted(
                Arrays.stream(Verbs.values())
                        .map(
                                verb ->
                                        "complete -c sandbox -n 'not __fish_sandbox_verb' -a "
                                                + verb
                                                + " -d \""
                                                + verb.about()
                                                + "\"\n")
                        .collect(Collectors.joining()));
    }

    CommandHelp help() {
        List<String> verbs =
                Arrays.stream(Verbs.values())
                        .map(verb -> String.format("  %-16s %s", verb, verb.about()))
                        .toList();
        return new CommandHelp(
                "sandbox",
                "Learns the system calls that a program needs, and allows it no others.",
                List.of("sandbox VERB [OPTIONS] ...", "sandbox help VERB"),
                List.of("Each verb has a page of its own, such as sandbox-learn(1)."),
                List.of(),
                CommandHelp.COMMON,
                Map.of("Verbs", verbs),
                List.of());
    }
}
