package dev.jackdaw.server.command;

import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.CommandTable;
import dev.jackdaw.protocol.command.Flag;
import dev.jackdaw.protocol.command.KeyCommand;
import dev.jackdaw.protocol.command.KeyPositions;
import dev.jackdaw.protocol.command.TransactionCommand;
import dev.jackdaw.protocol.resp.Request;

/**
 * Owned by the event loop: whoever takes a snapshot learns here of all keys that a command may change, however its body finds
 * them; and where a long value has to be written for that first, the command waits, and not all clients.
 */
final class ChangeNotice {
    private final Node node;
    private final CommandTable table;
    private final KeyPositions changing = new KeyPositions();
    private final Request queued = new Request();

    ChangeNotice(Node node, CommandTable table) {
        this.node = node;
        this.table = table;
    }

    /** Holds the client back if its command would change a value that is to be written first and is long; returns whether it did. */
    boolean holdsBack(Command command, Session session, Request request) {
        if (!node.engine().isWitnessed() || !delays(command, session, request)) {
            return false;
        }
        node.pause().hold(session);
        return true;
    }

    /** Before the command's body runs. */
    void announce(Command command, Session session, Request request) {
        if (!node.engine().isWitnessed() || !changesItsKeys(command)) {
            return;
        }
        command.spec().keys().find(request, changing);
        for (int i = 0; i < changing.count(); i++) {
            int key = changing.argument(i);
            session.keyspace().beforeChange(request.address(key), request.length(key));
        }
    }

    /** MIGRATE removes few of its keys at a time, and announces them itself. */
    private static boolean changesItsKeys(Command command) {
        return command.spec().has(Flag.WRITE) && command != KeyCommand.MIGRATE;
    }

    private boolean delays(Command command, Session session, Request request) {
        Transaction transaction = session.transaction();
        if (!transaction.isOpen()) {
            return delaysOne(command, session, request);
        }
        if (command != TransactionCommand.EXEC || !transaction.writes()) {
            return false;
        }
        boolean delays = false;
        transaction.queue().rewind();
        while (!delays && transaction.queue().next(queued)) {
            delays = delaysOne(table.find(queued), session, queued);
        }
        return delays;
    }

    private boolean delaysOne(Command command, Session session, Request request) {
        if (!changesItsKeys(command)) {
            return false;
        }
        boolean delays = false;
        command.spec().keys().find(request, changing);
        for (int i = 0; i < changing.count() && !delays; i++) {
            int key = changing.argument(i);
            delays = session.keyspace().delaysChange(request.address(key), request.length(key));
        }
        return delays;
    }
}
