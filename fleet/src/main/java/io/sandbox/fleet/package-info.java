// SPDX-License-Identifier: Apache-2.0
/**
 * The evidence of many hosts, put together: which calls a program makes, and on which hosts. {@link
 * io.sandbox.fleet.FleetReader} reads recordings and logs into a {@link io.sandbox.fleet.Fleet}.
 * How a fleet is shown is a matter of the command.
 */
package io.sandbox.fleet;
