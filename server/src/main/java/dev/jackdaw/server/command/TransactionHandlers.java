package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.ConnectionCommand;
import dev.jackdaw.protocol.command.TransactionCommand;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.protocol.resp.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owned by the event loop: the bodies of MULTI and its companions. */
final class TransactionHandlers {
    /** Runs a command's body and answers, whatever comes of it. */
    interface Runner {
        void run(Command command, Session session, Request request, ReplyWriter reply);
    }

    private static final Logger LOG = LoggerFactory.getLogger(TransactionHandlers.class);

    private final Node node;
    private final Runner runner;
    private final Request queued = new Request();

    /** @param runner what EXEC gives the queued commands to */
    TransactionHandlers(Node node, Runner runner) {
        this.node = node;
        this.runner = runner;
    }

    void run(TransactionCommand command, Call call) {
        switch (command) {
            case MULTI -> multi(call);
            case EXEC -> exec(call);
            case DISCARD -> discard(call);
            case WATCH -> watch(call);
            case UNWATCH -> unwatch(call);
        }
    }

    /** Whether the command is not queued after MULTI, but runs at once. */
    static boolean runsAtOnce(Command command) {
        return command == TransactionCommand.EXEC
                || command == TransactionCommand.DISCARD
                || command == TransactionCommand.MULTI
                || command == TransactionCommand.WATCH
                || command == ConnectionCommand.QUIT
                || command == ConnectionCommand.RESET;
    }

    /** Instead of running a command after MULTI. */
    void queue(Command command, Session session, Request request, ReplyWriter reply) {
        if (hasRoom(session, request)) {
            session.transaction().add(command, request);
            reply.simple("QUEUED");
        }
    }

    /** Whether the client may keep one more request here; if not, it is closed. */
    private boolean hasRoom(Session session, Request request) {
        if (session.transaction().bytes() + request.bytes() <= node.config().queryBufferLimitBytes()) {
            return true;
        }
        node.engine().stats().queryBufferDisconnections++;
        LOG.warn(
                "Closing client {}: its transaction is too large",
                session.connection().remoteAddress());
        session.connection().abort();
        return false;
    }

    private static void multi(Call call) {
        if (call.session().transaction().isOpen()) {
            throw new Refusal(CommandError.NESTED_MULTI);
        }

        call.session().transaction().begin();
        call.reply().ok();
    }

    private void discard(Call call) {
        if (!call.session().transaction().isOpen()) {
            throw new Refusal(CommandError.DISCARD_WITHOUT_MULTI);
        }

        node.endTransaction(call.session());
        call.reply().ok();
    }

    private void watch(Call call) {
        if (call.session().transaction().isOpen()) {
            throw new Refusal(CommandError.WATCH_INSIDE_MULTI);
        }

        if (hasRoom(call.session(), call.request())) {
            node.watches().watch(call.session(), call.request());
            call.reply().ok();
        }
    }

    private void unwatch(Call call) {
        node.watches().unwatch(call.session());
        call.reply().ok();
    }

    private void exec(Call call) {
        Session session = call.session();
        Transaction transaction = session.transaction();
        if (!transaction.isOpen()) {
            throw new Refusal(CommandError.EXEC_WITHOUT_MULTI);
        }
        boolean overtaken = node.watches().isOvertaken(session);
        if (transaction.isSpoiled()) {
            node.endTransaction(session);
            throw new Refusal(CommandError.EXEC_ABORTED);
        }

        node.watches().unwatch(session);
        if (overtaken) {
            call.reply().nullArray();
        } else {
            runQueued(session, call.reply());
        }
        node.endTransaction(session);
    }

    /** From here on the call is that of the queued commands, one after the other. */
    private void runQueued(Session session, ReplyWriter reply) {
        Transaction transaction = session.transaction();
        transaction.running(true);
        if (!session.isMuted()) {
            reply.array(transaction.queue().count());
        }
        transaction.queue().rewind();
        while (transaction.queue().next(queued)) {
            Command command = node.commands().find(queued);
            long mark = reply.mark();
            runner.run(command, session, queued, reply);
            if (session.isMuted()) {
                reply.truncate(Math.max(mark, session.keptMark()));
            }
            if (node.tracking().isActive()) {
                node.tracking().read(session.tracker(), command, queued);
            }
        }
        // What CLIENT REPLY drops of this is dropped by now.
        session.keep(reply.mark());
        transaction.running(false);
    }
}
