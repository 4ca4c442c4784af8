package dev.jackdaw.server.command;

import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.Flag;
import dev.jackdaw.protocol.command.TransactionCommand;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.persistence.AppendLog;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Owned by the event loop: what CLIENT PAUSE asked for: for some time commands are held back, those that may write or all.
 * Meanwhile nothing expires and nothing is evicted, so the data stand still. A client whose command is held back takes no
 * requests until the end of the pause; then it has to begin with that command again, or to go on with it. So it is, without a pause, with commands
 * that may write while the log does not keep up, with those that would change a long value before a snapshot has it, and with all when the
 * node has ended.
 */
final class Pause {
    private final Engine engine;
    private final AppendLog log;
    private final Runnable begun;
    private final Consumer<Session> resume;
    private final Set<Session> held = new LinkedHashSet<>();
    private boolean all;
    private long endMillis;

    /**
     * @param begun told when there is a pause that has to end
     * @param resume runs a command again that waited before it was held back
     */
    Pause(Engine engine, AppendLog log, Runnable begun, Consumer<Session> resume) {
        this.engine = engine;
        this.log = log;
        this.begun = begun;
        this.resume = resume;
    }

    /** Begins a pause, or makes the one that there is longer and stricter. */
    void begin(long untilMillis, boolean ofAll) {
        all |= ofAll;
        endMillis = Math.max(endMillis, untilMillis);
        engine.held(true);
        begun.run();
    }

    /** When it ends; {@link Waiter#NEVER} if there is none. */
    long endMillis() {
        return endMillis == 0 ? Waiter.NEVER : endMillis;
    }

    void endIfOver() {
        if (endMillis() <= engine.nowMillis()) {
            end();
        } else if (endMillis == 0 && !held.isEmpty() && !log.isBehind() && !engine.isDelayingChanges()) {
            release();
        }
    }

    void end() {
        endMillis = 0;
        all = false;
        engine.held(false);
        release();
    }

    private void release() {
        List<Session> waiting = List.copyOf(held);
        held.clear();
        for (Session session : waiting) {
            session.heldBack(false);
            if (session.isWaiting()) {
                resume.accept(session);
            } else {
                session.connection().goOn();
            }
        }
    }

    /** Clients whose command is held back. */
    int count() {
        return held.size();
    }

    void forget(Session session) {
        held.remove(session);
    }

    /** Holds the client back if its command must not run now; returns whether it did. */
    boolean holdsBack(Session session, Command command) {
        boolean some = endMillis != 0 || log.isBehind();
        if (!some || !all && !mayWrite(session, command)) {
            return false;
        }
        hold(session);
        return true;
    }

    /** Holds a client back whose command must not run now. */
    void hold(Session session) {
        held.add(session);
        session.heldBack(true);
    }

    static boolean mayWrite(Session session, Command command) {
        return command.spec().has(Flag.WRITE)
                || command.spec().has(Flag.MAY_REPLICATE)
                || command == TransactionCommand.EXEC && session.transaction().writes();
    }
}
