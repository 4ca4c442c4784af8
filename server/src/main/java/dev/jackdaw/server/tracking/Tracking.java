package dev.jackdaw.server.tracking;

import static dev.jackdaw.server.tracking.TrackingOption.BCAST;

import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.ConnectionCommand;
import dev.jackdaw.protocol.command.Flag;
import dev.jackdaw.protocol.command.KeyPositions;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.server.bus.Bus;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.Keyspace;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.pubsub.Outlet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;

/**
 * Owned by the event loop: tells clients that keep copies of keys when these change.
 *
 * <p>While a command runs, the keys that it changes are only noted. When its reply has been written, all who may hold a
 * copy are told; so an invalidation never stands inside a reply, comes behind the reply that it makes stale on the same
 * connection, and is in the outputs of other clients before the writer's reply has left. Keys are tracked by name, whatever
 * the database, as in Redis; unlike there SWAPDB tells everybody to forget all keys.
 *
 * <p>Changes at other nodes come over the bus, for the clients that want to hear of all keys with a prefix; a key that a
 * client has read is one of this node's. What the bus has missed tells them to forget all keys.
 *
 * <p>While nobody tracks, here or elsewhere, it is not called at all.
 */
public final class Tracking implements Engine.ChangeListener {
    /** Keys over the limit that one command pays for. */
    private static final int MAX_FORGOTTEN = 100;

    private static final byte[] INVALIDATE = ascii("invalidate");
    private static final byte[] MESSAGE = ascii("message");
    private static final byte[] CHANNEL = ascii("__redis__:invalidate");
    private static final byte[] REDIRECT_BROKEN = ascii("tracking-redir-broken");

    private final Engine engine;
    private final LongFunction<Tracker> clients;
    private final TrackingTable table;
    private final PendingKeys pending;
    private final PendingKeys heard;
    private final KeyPositions positions = new KeyPositions();
    private final Map<Long, Tracker> trackers = new LinkedHashMap<>();
    private final List<Tracker> broadcasts = new ArrayList<>();
    private long maxKeys = 1_000_000;
    private boolean active;
    private boolean allPending;
    private boolean allHeard;
    private Bus bus;
    private boolean tellsPeers;
    private Outlet opened;

    /** @param clients every client of the node by its id, whether it tracks or not; null where there is none */
    public Tracking(Engine engine, LongFunction<Tracker> clients) {
        this.engine = engine;
        this.clients = clients;
        this.table = new TrackingTable(engine);
        this.pending = new PendingKeys(engine);
        this.heard = new PendingKeys(engine);
    }

    /** How many keys are remembered at most, 0 for no limit: tracking-table-max-keys. */
    public void maxKeys(long keys) {
        maxKeys = keys;
    }

    /** Clients that track. */
    public int clients() {
        return trackers.size();
    }

    /** Keys that some client may hold a copy of. */
    public long keys() {
        return table.size();
    }

    /** Prefixes that clients want to hear of. */
    public int prefixes() {
        return broadcasts.stream().mapToInt(each -> each.prefixArray().length).sum();
    }

    /** Whether {@link #ran} must be called after commands, and {@link #tell} after background work. */
    public boolean isActive() {
        return active;
    }

    // --- Who tracks ---

    public void on(Tracker tracker, Set<TrackingOption> options, long redirect, Collection<String> prefixes) {
        if (options.contains(BCAST) && !tracker.has(BCAST)) {
            broadcasts.add(tracker);
        }
        tracker.on(options, redirect, prefixes);
        trackers.put(tracker.id(), tracker);
        activate();
    }

    public void off(Tracker tracker) {
        if (tracker.isOn()) {
            tracker.off();
            broadcasts.remove(tracker);
            trackers.remove(tracker.id());
            activate();
        }
    }

    /** Makes it part of a cluster. */
    public void join(Bus newBus) {
        bus = newBus;
    }

    /** Says whether other nodes want to hear of changes here. */
    public void tellPeers(boolean wanted) {
        tellsPeers = wanted;
        activate();
    }

    private void activate() {
        if (bus != null) {
            bus.wantsToHearChanges(!broadcasts.isEmpty());
        }
        if (trackers.isEmpty()) {
            table.clear();
        }
        boolean needed = tellsPeers || !trackers.isEmpty();
        if (needed == active) {
            return;
        }
        active = needed;
        if (needed) {
            engine.listen(this);
        } else {
            engine.unlisten(this);
            allPending = false;
            pending.clear();
        }
    }

    // --- What changes ---

    @Override
    public void changed(Keyspace keyspace, long key, int length) {
        if (!allPending && (tellsPeers || !broadcasts.isEmpty() || table.find(key, length) != 0)) {
            allPending = !pending.add(key, length);
        }
    }

    @Override
    public void cleared(Keyspace keyspace) {
        allPending = true;
    }

    /**
     * To be called when a command's reply has been written: tells of its changes, remembers what it read.
     *
     * @param queueing whether the client queues commands for EXEC, to which what CLIENT CACHING said will apply
     */
    public void ran(Tracker client, Command command, Request request, boolean queueing) {
        tell(client);
        if (!queueing) {
            read(client, command, request);
        }
        if (client.isOn() && client.isCaching() && !queueing && !isAboutClients(command)) {
            client.caching(false);
        }
    }

    /** Remembers what a command has read; for a command within another, instead of {@link #ran}. */
    public void read(Tracker client, Command command, Request request) {
        if (client.isOn() && command != null && command.spec().has(Flag.READONLY) && client.remembers()) {
            remember(client, command, request);
        }
    }

    private static boolean isAboutClients(Command command) {
        return command instanceof ConnectionCommand row
                && row.spec().name().startsWith(ConnectionCommand.CLIENT.spec().name());
    }

    private void remember(Tracker client, Command command, Request request) {
        command.spec().keys().find(request, positions);
        for (int i = 0; i < positions.count(); i++) {
            int key = positions.argument(i);
            table.add(request.address(key), request.length(key), client.id(), trackers::containsKey);
        }
        forgetSome();
    }

    /** Forgets some of the keys that are more than there may be; whoever may hold copies of them is told. Returns whether there are still more. */
    public boolean forgetSome() {
        for (int i = 0; i < MAX_FORGOTTEN && isTooFull(); i++) {
            long entry = table.any();
            tellReaders(entry, Entry.keyAddress(entry), Entry.keyLength(entry), null);
        }
        return isTooFull();
    }

    private boolean isTooFull() {
        return maxKeys > 0 && table.size() > maxKeys;
    }

    /** Tells of what has changed since; {@code cause} is the client that did it, or null. */
    public void tell(Tracker cause) {
        if (allPending) {
            allPending = false;
            pending.clear();
            table.clear();
            tellAll(trackers.values());
            if (tellsPeers) {
                bus.cleared();
            }
        } else if (!pending.isEmpty()) {
            tellKeys(pending, cause);
            if (tellsPeers) {
                for (long place = pending.first(); place < pending.end(); place = PendingKeys.next(place)) {
                    bus.changed(PendingKeys.key(place), PendingKeys.length(place));
                }
            }
            pending.clear();
        }
    }

    private void tellKeys(PendingKeys keys, Tracker cause) {
        if (table.size() > 0) {
            for (long place = keys.first(); place < keys.end(); place = PendingKeys.next(place)) {
                long key = PendingKeys.key(place);
                int length = PendingKeys.length(place);
                long entry = table.find(key, length);
                if (entry != 0) {
                    tellReaders(entry, key, length, cause);
                }
            }
        }
        for (int i = 0; i < broadcasts.size(); i++) {
            Tracker tracker = broadcasts.get(i);
            if (tracker.hears(cause)) {
                broadcast(keys, tracker);
            }
        }
    }

    private void tellReaders(long entry, long key, int length, Tracker cause) {
        for (int i = 0; i < TrackingTable.count(entry); i++) {
            Tracker tracker = trackers.get(TrackingTable.client(entry, i));
            if (tracker != null && !tracker.has(BCAST) && tracker.hears(cause)) {
                ReplyWriter out = open(tracker);
                if (out != null) {
                    out.array(1);
                    out.bulk(key, length);
                    opened.pushed();
                }
            }
        }
        table.remove(entry);
    }

    /** One message for each prefix that has changed keys. */
    private void broadcast(PendingKeys keys, Tracker tracker) {
        for (String prefix : tracker.prefixArray()) {
            int count = 0;
            for (long place = keys.first(); place < keys.end(); place = PendingKeys.next(place)) {
                count += PendingKeys.hasPrefix(place, prefix) ? 1 : 0;
            }
            ReplyWriter out = count == 0 ? null : open(tracker);
            if (out != null) {
                out.array(count);
                for (long place = keys.first(); place < keys.end(); place = PendingKeys.next(place)) {
                    if (PendingKeys.hasPrefix(place, prefix)) {
                        out.bulk(PendingKeys.key(place), PendingKeys.length(place));
                    }
                }
                opened.pushed();
            }
        }
    }

    private void tellAll(Collection<Tracker> all) {
        for (Tracker tracker : all) {
            ReplyWriter out = open(tracker);
            if (out != null) {
                out.nullBulk();
                opened.pushed();
            }
        }
    }

    // --- What changes at other nodes ---

    /** A key has changed there; {@link #tellHeard} must follow. */
    public void heard(long key, int length) {
        if (!allHeard && !broadcasts.isEmpty()) {
            allHeard = !heard.add(key, length);
        }
    }

    /** Any key may have changed there; {@link #tellHeard} must follow. */
    public void missed() {
        allHeard = true;
    }

    /** Tells of what was heard since. */
    public void tellHeard() {
        if (allHeard) {
            allHeard = false;
            tellAll(broadcasts);
        } else if (!heard.isEmpty()) {
            tellKeys(heard, null);
        }
        heard.clear();
    }

    // --- Messages ---

    /** The output of whom the client's invalidations go to, with the begin of one written; null if they go nowhere. */
    private ReplyWriter open(Tracker tracker) {
        boolean redirected = tracker.redirect() != 0;
        Tracker target = redirected ? clients.apply(tracker.redirect()) : tracker;
        if (target == null) {
            tellRedirectBroken(tracker);
            return null;
        }
        opened = target.subscriber().outlet();
        ReplyWriter out = opened.push();
        if (out.protocol() == 3) {
            out.push(2);
            out.bulk(INVALIDATE);
        } else if (redirected && target.subscriber().listens()) {
            out.push(3);
            out.bulk(MESSAGE);
            out.bulk(CHANNEL);
        } else {
            opened.pushed();
            return null;
        }
        return out;
    }

    private static void tellRedirectBroken(Tracker tracker) {
        tracker.breakRedirect();
        ReplyWriter out = tracker.subscriber().outlet().push();
        if (out.protocol() == 3) {
            out.push(2);
            out.bulk(REDIRECT_BROKEN);
            out.integer(tracker.redirect());
        }
        tracker.subscriber().outlet().pushed();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
