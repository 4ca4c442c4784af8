package dev.jackdaw.server.bus;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Immutable: what a node's bus needs to know.
 *
 * @param port where to listen, 0 for any
 * @param peers the other nodes; this one among them does no harm
 * @param secret gives what all nodes share; empty where they trust everybody who connects
 * @param onlyLoopback tells whether connections from other machines are refused
 */
public record BusSettings(
        String host, int port, List<BusPeer> peers, Supplier<String> secret, BooleanSupplier onlyLoopback) {}
