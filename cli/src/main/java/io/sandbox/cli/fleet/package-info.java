// SPDX-License-Identifier: Apache-2.0
/**
 * {@code sandbox fleet}: {@link io.sandbox.cli.fleet.FleetCommand} has the evidence of many hosts
 * read, and shows it as text, JSON or CSV, or as a policy. What a fleet is, {@link
 * io.sandbox.fleet} decides.
 */
package io.sandbox.cli.fleet;
