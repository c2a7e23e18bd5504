{{! A function for the command and one for each subcommand. It goes through the words before the cursor to
    find out what comes next. bash splits --name=value into three words. }}
# Made by the build from the texts of --help.
{{#parts}}
{{function}}() {
	local i={{begin}} option='' operands=1 cur=${COMP_WORDS[COMP_CWORD]}
	[[ $cur != = ]] || cur=
	COMPREPLY=()
	while ((i < COMP_CWORD)); do
		case ${COMP_WORDS[i]} in
{{#takesValues}}
		{{#valued}}{{^-first}} | {{/-first}}{{#names}}{{^-first}} | {{/-first}}{{text}}{{/names}}{{/valued}})
			option=${COMP_WORDS[i]}
			[[ ${COMP_WORDS[i + 1]} != = ]] || i=$((i + 1))
			i=$((i + 1))
			;;
{{/takesValues}}
{{#runsProgram}}
		--)
			i=$((i + 1)) operands={{programPlace}}
			break
			;;
		-?*) ;;
		*)
			((operands < {{programPlace}})) || break
			operands=$((operands + 1))
			;;
{{/runsProgram}}
{{^runsProgram}}
		-?*) ;;
		*) operands=$((operands + 1)) ;;
{{/runsProgram}}
		esac
		i=$((i + 1))
	done
	if ((i > COMP_CWORD)); then
		case $option in
{{#valued}}
		{{#names}}{{^-first}} | {{/-first}}{{text}}{{/names}}) {{>offer.bash}} ;;
{{/valued}}
		esac
		return
	fi
	if ((i == COMP_CWORD)) && [[ $cur == -* && ${COMP_WORDS[i - 1]} != -- ]]; then
		mapfile -t COMPREPLY < <(compgen -W '{{#options}}{{#names}}{{text}} {{/names}}{{/options}}' -- "$cur")
		return
	fi
{{#runsProgram}}
	if ((operands == {{programPlace}})); then
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
			compopt -o filenames 2>/dev/null
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		fi
		return
	fi
{{/runsProgram}}
	case $operands in
{{#operands}}
	{{#of.repeated}}*{{/of.repeated}}{{^of.repeated}}{{-index}}{{/of.repeated}}) {{>offer.bash}} ;;
{{/operands}}
	esac
}

{{/parts}}
{{#hasSubcommands}}
{{function}}() {
	case $COMP_CWORD-${COMP_WORDS[1]} in
	1-*)
		mapfile -t COMPREPLY < <(compgen -W '{{#subcommands}}{{name}} {{/subcommands}}{{#options}}{{#names}}{{text}} {{/names}}{{/options}}' -- "${COMP_WORDS[1]}")
		;;
{{#subcommands}}
	*-{{name}}) {{function}} ;;
{{/subcommands}}
	esac
}
{{/hasSubcommands}}
complete -F {{function}} {{link}}
