/** Compares evidence with a policy. Pure: no files, no clock, no machine. */
package io.sandbox.recorder.drift;
