package dev.jackdaw.proxy.local;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Shared by all event loops of a proxy, through concurrent maps and counters: the clients that are connected. */
public final class Clients {
    private final Map<Long, Session> sessions = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final int most;

    public Clients(int most) {
        this.most = most;
    }

    public long nextId() {
        return lastId.incrementAndGet();
    }

    /** Lets a client in; false when there are too many. */
    public boolean enter(Session session) {
        accepted.incrementAndGet();
        if (sessions.size() >= most) {
            refused.incrementAndGet();
            return false;
        }
        sessions.put(session.id(), session);
        return true;
    }

    public void leave(Session session) {
        sessions.remove(session.id());
    }

    /** The session of that number, or null. */
    public Session find(long id) {
        return sessions.get(id);
    }

    /** Everybody, the oldest first. */
    public List<Session> list() {
        Collection<Session> everybody = sessions.values();
        return everybody.stream().sorted(Comparator.comparingLong(Session::id)).toList();
    }

    public int count() {
        return sessions.size();
    }

    public int most() {
        return most;
    }

    public long accepted() {
        return accepted.get();
    }

    public long refused() {
        return refused.get();
    }
}
