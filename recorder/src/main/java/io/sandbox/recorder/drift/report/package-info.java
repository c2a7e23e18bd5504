// SPDX-License-Identifier: Apache-2.0
/**
 * Reports of what a check found, one class for each format. File names in them were chosen by
 * whoever made the program, so no format lets them through as they are. The text for people is made
 * by the command.
 */
package io.sandbox.recorder.drift.report;
