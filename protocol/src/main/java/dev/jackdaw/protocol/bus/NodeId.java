package dev.jackdaw.protocol.bus;

import java.security.SecureRandom;

/** Immutable: one run of one node: drawn at random when its process starts, so a node that was restarted is another. */
public record NodeId(long high, long low) {
    static final int BYTES = 16;

    public static NodeId random(SecureRandom random) {
        return new NodeId(random.nextLong(), random.nextLong());
    }

    @Override
    public String toString() {
        return "%016x%016x".formatted(high, low);
    }
}
