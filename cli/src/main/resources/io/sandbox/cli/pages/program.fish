function %1$s
	set -l argv (commandline -opc)[2..] (commandline -ct)
	argparse -s %2$s -- $argv 2>/dev/null
	or return
	for operand in %3$s
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
	printf '%%s\n' "$argv"
end
complete -c %4$s -n %1$s -a '(complete -C (%1$s))'
