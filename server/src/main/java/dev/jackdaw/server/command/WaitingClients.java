package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.resp.Integers;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.Keyspace;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.memory.Entry;
import io.netty.buffer.Unpooled;
import java.util.Comparator;
import java.util.TreeSet;
import java.util.function.LongFunction;

/**
 * Owned by the event loop: the clients that wait for keys. While a command runs, the keys of theirs that change are only
 * noted. When it has ended, with all that EXEC ran, the executor runs the waiting commands again: the keys in the order in
 * which they became ready, for each the clients in the order in which they came.
 *
 * <pre>
 *   LPUSH k ──▶ changed: k is ready ──▶ turn to k ──▶ first client's BLPOP again ──▶ served, its wait ends
 *                                                     second client's            ──▶ nothing left, it waits on
 * </pre>
 *
 * It listens to changes only while somebody waits. A wait that ends makes its client take requests again.
 */
final class WaitingClients implements Engine.ChangeListener {
    private static final Comparator<Waiter> BY_DEADLINE = Comparator.comparingLong(Waiter::deadlineMillis)
            .thenComparing(waiter -> waiter.session().id());

    private final Engine engine;
    private final LongFunction<Session> sessions;
    private final Runnable deadlineAdded;
    private final ClientsByKey clients;
    private final TreeSet<Waiter> deadlines = new TreeSet<>(BY_DEADLINE);
    private final Request ready = new Request();
    /** The keys that have become ready, each as a database and a key; and those that are being served. */
    private KeptRequests nextKeys;

    private KeptRequests keys;
    private int position;
    private boolean serving;
    private int waiting;
    /** The clients that wait for any key that holds a value of a type. */
    private final int[] waitingFor = new int[Kind.Type.values().length];

    /**
     * @param sessions every client of the node by its id
     * @param deadlineAdded told when somebody does not want to wait forever
     */
    WaitingClients(Engine engine, LongFunction<Session> sessions, Runnable deadlineAdded) {
        this.engine = engine;
        this.sessions = sessions;
        this.deadlineAdded = deadlineAdded;
        this.clients = new ClientsByKey(engine);
        this.keys = new KeptRequests(engine, Unpooled::directBuffer);
        this.nextKeys = new KeptRequests(engine, Unpooled::directBuffer);
    }

    /** Clients that wait. */
    int count() {
        return waiting;
    }

    /** Clients that do not wait forever. */
    int countWithDeadline() {
        return deadlines.size();
    }

    // --- Beginning and ending ---

    void add(Waiter waiter) {
        if (waiting++ == 0) {
            engine.listen(this);
        }
        for (int i = waiter.firstKey(); waiter.isForKeys() && i <= waiter.lastKey(); i++) {
            add(waiter, i);
        }
        waiter.session().waitsAs(waiter);
        count(waiter, 1);
        if (waiter.deadlineMillis() != Waiter.NEVER) {
            deadlines.add(waiter);
            deadlineAdded.run();
        }
    }

    /** Makes the client wait for one key more. */
    void add(Waiter waiter, int key) {
        Request request = waiter.request();
        clients.add(
                waiter.keyspace(),
                request.address(key),
                request.length(key),
                waiter.session().id(),
                false);
    }

    /** Makes it wait for one less, if it does so. */
    void remove(Waiter waiter, int key) {
        Request request = waiter.request();
        clients.remove(
                waiter.keyspace().number(),
                request.address(key),
                request.length(key),
                waiter.session().id());
    }

    /** Ends the wait, with no word to the client. */
    void remove(Waiter waiter) {
        for (int i = waiter.firstKey(); i <= waiter.lastKey(); i++) {
            remove(waiter, i);
        }
        deadlines.remove(waiter);
        count(waiter, -1);
        waiter.release();
        waiter.session().waitsAs(null);
        if (--waiting == 0) {
            engine.unlisten(this);
        }
    }

    private void count(Waiter waiter, int change) {
        if (waiter.type() != null) {
            waitingFor[waiter.type().ordinal()] += change;
        }
    }

    /** Answers a client that waits; {@link #goOn} must follow. */
    static void answer(Waiter waiter, long reply, int length) {
        Session session = waiter.session();
        if (!session.mutes()) {
            session.connection().push().raw(reply, length);
            session.connection().pushed();
        }
    }

    /** Ends the wait of a client that was answered. */
    void goOn(Waiter waiter) {
        remove(waiter);
        waiter.session().connection().goOn();
    }

    /** Ends the wait as if its time were over. */
    void timeOut(Waiter waiter) {
        end(waiter, null);
    }

    /** Ends the wait with an error. */
    void interrupt(Waiter waiter) {
        end(waiter, CommandError.UNBLOCKED);
    }

    private void end(Waiter waiter, String error) {
        Session session = waiter.session();
        remove(waiter);
        if (!session.mutes()) {
            ReplyWriter reply = session.connection().push();
            if (error == null) {
                reply.nullArray();
            } else {
                reply.error(error);
            }
            session.connection().pushed();
        }
        session.connection().goOn();
    }

    /** When the next wait is over. */
    long nextDeadlineMillis() {
        return deadlines.isEmpty() ? Waiter.NEVER : deadlines.first().deadlineMillis();
    }

    /** Ends every wait whose time is over. */
    void timeOut() {
        while (nextDeadlineMillis() <= engine.nowMillis()) {
            timeOut(deadlines.first());
        }
    }

    // --- What becomes ready ---

    @Override
    public void changed(Keyspace keyspace, long key, int length) {
        long entry = clients.find(keyspace, key, length);
        if (entry != 0) {
            noteReady(keyspace, entry);
        }
    }

    @Override
    public void awaited(Keyspace keyspace, long key, int length) {
        changed(keyspace, key, length);
    }

    @Override
    public void cleared(Keyspace keyspace) {
        clients.forEach(keyspace, entry -> noteReady(keyspace, entry));
    }

    private void noteReady(Keyspace keyspace, long entry) {
        Kind.Type held = keyspace.type(Entry.keyAddress(entry), Entry.keyLength(entry));
        if (!Entry.isMarked(entry) && isWanted(entry, held)) {
            Entry.mark(entry, true);
            nextKeys.add(keyspace.number(), Entry.keyAddress(entry), Entry.keyLength(entry));
        }
    }

    /** As in Redis, a key's turn is that of the first type which anybody waits for, be it for another key. */
    private boolean isWanted(long entry, Kind.Type held) {
        if (held != null && waitingFor[held.ordinal()] > 0) {
            return true;
        }
        int i = 0;
        while (i < ClientsByKey.count(entry) && !waiter(entry, i).wants(held)) {
            i++;
        }
        return i < ClientsByKey.count(entry);
    }

    private Waiter waiter(long entry, int i) {
        return sessions.apply(ClientsByKey.client(entry, i)).waiter();
    }

    // --- Serving ---

    boolean hasReady() {
        return nextKeys.count() > 0;
    }

    /** Turns to the next key that is ready; false if there is none. */
    boolean nextReady() {
        serving = findReady();
        return serving;
    }

    /** Whether a key has become ready for those who are served now. */
    boolean isServing() {
        return serving;
    }

    private boolean findReady() {
        if (!keys.next(ready)) {
            keys.clear();
            KeptRequests served = keys;
            keys = nextKeys;
            nextKeys = served;
            if (!keys.next(ready)) {
                return false;
            }
        }
        long entry = readyEntry();
        if (entry != 0) {
            Entry.mark(entry, false);
        }
        position = 0;
        return true;
    }

    /** The next client for whom the key may be of use, or null. Its wait has to end, or {@link #pass} has to be called. */
    Waiter nextWaiter() {
        long entry = readyEntry();
        while (entry != 0 && position < ClientsByKey.count(entry)) {
            Waiter waiter = waiter(entry, position);
            if (waiter.wants(readyKeyspace().type(readyKey(), readyLength()))) {
                return waiter;
            }
            position++;
        }
        return null;
    }

    /** The client waits on. */
    void pass() {
        position++;
    }

    private long readyEntry() {
        return clients.find(readyKeyspace(), readyKey(), readyLength());
    }

    private Keyspace readyKeyspace() {
        return engine.keyspace((int) Integers.parse(ready.address(0), ready.length(0)));
    }

    long readyKey() {
        return ready.address(1);
    }

    int readyLength() {
        return ready.length(1);
    }
}
