// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.reach;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.sandbox.cli.report.PathWords;
import io.sandbox.reach.ReachResult;
import io.sandbox.reach.Step;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/** The answer for programs; docs/reach.md describes its fields. */
final class ReachJson {
    private ReachJson() {}

    static String write(ReachReview review) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            DefaultIndenter lines = new DefaultIndenter("  ", "\n");
            DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
            printer.indentArraysWith(lines);
            json.setPrettyPrinter(printer.withObjectIndenter(lines));
            writeReview(json, review);
            json.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to be written", e);
        }
        return text.toString();
    }

    private static void writeReview(JsonGenerator json, ReachReview review) throws IOException {
        ReachResult result = review.result();
        PathWords words = new PathWords(result.program());
        json.writeStartObject();
        json.writeStringField("program", result.program().toString());
        json.writeStringField("arch", result.arch());
        json.writeArrayFieldStart("reachable");
        for (ReviewedCall each : review.calls()) {
            json.writeStartObject();
            json.writeStringField("name", each.call().name());
            json.writeBooleanField("allowed", each.allowed());
            json.writeBooleanField("seen", each.seen());
            json.writeBooleanField("floor", each.call().floor());
            json.writeStringField("risk", each.risk().word());
            json.writeStringField("path", words.line(each.call()));
            json.writeEndObject();
        }
        json.writeEndArray();
        writeTexts(json, "unreachable", review.unreachable());
        json.writeArrayFieldStart("computed");
        for (Step step : result.computed()) {
            json.writeString(words.place(step));
        }
        json.writeEndArray();
        json.writeNumberField("floor_computed", result.floorComputed());
        writeTexts(json, "files", result.files().stream().map(Object::toString).toList());
        writeTexts(json, "notes", result.remarks());
        json.writeEndObject();
    }

    private static void writeTexts(JsonGenerator json, String name, List<String> texts)
            throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }
}
