package dev.jackdaw.proxy.net;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.command.PubSubCommand;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.protocol.topology.Topology;
import dev.jackdaw.proxy.local.Subscriptions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Owned by one event loop: publish and subscribe for the clients of that loop. Their subscriptions are kept here; upstream each
 * channel or pattern is subscribed once. A client hears that it is subscribed when the node has said so.
 */
final class Channels {
    /** What subscriptions may take of the heap, which is small: some 14,000 of them. */
    private static final long MOST_BYTES = 8 << 20;

    private final Worker worker;
    private final Subscriptions<FrontHandler> subscriptions = new Subscriptions<>();
    private final Upstream upstream;
    private final List<Confirmation> unconfirmed = new ArrayList<>();

    Channels(Worker worker, Topology topology) {
        this.worker = worker;
        this.upstream = new Upstream(worker, topology, this);
    }

    void close() {
        upstream.close();
    }

    void tick(long nowNanos) {
        upstream.tick(nowNanos);
    }

    void answer(PubSubCommand command, Request request, FrontHandler client) {
        switch (command) {
            case SUBSCRIBE -> subscribe(request, client, false);
            case PSUBSCRIBE -> subscribe(request, client, true);
            case UNSUBSCRIBE -> unsubscribe(request, client, false);
            case PUNSUBSCRIBE -> unsubscribe(request, client, true);
            case PUBSUB_CHANNELS -> listChannels(request, client);
            case PUBSUB_NUMSUB -> countListeners(request, client);
            case PUBSUB_NUMPAT -> {
                ReplyWriter out = client.beginReply();
                out.integer(subscriptions.names(true).size());
                client.endReply();
            }
            default ->
                throw new Refusal(CommandError.notThroughProxy(command.spec().name()));
        }
    }

    /** How many listeners of this loop a message to the channel has; those who wait for a node to come back have none. */
    int receivers(String channel) {
        int receivers = upstream.isActive(channel, false) ? subscriptions.count(channel) : 0;
        for (String pattern : subscriptions.patternsFor(channel)) {
            receivers += upstream.isActive(pattern, true)
                    ? subscriptions.listeners(pattern, true).size()
                    : 0;
        }
        return receivers;
    }

    /** How many times a message to the channel at that node is counted for this loop. */
    int countedAt(int node, String channel) {
        int counted = upstream.isActiveAt(node, channel, false) ? 1 : 0;
        for (String pattern : subscriptions.patternsFor(channel)) {
            counted += upstream.isActiveAt(node, pattern, true) ? 1 : 0;
        }
        return counted;
    }

    /** The client is gone, or wants to listen to nothing any more. */
    void leave(FrontHandler client) {
        unconfirmed.removeIf(one -> one.isFor(client));
        for (boolean isPattern : new boolean[] {false, true}) {
            for (String name : client.listensTo(isPattern)) {
                remove(client, name, isPattern);
            }
            client.listensTo(isPattern).clear();
        }
    }

    private void subscribe(Request request, FrontHandler client, boolean isPattern) {
        long bytes = subscriptions.bytes();
        for (int i = 1; i < request.count(); i++) {
            bytes += Subscriptions.bytes(request.length(i));
        }
        if (bytes > MOST_BYTES) {
            throw new Refusal(CommandError.TOO_MANY_SUBSCRIPTIONS);
        }

        Confirmation confirmation = new Confirmation(worker, client, isPattern);
        for (int i = 1; i < request.count(); i++) {
            String name = request.text(i);
            if (client.listensTo(isPattern).add(name) && subscriptions.add(client, name, isPattern)) {
                upstream.subscribe(name, isPattern);
            }
            confirmation.add(name, client.listenings(), upstream.isActive(name, isPattern));
        }
        client.subscriptionsChanged();
        if (confirmation.isComplete() || !upstream.isReachable()) {
            confirmation.reply();
        } else {
            confirmation.await();
            unconfirmed.add(confirmation);
        }
    }

    private void unsubscribe(Request request, FrontHandler client, boolean isPattern) {
        ReplyWriter out = client.beginReply();
        for (int i = 1; i < request.count(); i++) {
            unsubscribe(request.text(i), client, isPattern, out);
        }
        if (request.count() == 1) {
            List<String> mine = List.copyOf(client.listensTo(isPattern));
            mine.forEach(name -> unsubscribe(name, client, isPattern, out));
            if (mine.isEmpty()) {
                out.push(3);
                out.bulkText(isPattern ? "punsubscribe" : "unsubscribe");
                out.nullBulk();
                out.integer(client.listenings());
            }
        }
        client.endPush();
        client.subscriptionsChanged();
    }

    private void unsubscribe(String name, FrontHandler client, boolean isPattern, ReplyWriter out) {
        if (client.listensTo(isPattern).remove(name)) {
            remove(client, name, isPattern);
        }
        out.push(3);
        out.bulkText(isPattern ? "punsubscribe" : "unsubscribe");
        out.bulkText(name);
        out.integer(client.listenings());
    }

    private void remove(FrontHandler client, String name, boolean isPattern) {
        if (subscriptions.remove(client, name, isPattern)) {
            upstream.unsubscribe(name, isPattern);
        }
    }

    private void listChannels(Request request, FrontHandler client) {
        Collection<String> names =
                request.count() > 2 ? subscriptions.channelsFor(request.text(2)) : subscriptions.names(false);
        ReplyWriter out = client.beginReply();
        out.array(names.size());
        names.forEach(out::bulkText);
        client.endReply();
    }

    private void countListeners(Request request, FrontHandler client) {
        ReplyWriter out = client.beginReply();
        out.array(2 * (request.count() - 2));
        for (int i = 2; i < request.count(); i++) {
            out.bulk(request.address(i), request.length(i));
            out.integer(subscriptions.count(request.text(i)));
        }
        client.endReply();
    }

    /** A node has confirmed, or none can be asked. */
    void active(String name, boolean isPattern) {
        for (int i = unconfirmed.size() - 1; i >= 0; i--) {
            Confirmation one = unconfirmed.get(i);
            one.confirm(name, isPattern);
            if (one.isComplete()) {
                unconfirmed.remove(i);
                one.reply();
            }
        }
    }

    /** No node can be asked: clients are told that they listen, and will when a node is back. */
    void unreachable() {
        List<Confirmation> all = List.copyOf(unconfirmed);
        unconfirmed.clear();
        all.forEach(Confirmation::reply);
    }

    /** A message for everybody who listens to the channel, or to the pattern if there is one. */
    void message(String pattern, String channel, byte[] message) {
        for (FrontHandler client : subscriptions.listeners(pattern != null ? pattern : channel, pattern != null)) {
            ReplyWriter out = client.beginReply();
            out.push(pattern != null ? 4 : 3);
            out.bulkText(pattern != null ? "pmessage" : "message");
            if (pattern != null) {
                out.bulkText(pattern);
            }
            out.bulkText(channel);
            out.bulk(message);
            client.endPush();
        }
    }
}
