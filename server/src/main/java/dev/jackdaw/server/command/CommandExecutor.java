package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.command.BitmapCommand;
import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.CommandTable;
import dev.jackdaw.protocol.command.ConnectionCommand;
import dev.jackdaw.protocol.command.Flag;
import dev.jackdaw.protocol.command.HashCommand;
import dev.jackdaw.protocol.command.KeyCommand;
import dev.jackdaw.protocol.command.ListCommand;
import dev.jackdaw.protocol.command.PubSubCommand;
import dev.jackdaw.protocol.command.ServerCommand;
import dev.jackdaw.protocol.command.SetCommand;
import dev.jackdaw.protocol.command.SortedSetCommand;
import dev.jackdaw.protocol.command.StringCommand;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.server.observe.CommandStats;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owned by the event loop: the one gate that every command passes: found in the table, its words counted, the client
 * known, memory there; then its body runs and answers. A body's refusal is caught here and nowhere else.
 */
public final class CommandExecutor {
    private static final Logger LOG = LoggerFactory.getLogger(CommandExecutor.class);

    private final CommandTable table = CommandTable.all();
    private final Node node;
    private final CommandStats stats;
    private final Call call;
    private final StringHandlers strings;
    private final BitmapHandlers bitmaps;
    private final HashHandlers hashes;
    private final ListHandlers lists;
    private final SetHandlers sets;
    private final SortedSetHandlers sortedSets;
    private final KeyHandlers keys;
    private final ConnectionHandlers connections;
    private final ServerHandlers servers;
    private final PubSubHandlers channels;

    public CommandExecutor(Node node) {
        this.node = node;
        this.stats = node.commandStats();
        this.call = new Call(node.engine());
        this.strings = new StringHandlers(node);
        this.bitmaps = new BitmapHandlers(node);
        this.hashes = new HashHandlers(node);
        this.lists = new ListHandlers(node);
        this.sets = new SetHandlers(node);
        this.sortedSets = new SortedSetHandlers(node);
        this.keys = new KeyHandlers(node);
        this.connections = new ConnectionHandlers(node);
        this.servers = new ServerHandlers(node);
        this.channels = new PubSubHandlers(node);
    }

    /** Answers one request; the reply is appended to {@code reply}. */
    public void execute(Session session, Request request, ReplyWriter reply) {
        execute(session, table.find(request), request, reply);
    }

    /** Answers one request of a batch. */
    public void execute(Session session, RequestBatch batch, int i, ReplyWriter reply) {
        execute(session, batch.command(i), batch.request(i), reply);
    }

    private void execute(Session session, Command command, Request request, ReplyWriter reply) {
        long mark = reply.mark();
        boolean admitted = false;
        long began = 0;
        reply.protocol(session.protocol());
        node.engine().stats().commands++;
        try {
            admit(command, session, request);
            admitted = true;
            session.used(command.spec().name(), node.engine().nowMillis());
            node.engine().touching(!session.isTouchless() || command == KeyCommand.TOUCH);
            call.begin(command, session, request, reply);
            began = stats.began(command);
            run(command);
        } catch (Refusal refusal) {
            refused(admitted, command, refusal);
            reply.truncate(mark);
            reply.error(refusal.text());
        } catch (RuntimeException | Error e) {
            LOG.error(
                    "{} failed; its connection is closed",
                    command == null ? "?" : command.spec().name(),
                    e);
            reply.truncate(mark);
            session.connection().abort();
        } finally {
            stats.ended(command, began);
        }
        if (session.mutes()) {
            reply.truncate(Math.max(mark, session.keptMark()));
        }
        if (node.keyEvents().isPending()) {
            node.keyEvents().tell();
        }
        if (node.tracking().isActive()) {
            node.tracking().ran(session.tracker(), command, request);
        }
    }

    private void refused(boolean admitted, Command command, Refusal refusal) {
        node.engine().stats().errors++;
        if (admitted) {
            stats.failed(command, refusal.text());
        } else {
            stats.rejected(command, refusal.text());
        }
    }

    private void admit(Command command, Session session, Request request) {
        if (command == null || !command.spec().accepts(request.count())) {
            if (command == null && (request.is(0, "POST") || request.is(0, "HOST:"))) {
                node.suspectedAttack(session);
            }
            throw new Refusal(table.refusal(command, request));
        }
        if (!session.isAuthenticated() && !command.spec().has(Flag.NO_AUTH)) {
            throw new Refusal(CommandError.NO_AUTH);
        }
        if (node.engine().maxMemory() != 0
                && !node.engine().makeRoom()
                && command.spec().has(Flag.DENYOOM)) {
            throw Refusal.OUT_OF_MEMORY;
        }
        if (session.onlyListens() && !PubSubHandlers.isForListeners(command)) {
            throw new Refusal(CommandError.subscribed(command.spec().name()));
        }
    }

    private void run(Command command) {
        switch (command) {
            case StringCommand row -> strings.run(row, call);
            case BitmapCommand row -> bitmaps.run(row, call);
            case HashCommand row -> hashes.run(row, call);
            case ListCommand row -> lists.run(row, call);
            case SetCommand row -> sets.run(row, call);
            case SortedSetCommand row -> sortedSets.run(row, call);
            case KeyCommand row -> keys.run(row, call);
            case ConnectionCommand row -> connections.run(row, call);
            case ServerCommand row -> servers.run(row, call);
            case PubSubCommand row -> channels.run(row, call);
        }
    }
}
