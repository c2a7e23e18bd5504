/**
 * Reports of what a check found, one class for each format. File names in them were chosen by
 * whoever made the program: no format lets them through as they are.
 */
package io.sandbox.recorder.drift.report;
