// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.reach;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sandbox.cli.report.PathWords;
import io.sandbox.evidence.drift.report.IndentedJson;
import io.sandbox.reach.ReachResult;
import io.sandbox.reach.Step;
import java.io.IOException;

/** The answer for programs; docs/reach.md describes its fields. */
final class ReachJson {
    private ReachJson() {}

    static String write(ReachReview review) {
        return IndentedJson.write(json -> writeReview(json, review));
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
        IndentedJson.writeTexts(json, "unreachable", review.unreachable());
        json.writeArrayFieldStart("computed");
        for (Step step : result.computed()) {
            json.writeString(words.place(step));
        }
        json.writeEndArray();
        json.writeNumberField("floor_computed", result.floorComputed());
        IndentedJson.writeTexts(
                json, "files", result.files().stream().map(Object::toString).toList());
        IndentedJson.writeTexts(json, "notes", review.notes());
        json.writeEndObject();
    }
}
