// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.report;

import com.samskivert.mustache.Escapers;
import com.samskivert.mustache.Mustache;
import io.sandbox.text.Shipped;
import io.sandbox.text.VisibleText;
import java.io.StringReader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fills a template. This is the only place that escapes text, and nothing gets around it: the
 * templates have no tag that leaves a text as it is, which a test makes sure of.
 *
 * <p>A page is complete without its script. The rows are in the file, and the script only sorts and
 * hides them, so nothing makes markup of data in the browser. Pictures are SVG with places in
 * percent, which needs no library and fits any width. The page also obeys only the script and the
 * style whose hashes it states.
 */
final class Page {
    private static final Pattern LINE = Pattern.compile("[^\n\t]+");
    private static final Mustache.Compiler COMPILER =
            Mustache.compiler()
                    .strictSections(true)
                    .emptyStringIsFalse(true)
                    .withLoader(name -> new StringReader(resource(name)))
                    .withFormatter(Page::visible)
                    .withEscaper(
                            Escapers.simple(
                                    new String[] {"&", "&amp;"},
                                    new String[] {"<", "&lt;"},
                                    new String[] {">", "&gt;"},
                                    new String[] {"\"", "&quot;"},
                                    new String[] {"'", "&#39;"}));

    /** A text whose newlines and tabs stay what they are. */
    record Lines(String text) {}

    /**
     * @param template the name of a resource
     * @param values has keys or methods with the names of the tags; a tag without one is a mistake
     */
    static String of(String template, Object values) {
        return fill(resource(template), values);
    }

    static String fill(String template, Object values) {
        return COMPILER.compile(template).execute(values);
    }

    static String resource(String name) {
        return Shipped.text(Page.class, name);
    }

    private static String visible(Object value) {
        if (value instanceof Lines lines) {
            return LINE.matcher(lines.text())
                    .replaceAll(line -> Matcher.quoteReplacement(VisibleText.of(line.group())));
        }
        return VisibleText.of(value.toString());
    }
}
