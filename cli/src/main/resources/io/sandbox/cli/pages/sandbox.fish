# Made by the build from the texts of --help.
complete -c sandbox -f
function __fish_sandbox_verb
	set -l words (commandline -opc)
	set -q words[2]
	or return
	# fish completes only commands that exist, and sandbox run is the link for run.
	set -l link (string replace -r '^sandbox-run$' sandboxify sandbox-$words[2])
	set -l typed $link (string escape -- $words[3..])
	printf '%s\n' "$typed "(commandline -ct)
end
complete -c sandbox -n __fish_sandbox_verb -a '(complete -C (__fish_sandbox_verb))'
{{#verbs}}
complete -c sandbox -n 'not __fish_sandbox_verb' -a {{name}} -d '{{about}}'
{{/verbs}}
