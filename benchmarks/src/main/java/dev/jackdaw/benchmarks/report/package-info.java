/**
 * What a measurement prints: tables, JSON, units and the machine. Uses nothing of the others.
 */
package dev.jackdaw.benchmarks.report;
