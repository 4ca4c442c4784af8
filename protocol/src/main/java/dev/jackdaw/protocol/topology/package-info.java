/**
 * Which shard owns which hash slot: the table that everybody agrees on, and the planner that computes it.
 * Uses nothing but the JDK.
 */
package dev.jackdaw.protocol.topology;
