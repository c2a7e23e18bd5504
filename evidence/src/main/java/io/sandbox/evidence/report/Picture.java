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
        html.add(
                "<svg class='chart' role='img' width='100%' height='%s' aria-label='%s'>\n",
                height, description);
    }

    void line(String style, double x1, double y1, double x2, double y2) {
        html.add(
                "<line class='%s' x1='%s' y1='%s' x2='%s' y2='%s'></line>",
                style, Units.percent(x1), Units.pixels(y1), Units.percent(x2), Units.pixels(y2));
    }

    void text(String style, double x, double y, Object text) {
        html.add(
                "<text class='%s' x='%s' y='%s'>%s</text>",
                style, Units.percent(x), Units.pixels(y), text);
    }

    /**
     * @param title is shown for the place of the pointer
     */
    void bar(String style, double x, double y, double width, double height, String title) {
        html.add(
                "<rect class='%s' x='%s' y='%s' width='%s' height='%s'><title>%s</title></rect>",
                style,
                Units.percent(x),
                Units.pixels(y),
                Units.percent(width),
                Units.pixels(height),
                title);
    }

    void disc(String style, double x, double y, double radius, String title) {
        html.add(
                "<circle class='%s' cx='%s' cy='%s' r='%s'><title>%s</title></circle>",
                style, Units.percent(x), Units.pixels(y), radius, title);
    }

    /** A square around a point. */
    void square(String style, double x, double y, double half, String title) {
        html.add(
                "<rect class='%s' x='%s' y='%s' width='%s' height='%s' transform='translate(-%s"
                        + " 0)'><title>%s</title></rect>",
                style, Units.percent(x), Units.pixels(y - half), 2 * half, 2 * half, half, title);
    }

    void end() {
        html.add("</svg>\n");
    }
}
