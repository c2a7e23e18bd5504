// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.report;

/**
 * Draws a picture (SVG) as wide as the page. Places along it are percentages and heights are
 * pixels, so that a picture fits any width and its words stay readable.
 */
final class Picture {
    private final Html html;

    /**
     * @param description what those get who do not see it
     */
    Picture(Html html, int height, String description) {
        this.html = html;
        html.open(
                "svg",
                "class",
                "chart",
                "role",
                "img",
                "width",
                "100%",
                "height",
                height,
                "aria-label",
                description);
        html.line();
    }

    void line(String style, double x1, double y1, double x2, double y2) {
        html.element(
                "line",
                "",
                "class",
                style,
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
        html.element("text", text, "class", style, "x", Units.percent(x), "y", Units.pixels(y));
    }

    /**
     * @param title is shown for the place of the pointer
     */
    void bar(String style, double x, double y, double width, double height, String title) {
        html.open(
                "rect",
                "class",
                style,
                "x",
                Units.percent(x),
                "y",
                Units.pixels(y),
                "width",
                Units.percent(width),
                "height",
                Units.pixels(height));
        html.element("title", title).close("rect");
    }

    void disc(String style, double x, double y, double radius, String title) {
        html.open(
                "circle",
                "class",
                style,
                "cx",
                Units.percent(x),
                "cy",
                Units.pixels(y),
                "r",
                radius);
        html.element("title", title).close("circle");
    }

    /** A square around a point. */
    void square(String style, double x, double y, double half, String title) {
        html.open(
                "rect",
                "class",
                style,
                "x",
                Units.percent(x),
                "y",
                Units.pixels(y - half),
                "width",
                2 * half,
                "height",
                2 * half,
                "transform",
                "translate(-" + half + " 0)");
        html.element("title", title).close("rect");
    }

    void end() {
        html.close("svg").line();
    }
}
