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
{{#verbs}}
	'{{name}}:{{about}}'
{{/verbs}}
)
_describe VERB verbs
