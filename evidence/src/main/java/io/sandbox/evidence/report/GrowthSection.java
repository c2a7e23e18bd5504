// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.report;

import io.sandbox.evidence.Estimate;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.syscalldb.ObservedCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** How the list grew from run to run, and how likely it is to grow once more. */
final class GrowthSection {
    /** Beyond this, points touch each other, and only those with something to say are drawn. */
    private static final int MOST_POINTS = 120;

    private static final int HEIGHT = 190;
    private static final int TOP = 26;
    private static final int BOTTOM = 160;
    private static final double LEFT = 10;
    private static final double RIGHT = 97;

    private final Recording recording;
    private final List<Step> steps = new ArrayList<>();

    /** The list after a run, and what it added: the calls that no earlier run made. */
    record Step(Run run, List<ObservedCall> added, int total) {
        private String verdict() {
            String how = run.filter().enforced() ? "enforced, " : "";
            return how + (run.isComplete() ? "complete" : "incomplete");
        }
    }

    GrowthSection(Recording recording) {
        this.recording = recording;
        Set<ObservedCall> known = new TreeSet<>();
        for (Run run : recording.runs()) {
            List<ObservedCall> added = run.calls().stream().filter(known::add).toList();
            steps.add(new Step(run, added, known.size()));
        }
    }

    List<Step> steps() {
        return List.copyOf(steps);
    }

    /** Empty if it is not known. */
    String chance() {
        return Estimate.of(recording).map(Estimate::ofOneMore).map(Units::phrase).orElse("");
    }

    /** In one sentence; empty if it is not known. */
    String estimate() {
        return Estimate.of(recording).map(Estimate::sentence).map(Units::sentence).orElse("");
    }

    /** One run makes no curve. */
    List<Picture> pictures() {
        return steps.size() > 1 ? List.of(drawn()) : List.of();
    }

    private double x(int run) {
        return LEFT + (RIGHT - LEFT) * run / Math.max(1, steps.size() - 1);
    }

    private double y(int calls) {
        int most = Math.max(1, steps.get(steps.size() - 1).total());
        return BOTTOM - (double) (BOTTOM - TOP) * calls / most;
    }

    private Picture drawn() {
        Picture picture = new Picture(HEIGHT, description());
        int most = steps.get(steps.size() - 1).total();
        for (int calls : most > 1 ? new int[] {0, most / 2, most} : new int[] {0, most}) {
            picture.line("grid", 0, y(calls), 100, y(calls));
            picture.text("value", 0, y(calls) - 4, calls);
        }
        for (int i = 1; i < steps.size(); i++) {
            double before = y(steps.get(i - 1).total());
            double now = y(steps.get(i).total());
            picture.line("curve", x(i - 1), before, x(i), before);
            picture.line("curve", x(i), before, x(i), now);
        }
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            boolean telling = !step.added().isEmpty() || !step.run().isComplete();
            if (telling || steps.size() <= MOST_POINTS) {
                point(picture, i, step);
            }
        }
        int labels = Math.min(steps.size(), 8);
        for (int i = 0; i < labels; i++) {
            int run = i * (steps.size() - 1) / (labels - 1);
            picture.text("tick", x(run), HEIGHT - 8, i == 0 ? "run 1" : run + 1);
        }
        return picture;
    }

    private void point(Picture picture, int index, Step step) {
        double x = x(index);
        double y = y(step.total());
        String style = step.run().isComplete() ? "point" : "point gap";
        String title = "run " + (index + 1) + ", " + step.verdict() + ": " + said(step);
        if (step.run().filter().enforced()) {
            picture.square(style, x, y, 4.5, title);
        } else {
            picture.disc(style, x, y, 4.5, title);
        }
        if (!step.added().isEmpty() && steps.size() <= MOST_POINTS) {
            picture.text("added", x, y - 10, "+" + step.added().size());
        }
    }

    private static String said(Step step) {
        return step.added().isEmpty()
                ? "nothing new, " + step.total() + " in all"
                : step.added().size() + " new, " + step.total() + " in all: " + names(step.added());
    }

    static String names(List<ObservedCall> calls) {
        return calls.stream().map(ObservedCall::displayName).collect(Collectors.joining(" "));
    }

    private String description() {
        Step last = steps.get(steps.size() - 1);
        long growing = steps.stream().filter(step -> !step.added().isEmpty()).count();
        return String.format(
                "Curve of distinct calls over %s: %s after the first, %s after the last. %s showed"
                        + " new calls. The table of runs has the numbers.",
                Units.count(steps.size(), "run"),
                Units.count(steps.get(0).total(), "call"),
                last.total(),
                Units.count(growing, "run"));
    }
}
