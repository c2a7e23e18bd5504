{{#options}}
complete -c {{link}}{{>condition.fish}}{{#names}} {{#isLong}}-l{{/isLong}}{{^isLong}}-s{{/isLong}} {{bare}}{{/names}}{{#of.takesValue}}{{#offer}}{{#isFiles}} -r -F{{/isFiles}}{{^isFiles}} -x{{/isFiles}}{{#hasWords}} -a '{{joined}}'{{/hasWords}}{{/offer}}{{/of.takesValue}} -d '{{brief}}'
{{/options}}
{{#operands}}
{{#offer.isFiles}}
complete -c {{link}}{{>condition.fish}} -F
{{/offer.isFiles}}
{{#offer.hasWords}}
complete -c {{link}}{{>condition.fish}} -a '{{offer.joined}}'
{{/offer.hasWords}}
{{/operands}}
