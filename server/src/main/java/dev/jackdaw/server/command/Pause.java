package dev.jackdaw.server.command;

import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.Flag;
import dev.jackdaw.protocol.command.TransactionCommand;
import dev.jackdaw.server.engine.Engine;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Owned by the event loop: what CLIENT PAUSE asked for: for some time commands are held back, those that may write or all.
 * Meanwhile nothing expires and nothing is evicted, so the data stand still. A client whose command is held back takes no
 * requests until the end of the pause; then it has to begin with that command again.
 */
final class Pause {
    private final Engine engine;
    private final Runnable begun;
    private final Set<Session> held = new LinkedHashSet<>();
    private boolean all;
    private long endMillis;

    /** @param begun told when there is a pause that has to end */
    Pause(Engine engine, Runnable begun) {
        this.engine = engine;
        this.begun = begun;
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
        }
    }

    void end() {
        endMillis = 0;
        all = false;
        engine.held(false);
        List<Session> waiting = List.copyOf(held);
        held.clear();
        for (Session session : waiting) {
            session.heldBack(false);
            session.connection().goOn();
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
        if (endMillis == 0 || !all && !mayWrite(session, command)) {
            return false;
        }
        held.add(session);
        session.heldBack(true);
        return true;
    }

    private static boolean mayWrite(Session session, Command command) {
        return command.spec().has(Flag.WRITE)
                || command.spec().has(Flag.MAY_REPLICATE)
                || command == TransactionCommand.EXEC && session.transaction().writes();
    }
}
