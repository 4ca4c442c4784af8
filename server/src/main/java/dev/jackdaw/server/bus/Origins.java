package dev.jackdaw.server.bus;

import dev.jackdaw.protocol.bus.NodeId;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Owned by the event loop: how far each other node has been heard. It outlives connections, so a node that comes back is
 * known, and what it said meanwhile is missed rather than unknown.
 */
final class Origins {
    /** More than any mesh has nodes; those of which nothing was heard for longest are forgotten, which costs a false alarm. */
    private static final int MAX_ORIGINS = 1024;

    private final Map<NodeId, Long> lastHeard = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<NodeId, Long> eldest) {
            return size() > MAX_ORIGINS;
        }
    };

    /** The number of the last message heard of the node, 0 if there was none. */
    long lastHeard(NodeId origin) {
        return lastHeard.getOrDefault(origin, 0L);
    }

    void lastHeard(NodeId origin, long sequence) {
        lastHeard.put(origin, sequence);
    }
}
