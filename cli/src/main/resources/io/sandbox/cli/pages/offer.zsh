{{#offer}}{{#isFiles}}_files{{/isFiles}}{{#isWords}}({{&joined}}){{/isWords}}{{#isBeginnings}}{compadd -S "" -- {{&joined}}}{{/isBeginnings}}{{#isNothing}} {{/isNothing}}{{/offer}}
