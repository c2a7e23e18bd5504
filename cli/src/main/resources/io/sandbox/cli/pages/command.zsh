#compdef {{link}}
# Made by the build from the texts of --help.
{{#hasSubcommands}}
if ((CURRENT > 2)); then
	shift words
	((CURRENT--))
	case $words[1] in
{{#subcommands}}
	{{name}})
		{{>arguments.zsh}} ;;
{{/subcommands}}
	esac
	return
fi
local -a subcommands=(
{{#subcommands}}
	'{{name}}:{{brief}}'
{{/subcommands}}
)
{{/hasSubcommands}}
{{>arguments.zsh}}
