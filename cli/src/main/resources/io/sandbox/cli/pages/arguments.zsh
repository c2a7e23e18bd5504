{{! With -A, words after the first operand are not our options. Three colons restrict "words" to those of the
    program, which a -- may precede. }}
_arguments -S{{#runsProgram}} -A '-*'{{/runsProgram}}{{#options}}{{#names}} \
	'{{#isCommon}}(- *){{/isCommon}}{{#isRepeated}}*{{/isRepeated}}{{#excludesOthers}}({{#names}}{{^-first}} {{/-first}}{{text}}{{/names}}){{/excludesOthers}}{{text}}{{#of.takesValue}}{{#isLong}}={{/isLong}}{{^isLong}}+{{/isLong}}{{/of.takesValue}}[{{brief}}]{{#of.takesValue}}:{{of.label}}:{{>offer.zsh}}{{/of.takesValue}}'{{/names}}{{/options}}{{#hasSubcommands}} \
	'1: :{_describe COMMAND subcommands}'{{/hasSubcommands}}{{#operands}} \
	'{{#isProgram}}*:::PROGRAM:{[[ $words[1] != -- ]] || { shift words; ((CURRENT--)) }; _normal}{{/isProgram}}{{^isProgram}}{{#isRepeated}}*{{/isRepeated}}{{^isRepeated}}{{-index}}{{/isRepeated}}:{{of.label}}:{{>offer.zsh}}{{/isProgram}}'{{/operands}}
