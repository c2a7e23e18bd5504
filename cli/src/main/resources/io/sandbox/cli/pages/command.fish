# Made by the build from the texts of --help.
complete -c {{link}} -f
{{#runsProgram}}
{{! Prints the program's words. It fails with the cursor before the program. }}
function _{{function}}_program
	set -l argv (commandline -opc)[2..] (commandline -ct)
	argparse -s {{#options}}'{{#names}}{{^-first}}/{{/-first}}{{bare}}{{/names}}{{#of.takesValue}}={{#of.repeated}}+{{/of.repeated}}{{/of.takesValue}}' {{/options}}-- $argv 2>/dev/null
	or return
	for operand in (seq 2 {{programPlace}})
		set -e argv[1]
	end
	if test (count $argv) -gt 1 -a "$argv[1]" = --
		set -e argv[1]
	end
	set -q argv[1]
	and not string match -q -- '-*' $argv[1]
	or return
	if set -q argv[2]
		set argv[..-2] (string escape -- $argv[..-2])
	end
	printf '%s\n' "$argv"
end
complete -c {{link}} -n _{{function}}_program -a '(complete -C (_{{function}}_program))'
{{/runsProgram}}
{{>parameters.fish}}
{{#subcommands}}
complete -c {{link}} -n '__fish_use_subcommand' -a {{name}} -d '{{brief}}'
{{>parameters.fish}}
{{/subcommands}}
