/**
 * What a measurement prints: tables, JSON, units and the machine. Uses the JDK alone.
 */
package dev.jackdaw.benchmarks.report;
