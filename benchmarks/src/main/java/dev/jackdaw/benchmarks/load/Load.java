package dev.jackdaw.benchmarks.load;

import java.net.InetSocketAddress;

/**
 * Immutable: what to send, where and how hard.
 *
 * @param operations commands in all; rounded up to whole batches
 * @param pipeline commands of one batch; a connection has one batch on its way at a time
 * @param batchesPerSecond 0: every connection sends its next batch as soon as the last is answered (closed loop); otherwise
 *     batches have to be sent at this rate whatever the server does (open loop)
 */
public record Load(
        InetSocketAddress endpoint,
        Template template,
        Numbers numbers,
        long operations,
        int connections,
        int pipeline,
        double batchesPerSecond) {

    public static Load closedLoop(
            InetSocketAddress endpoint,
            Template template,
            Numbers numbers,
            long operations,
            int connections,
            int pipeline) {
        return new Load(endpoint, template, numbers, operations, connections, pipeline, 0);
    }

    /** One command with every number in turn, as fast as it goes: to fill a store before it is measured. */
    public static Load filling(InetSocketAddress endpoint, Template template, long operations) {
        return closedLoop(endpoint, template, Numbers.inTurn(operations), operations, 8, 64);
    }

    boolean isOpenLoop() {
        return batchesPerSecond > 0;
    }

    long batches() {
        return (operations + pipeline - 1) / pipeline;
    }
}
