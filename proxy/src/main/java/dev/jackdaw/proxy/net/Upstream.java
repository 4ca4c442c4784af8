package dev.jackdaw.proxy.net;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.protocol.route.Slot;
import dev.jackdaw.protocol.topology.Topology;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Owned by one event loop: the subscriptions at the nodes. A channel or pattern is subscribed at one node, that of its slot; nodes
 * tell one another what is published. While that node is away another one stands in.
 */
final class Upstream {
    private static final int NOWHERE = -1;

    /** A channel or pattern. */
    private record Name(String text, boolean isPattern) {}

    /** Owned by the loop: where a name is subscribed, and whether the node has said so. */
    private static final class Place {
        int node = NOWHERE;
        boolean active;
    }

    private final Buffers buffers;
    private final Topology topology;
    private final Channels channels;
    private final Backend[] backends;
    private final Map<Name, Place> places = new HashMap<>();
    private boolean closed;

    Upstream(Worker worker, Topology topology, Channels channels) {
        this.buffers = worker.buffers();
        this.topology = topology;
        this.channels = channels;
        backends = new Backend[topology.shards().size()];
        for (int node = 0; node < backends.length; node++) {
            backends[node] = new Backend(worker, topology.shards().get(node).primary(), null, 3, 0, new Messages(node));
        }
    }

    void close() {
        closed = true;
        for (Backend backend : backends) {
            backend.close();
        }
    }

    void tick(long nowNanos) {
        for (Backend backend : backends) {
            backend.tick(nowNanos);
        }
    }

    boolean isActive(String name, boolean isPattern) {
        Place place = places.get(new Name(name, isPattern));
        return place != null && place.active;
    }

    boolean isActiveAt(int node, String name, boolean isPattern) {
        Place place = places.get(new Name(name, isPattern));
        return place != null && place.active && place.node == node;
    }

    /** Whether there is a node to subscribe at, as far as is known. */
    boolean isReachable() {
        for (Backend backend : backends) {
            if (backend.isOpen()) {
                return true;
            }
        }
        return false;
    }

    void subscribe(String text, boolean isPattern) {
        Name name = new Name(text, isPattern);
        Place place = new Place();
        places.put(name, place);
        settle(name, place);
    }

    void unsubscribe(String text, boolean isPattern) {
        Name name = new Name(text, isPattern);
        Place place = places.remove(name);
        if (place != null && place.node != NOWHERE) {
            send(place.node, isPattern ? "PUNSUBSCRIBE" : "UNSUBSCRIBE", text);
        }
    }

    /** Subscribes at the name's own node, or at the next one that is open. */
    private void settle(Name name, Place place) {
        place.active = false;
        place.node = NOWHERE;
        int home = home(name);
        for (int i = 0; i < backends.length; i++) {
            int node = (home + i) % backends.length;
            if (backends[node].isOpen()) {
                place.node = node;
                send(node, name.isPattern() ? "PSUBSCRIBE" : "SUBSCRIBE", name.text());
                return;
            }
        }
    }

    private int home(Name name) {
        Request key = new Request();
        key.set(name.text().getBytes(StandardCharsets.ISO_8859_1));
        return topology.shardIndex(Slot.of(key.address(0), key.length(0)));
    }

    private void send(int node, String command, String name) {
        if (!backends[node].isOpen()) {
            return;
        }
        ReplyWriter out = backends[node].begin();
        out.array(2);
        out.bulkText(command);
        out.bulkText(name);
        backends[node].endWithoutReply(out);
    }

    /** Names whose own node is back return to it; those that were nowhere find a place. */
    private void nodeUp(int node) {
        places.forEach((name, place) -> {
            if (place.node == NOWHERE) {
                settle(name, place);
            } else if (home(name) == node && place.node != node) {
                send(place.node, name.isPattern() ? "PUNSUBSCRIBE" : "UNSUBSCRIBE", name.text());
                settle(name, place);
            }
        });
    }

    private void nodeDown(int node) {
        if (closed) {
            return;
        }
        places.forEach((name, place) -> {
            if (place.node == node) {
                settle(name, place);
            }
        });
        if (!isReachable()) {
            channels.unreachable();
        }
    }

    private void message(int node, List<Reply> parts) {
        if (parts.size() < 3
                || !(parts.get(0) instanceof Reply.Bulk kind)
                || !(parts.get(1) instanceof Reply.Bulk name)) {
            return;
        }
        switch (kind.text()) {
            case "subscribe", "psubscribe" ->
                confirmed(node, new Name(name.text(), kind.text().startsWith("p")));
            case "message" -> {
                if (isFrom(node, new Name(name.text(), false)) && parts.get(2) instanceof Reply.Bulk message) {
                    channels.message(null, name.text(), message.bytes());
                }
            }
            case "pmessage" -> {
                if (isFrom(node, new Name(name.text(), true))
                        && parts.get(2) instanceof Reply.Bulk channel
                        && parts.get(3) instanceof Reply.Bulk message) {
                    channels.message(name.text(), channel.text(), message.bytes());
                }
            }
            default -> {
                // That a name is no longer subscribed is known here already.
            }
        }
    }

    private void confirmed(int node, Name name) {
        Place place = places.get(name);
        if (place != null && place.node == node) {
            place.active = true;
            channels.active(name.text(), name.isPattern());
        }
    }

    /** Two nodes may tell the same message while a name moves from one to the other. */
    private boolean isFrom(int node, Name name) {
        Place place = places.get(name);
        return place != null && place.node == node;
    }

    /** Owned by the upstream: what one node says. */
    private final class Messages implements Backend.Listener {
        private final int node;

        Messages(int node) {
            this.node = node;
        }

        @Override
        public void up() {
            nodeUp(node);
        }

        @Override
        public void down() {
            nodeDown(node);
        }

        @Override
        public void push(long address, int length) {
            ByteBuf bytes = buffers.borrow();
            try {
                bytes.ensureWritable(length);
                Raw.copy(address, bytes.memoryAddress(), length);
                bytes.writerIndex(length);
                if (Reply.read(bytes) instanceof Reply.Push push) {
                    message(node, push.elements());
                }
            } finally {
                buffers.giveBack(bytes);
            }
        }
    }
}
