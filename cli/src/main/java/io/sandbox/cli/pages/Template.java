// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.pages;

import com.samskivert.mustache.Mustache;
import io.sandbox.text.Shipped;
import java.io.StringReader;

/** Templates of pages and completions. Methods of what fills them have the names of their tags. */
final class Template {
    static String filled(String template, Object values) {
        return Mustache.compiler()
                .strictSections(true)
                .withLoader(name -> new StringReader(text(name).stripTrailing()))
                .withEscaper(word -> escaped(word, template))
                .compile(text(template))
                .execute(values);
    }

    private static String text(String name) {
        return Shipped.text(Template.class, name);
    }

    /**
     * As a word between quotes of a shell, or as text of a page. In zsh, some characters separate
     * the parts of a word for its functions.
     */
    private static String escaped(String word, String template) {
        if (template.endsWith(".man")) {
            return Roff.escape(word);
        }
        return template.endsWith(".zsh")
                ? word.replaceAll("[\\\\:\\[\\]]", "\\\\$0").replace("'", "'\\''")
                : word.replace("\\", "\\\\").replace("'", "\\'");
    }
}
