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

    private void add(String element, String style, String text, String title, Object... places) {
        List<Labelled> attributes = new ArrayList<>();
        for (int i = 0; i < places.length; i += 2) {
            attributes.add(new Labelled(places[i], places[i + 1]));
        }
        shapes.add(new Shape(element, style, attributes, text, title));
    }

    void line(String style, double x1, double y1, double x2, double y2) {
        add(
                "line",
                style,
                "",
                "",
                "x1",
                Units.percent(x1),
                "y1",
                Units.pixels(y1),
                "x2",
                Units.percent(x2),
                "y2",
                Units.pixels(y2));
    }

    void text(String style, double x, double y, Object text) {
        add("text", style, text.toString(), "", "x", Units.percent(x), "y", Units.pixels(y));
    }

    void bar(String style, double x, double y, double width, double height, String title) {
        add(
                "rect",
                style,
                "",
                title,
                "x",
                Units.percent(x),
                "y",
                Units.pixels(y),
                "width",
                Units.percent(width),
                "height",
                Units.pixels(height));
    }

    void disc(String style, double x, double y, double radius, String title) {
        add("circle", style, "", title, "cx", Units.percent(x), "cy", Units.pixels(y), "r", radius);
    }

    /** A square around a point. */
    void square(String style, double x, double y, double half, String title) {
        String centred = "translate(-" + half + " 0)";
        add(
                "rect",
                style,
                "",
                title,
                "x",
                Units.percent(x),
                "y",
                Units.pixels(y - half),
                "width",
                2 * half,
                "height",
                2 * half,
                "transform",
                centred);
    }
}
