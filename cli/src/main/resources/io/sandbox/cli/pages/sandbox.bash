# Made by the build from the texts of --help.
_sandbox() {
	local command=sandbox-${COMP_WORDS[1]} line=$COMP_LINE
	local function=_${command//-/_}
	if ((COMP_CWORD == 1)); then
		mapfile -t COMPREPLY < <(compgen -W '{{#verbs}}{{name}} {{/verbs}}help' -- "${COMP_WORDS[1]}")
		return
	fi
	declare -F "$function" >/dev/null ||
		. "${BASH_SOURCE[0]%/*}/$command" 2>/dev/null || return
	local -a typed=("$command" "${COMP_WORDS[@]:2}")
	local -a COMP_WORDS=("${typed[@]}")
	local COMP_CWORD=$((COMP_CWORD - 1)) COMP_LINE="$command${line#*"${command#sandbox-}"}"
	local COMP_POINT=$((COMP_POINT + ${#COMP_LINE} - ${#line}))
	"$function"
}
complete -F _sandbox sandbox
