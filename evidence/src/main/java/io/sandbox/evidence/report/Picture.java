// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A picture (SVG) as wide as the page, which picture.html draws. Places along it are percentages
 * and heights are pixels, so that a picture fits any width and its words stay readable.
 *
 * @param description what those get who do not see it
 */
record Picture(int height, String description, List<Shape> shapes) {
    /**
     * One element. What is drawn later covers what was drawn before.
     *
     * @param places its attributes
     * @param title is shown for the place of the pointer
     */
    record Shape(String element, String style, List<Labelled> places, String text, String title) {}

    Picture(int height, String description) {
        this(height, description, new ArrayList<>());
    }

    private void add(
            String element, String style, String text, String title, String names, Object... of) {
        List<Labelled> attributes = new ArrayList<>();
        for (String name : names.split(" ")) {
            attributes.add(new Labelled(name, of[attributes.size()]));
        }
        shapes.add(new Shape(element, style, attributes, text, title));
    }

    void line(String style, double x1, double y1, double x2, double y2) {
        Object[] ends = {Units.percent(x1), Units.pixels(y1), Units.percent(x2), Units.pixels(y2)};
        add("line", style, "", "", "x1 y1 x2 y2", ends);
    }

    void text(String style, double x, double y, Object text) {
        add("text", style, text.toString(), "", "x y", Units.percent(x), Units.pixels(y));
    }

    void bar(String style, double x, double y, double width, double height, String title) {
        Object[] box = {
            Units.percent(x), Units.pixels(y), Units.percent(width), Units.pixels(height)
        };
        add("rect", style, "", title, "x y width height", box);
    }

    void disc(String style, double x, double y, double radius, String title) {
        add("circle", style, "", title, "cx cy r", Units.percent(x), Units.pixels(y), radius);
    }

    void square(String style, double x, double y, double half, String title) {
        String centred = "translate(-" + half + " 0)";
        Object[] box = {Units.percent(x), Units.pixels(y - half), 2 * half, 2 * half, centred};
        add("rect", style, "", title, "x y width height transform", box);
    }
}
