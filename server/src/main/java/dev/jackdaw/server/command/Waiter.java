package dev.jackdaw.server.command;

import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.Keyspace;
import dev.jackdaw.server.engine.Kind;

/** Owned by the event loop: a client that waits for one of some keys, and the command with which it does. */
final class Waiter {
    /** A deadline that never comes. */
    static final long NEVER = Long.MAX_VALUE;

    private final Session session;
    private final Keyspace keyspace;
    private final Command command;
    private final KeptRequests kept;
    private final Request request = new Request();
    private final int firstKey;
    private final int lastKey;
    private final Kind.Type type;
    private final long deadlineMillis;
    private final Memo memo;

    /**
     * @param type what a key must hold to be of use; null if the command wants to see for itself whenever a key changes
     * @param memo what the command's body wants to find again when it runs again, or null
     */
    Waiter(Engine engine, Call call, int firstKey, int lastKey, Kind.Type type, long deadlineMillis, Memo memo) {
        this.session = call.session();
        this.keyspace = call.keyspace();
        this.command = call.command();
        this.kept = new KeptRequests(engine, session.connection()::buffer);
        this.firstKey = firstKey;
        this.lastKey = lastKey;
        this.type = type;
        this.deadlineMillis = deadlineMillis;
        this.memo = memo;
        kept.add(call.request());
        kept.next(request);
    }

    Session session() {
        return session;
    }

    Keyspace keyspace() {
        return keyspace;
    }

    Command command() {
        return command;
    }

    /** The command; good until {@link #release}. */
    Request request() {
        return request;
    }

    int firstKey() {
        return firstKey;
    }

    int lastKey() {
        return lastKey;
    }

    /** Whether a key that holds this (null for nothing) may be what it waits for. */
    boolean wants(Kind.Type held) {
        return type == null || type == held;
    }

    /** What a key must hold to be of use, or null. */
    Kind.Type type() {
        return type;
    }

    boolean isKey(int argument, long key, int length) {
        return request.length(argument) == length && Raw.equal(request.address(argument), key, length);
    }

    long deadlineMillis() {
        return deadlineMillis;
    }

    Memo memo() {
        return memo;
    }

    /** Whether all that it waits for are its keys. */
    boolean isForKeys() {
        return memo == null || memo.isForKeys();
    }

    void release() {
        if (memo != null) {
            memo.release();
        }
        request.close();
        kept.clear();
    }
}
