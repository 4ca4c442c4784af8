package dev.jackdaw.server.command;

import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.Keyspace;
import dev.jackdaw.server.memory.Entry;
import java.util.function.LongFunction;

/**
 * Owned by the event loop: the keys that clients watch for their transactions. It listens to changes only while somebody
 * watches something; the note beside a client says whether the key existed when it began to.
 */
final class Watches implements Engine.ChangeListener {
    private final Engine engine;
    private final LongFunction<Session> sessions;
    private final ClientsByKey clients;
    private final Request request = new Request();
    private int watching;

    /** @param sessions every client of the node by its id */
    Watches(Engine engine, LongFunction<Session> sessions) {
        this.engine = engine;
        this.sessions = sessions;
        this.clients = new ClientsByKey(engine);
    }

    /** Clients that watch keys. */
    int watching() {
        return watching;
    }

    void watch(Session session, Request watch) {
        Transaction transaction = session.transaction();
        if (transaction.isOvertaken()) {
            return;
        }
        if (transaction.watched().count() == 0 && watching++ == 0) {
            engine.listen(this);
        }
        transaction.watched().add(watch);
        Keyspace keyspace = session.keyspace();
        for (int i = 1; i < watch.count(); i++) {
            boolean exists = keyspace.peek(watch.address(i), watch.length(i)) != 0;
            clients.add(keyspace, watch.address(i), watch.length(i), session.id(), exists);
        }
    }

    /** Whether a key that the client watches has changed, were it only by time. */
    boolean isOvertaken(Session session) {
        KeptRequests watched = session.transaction().watched();
        watched.rewind();
        while (!session.transaction().isOvertaken() && watched.next(request)) {
            for (int i = 1; i < request.count(); i++) {
                checkExpired(session, request.address(i), request.length(i));
            }
        }
        return session.transaction().isOvertaken();
    }

    private void checkExpired(Session session, long key, int length) {
        for (int database = 0; database < engine.databases(); database++) {
            Keyspace keyspace = engine.keyspace(database);
            if (clients.isNoted(keyspace, key, length, session.id()) && keyspace.peek(key, length) == 0) {
                session.transaction().overtake();
            }
        }
    }

    void unwatch(Session session) {
        KeptRequests watched = session.transaction().watched();
        if (watched.count() > 0) {
            watched.rewind();
            while (watched.next(request)) {
                for (int i = 1; i < request.count(); i++) {
                    clients.removeEverywhere(request.address(i), request.length(i), session.id());
                }
            }
            if (--watching == 0) {
                engine.unlisten(this);
            }
        }
        session.transaction().unwatch();
    }

    @Override
    public void changed(Keyspace keyspace, long key, int length) {
        long entry = clients.find(keyspace, key, length);
        for (int i = 0; entry != 0 && i < ClientsByKey.count(entry); i++) {
            overtake(entry, i);
        }
    }

    /** A database was emptied, or has changed places with another: what matters is what was there, or is now. */
    @Override
    public void cleared(Keyspace keyspace) {
        clients.forEach(keyspace, entry -> {
            boolean exists = keyspace.type(Entry.keyAddress(entry), Entry.keyLength(entry)) != null;
            for (int i = 0; i < ClientsByKey.count(entry); i++) {
                if (exists || ClientsByKey.note(entry, i)) {
                    overtake(entry, i);
                }
            }
        });
    }

    private void overtake(long entry, int i) {
        sessions.apply(ClientsByKey.client(entry, i)).transaction().overtake();
    }
}
