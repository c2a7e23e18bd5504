// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.reach;

import static io.sandbox.evidence.IndentedJson.object;

import io.sandbox.cli.policyfile.ValueNames;
import io.sandbox.cli.report.PathWords;
import io.sandbox.evidence.IndentedJson;
import io.sandbox.reach.ReachResult;
import java.util.Map;

/** The answer for programs; docs/reach.md describes its fields. */
final class ReachJson {
    static String write(ReachReview review) {
        ReachResult result = review.result();
        PathWords words = new PathWords(result.program());
        return IndentedJson.write(
                object(
                        "program", result.program(),
                        "interpreter", result.interpreter().map(Object::toString),
                        "arch", result.arch(),
                        "reachable",
                                review.calls().stream()
                                        .map(each -> call(each, words, result.arch()))
                                        .toList(),
                        "unreachable", review.unreachable(),
                        "added", review.added(),
                        "computed", result.computed().stream().map(words::place).toList(),
                        "floor_computed", result.floorComputed(),
                        "files", result.files().stream().map(Object::toString).toList(),
                        "notes", review.notes()));
    }

    private static Map<String, Object> call(ReviewedCall each, PathWords words, String arch) {
        String name = each.call().name();
        return object(
                "name", name,
                "allowed", each.allowed(),
                "condition",
                        each.condition().map(ruling -> ValueNames.in(name, arch, ruling.text())),
                "seen", each.seen(),
                "floor", each.call().floor(),
                "risk", each.risk().word(),
                "path", words.line(each.call()));
    }
}
