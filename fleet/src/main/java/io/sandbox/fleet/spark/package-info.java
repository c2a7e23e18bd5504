// SPDX-License-Identifier: Apache-2.0
/**
 * Reads a fleet on a cluster by Apache Spark, from whatever file system Hadoop knows. Only this
 * package uses Spark, and only {@link io.sandbox.fleet.spark.SparkFleetReader} is used by others.
 * Where Spark is not installed, nothing may load a class of this package.
 */
package io.sandbox.fleet.spark;
