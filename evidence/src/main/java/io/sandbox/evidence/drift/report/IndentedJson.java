// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Collection;

/** Writes JSON with a line for each member and element. */
public final class IndentedJson {
    /** Writes one object. */
    public interface Content {
        void writeTo(JsonGenerator json) throws IOException;
    }

    private IndentedJson() {}

    /** The text of an object, with a line feed at its end. */
    public static String write(Content content) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            // A terminal may obey some of the others.
            json.setHighestNonEscapedChar('~');
            DefaultIndenter lines = new DefaultIndenter("  ", "\n");
            DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
            printer.indentArraysWith(lines);
            json.setPrettyPrinter(printer.withObjectIndenter(lines));
            content.writeTo(json);
            json.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to be written", e);
        }
        return text.toString();
    }

    /** Writes an array of strings as a member. */
    public static void writeTexts(JsonGenerator json, String name, Collection<String> texts)
            throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }
}
