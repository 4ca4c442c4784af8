package dev.jackdaw.server.command;

import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.Flag;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.server.engine.Engine;

/** Owned by the event loop: what a client has begun with MULTI or WATCH: the commands it queues, the keys it watches. */
final class Transaction {
    private final KeptRequests queue;
    private final KeptRequests watched;
    private boolean open;
    private boolean running;
    private boolean spoiled;
    private boolean overtaken;
    private boolean writes;
    private boolean needsMemory;

    Transaction(Engine engine, Connection connection) {
        this.queue = new KeptRequests(engine, connection::buffer);
        this.watched = new KeptRequests(engine, connection::buffer);
    }

    /** Between MULTI and the end of EXEC. */
    boolean isOpen() {
        return open;
    }

    void begin() {
        open = true;
    }

    /** Queues a command; nothing more is kept of a transaction that will not run anyway. */
    void add(Command command, Request request) {
        if (!spoiled && !overtaken) {
            queue.add(request);
            writes |= command.spec().has(Flag.WRITE) || command.spec().has(Flag.MAY_REPLICATE);
            needsMemory |= command.spec().has(Flag.DENYOOM);
        }
    }

    KeptRequests queue() {
        return queue;
    }

    /** The WATCH commands since the last EXEC, DISCARD or UNWATCH. */
    KeptRequests watched() {
        return watched;
    }

    /** What the node keeps for it, in bytes of requests. */
    long bytes() {
        return queue.bytes() + watched.bytes();
    }

    /** Whether a queued command may write. */
    boolean writes() {
        return writes;
    }

    /** Whether a queued command is refused when memory is short. */
    boolean needsMemory() {
        return needsMemory;
    }

    /** While EXEC runs the queued commands. */
    boolean isRunning() {
        return running;
    }

    void running(boolean is) {
        running = is;
    }

    /** A command could not be queued: EXEC must fail. */
    void spoil() {
        spoiled = open;
    }

    boolean isSpoiled() {
        return spoiled;
    }

    /** A watched key has changed: EXEC must do nothing. */
    void overtake() {
        overtaken = true;
    }

    boolean isOvertaken() {
        return overtaken;
    }

    /** UNWATCH: whatever watched keys did does not matter; {@link Watches} forgets them. */
    void unwatch() {
        watched.clear();
        overtaken = false;
    }

    /** Back to before MULTI. */
    void end() {
        queue.clear();
        open = false;
        spoiled = false;
        writes = false;
        needsMemory = false;
    }
}
