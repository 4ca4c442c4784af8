package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.command.AclCommand;
import dev.jackdaw.protocol.command.BitmapCommand;
import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.CommandSpec;
import dev.jackdaw.protocol.command.CommandTable;
import dev.jackdaw.protocol.command.ConnectionCommand;
import dev.jackdaw.protocol.command.Flag;
import dev.jackdaw.protocol.command.GeoCommand;
import dev.jackdaw.protocol.command.HashCommand;
import dev.jackdaw.protocol.command.HyperLogLogCommand;
import dev.jackdaw.protocol.command.KeyCommand;
import dev.jackdaw.protocol.command.ListCommand;
import dev.jackdaw.protocol.command.PubSubCommand;
import dev.jackdaw.protocol.command.ScriptingCommand;
import dev.jackdaw.protocol.command.ServerCommand;
import dev.jackdaw.protocol.command.SetCommand;
import dev.jackdaw.protocol.command.SortedSetCommand;
import dev.jackdaw.protocol.command.StreamCommand;
import dev.jackdaw.protocol.command.StringCommand;
import dev.jackdaw.protocol.command.TransactionCommand;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.server.observe.CommandStats;
import io.netty.buffer.ByteBuf;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owned by the event loop: the one gate that every command passes: found in the table, its words counted, the client
 * known, memory there; then its body runs and answers, or it is queued for EXEC, or its client has to wait. A body's refusal
 * is caught here and nowhere else.
 */
public final class CommandExecutor {
    private static final int FIRST_REPLY_BYTES = 256;
    private static final Logger LOG = LoggerFactory.getLogger(CommandExecutor.class);

    private final CommandTable table = CommandTable.all();
    private final Node node;
    private final AccessControl access;
    private final ChangeNotice changes;
    private final Observer observer;
    private final CommandStats stats;
    private final Effects effects;
    private final Call call;
    /** For the replies to clients that wait. */
    private final ReplyWriter served = new ReplyWriter();

    private final StringHandlers strings;
    private final BitmapHandlers bitmaps;
    private final HyperLogLogHandlers hyperLogLogs;
    private final GeoHandlers places;
    private final HashHandlers hashes;
    private final ListHandlers lists;
    private final SetHandlers sets;
    private final SortedSetHandlers sortedSets;
    private final StreamHandlers streams;
    private final KeyHandlers keys;
    private final ConnectionHandlers connections;
    private final ServerHandlers servers;
    private final PubSubHandlers channels;
    private final TransactionHandlers transactions;
    private final AclHandlers users;
    private final ScriptingHandlers scripts;

    public CommandExecutor(Node node) {
        this.node = node;
        this.access = new AccessControl(node);
        this.changes = new ChangeNotice(node, node.commands());
        this.observer = node.observer();
        this.stats = observer.stats();
        this.effects = node.effects();
        this.call = new Call(node);
        this.strings = new StringHandlers(node);
        this.bitmaps = new BitmapHandlers(node);
        this.hyperLogLogs = new HyperLogLogHandlers(node);
        this.places = new GeoHandlers(node);
        this.hashes = new HashHandlers(node);
        this.lists = new ListHandlers(node);
        this.sets = new SetHandlers(node);
        this.sortedSets = new SortedSetHandlers(node);
        this.streams = new StreamHandlers(node);
        this.keys = new KeyHandlers(node);
        this.connections = new ConnectionHandlers(node);
        this.servers = new ServerHandlers(node);
        this.channels = new PubSubHandlers(node);
        this.transactions = new TransactionHandlers(node, this::performQueued);
        this.users = new AclHandlers(node);
        this.scripts = new ScriptingHandlers();
    }

    /**
     * Answers one request; the reply is appended to {@code reply}. The client may then have to wait, see {@link
     * Session#takesRequests}.
     *
     * @return false if the command is held back: nothing was done, and the same request has to come again later
     */
    public boolean execute(Session session, Request request, ReplyWriter reply) {
        return execute(session, node.commands().find(request), request, reply);
    }

    /** Answers one request of a batch. */
    public boolean execute(Session session, RequestBatch batch, int i, ReplyWriter reply) {
        return execute(session, batch.command(i), batch.request(i), reply);
    }

    private boolean execute(Session session, Command command, Request request, ReplyWriter reply) {
        long mark = reply.mark();
        if (reply.bytesWritten() == 0) {
            // Other things may have been done since the last command.
            stats.interrupted();
        }
        reply.protocol(session.protocol());
        if (!admits(command, session, request, reply)) {
            session.transaction().spoil();
        } else if (node.pause().holdsBack(session, command) || changes.holdsBack(command, session, request)) {
            return false;
        } else if (session.transaction().isOpen() && !TransactionHandlers.runsAtOnce(command)) {
            session.used(command, node.engine().nowMillis());
            transactions.queue(command, session, request, reply);
        } else {
            perform(command, session, request, reply);
        }
        if (!session.isWaiting() && session.mutes()) {
            reply.truncate(Math.max(mark, session.keptMark()));
        }
        tell(command, session, request);
        serveReady();
        return true;
    }

    /** Tells those who want to know of what the command has done. */
    private void tell(Command command, Session session, Request request) {
        effects.end();
        if (node.keyEvents().isPending()) {
            node.keyEvents().tell();
        }
        if (node.tracking().isActive()) {
            node.tracking()
                    .ran(
                            session.tracker(),
                            command,
                            request,
                            session.transaction().isOpen());
        }
    }

    // --- Before a command ---

    /** Whether the command may run; if not, the reply says why. */
    private boolean admits(Command command, Session session, Request request, ReplyWriter reply) {
        try {
            admit(command, session, request, reply);
            return true;
        } catch (Refusal refusal) {
            node.engine().stats().errors++;
            stats.rejected(command, refusal.text());
            if (command == TransactionCommand.EXEC) {
                node.endTransaction(session);
                reply.error(CommandError.execAborted(refusal.text()));
            } else {
                reply.error(refusal.text());
            }
            return false;
        }
    }

    private void admit(Command command, Session session, Request request, ReplyWriter reply) {
        // Asked for once: it is a call to one of many classes.
        CommandSpec spec = command == null ? null : command.spec();
        if (spec == null || !spec.accepts(request.count())) {
            if (spec == null && (request.is(0, "POST") || request.is(0, "HOST:"))) {
                node.suspectedAttack(session);
            }
            throw new Refusal(table.refusal(command, request));
        }
        if (!session.isAuthenticated() && !spec.has(Flag.NO_AUTH)) {
            throw new Refusal(CommandError.NO_AUTH);
        }
        if (session.transaction().isOpen() && spec.has(Flag.NO_MULTI)) {
            throw new Refusal(CommandError.NOT_INSIDE_MULTI);
        }
        access.require(session, command, request);
        if (request.isIncomplete()) {
            throw Refusal.OUT_OF_MEMORY;
        }
        if (node.loading().isActive()) {
            if (!spec.has(Flag.LOADING)) {
                throw new Refusal(CommandError.LOADING);
            }
        } else if (node.engine().maxMemory() != 0) {
            boolean hasRoom = node.engine().limit().makeRoom();
            tellOfEvicted(session, reply);
            if (!hasRoom && needsMemory(command, session)) {
                throw Refusal.OUT_OF_MEMORY;
            }
        }
        if (node.snapshots().stopsWrites() && needsDisk(command, session)) {
            throw new Refusal(CommandError.SNAPSHOTS_FAIL);
        }
        if (node.log().failure() != null && needsDisk(command, session)) {
            throw new Refusal(CommandError.logFails(node.log().failure()));
        }
        if (session.onlyListens() && !PubSubHandlers.isForListeners(command)) {
            throw new Refusal(CommandError.subscribed(spec.name()));
        }
    }

    /** Before the command's own changes, of which its client may not want to hear. */
    private void tellOfEvicted(Session session, ReplyWriter reply) {
        if (node.tracking().isActive()) {
            node.tracking().tell(null);
            session.keep(reply.mark());
        }
    }

    private static boolean needsDisk(Command command, Session session) {
        return command.spec().has(Flag.WRITE)
                || command == ConnectionCommand.PING
                || command == TransactionCommand.EXEC && session.transaction().writes();
    }

    /** Whether memory is so full that a request of which only the first arguments have been received will be refused. */
    public boolean foreseesNoRoom(Session session, Request begun) {
        if (!node.engine().limit().isFull()) {
            return false;
        }
        Command command = table.find(begun);
        return command != null && needsMemory(command, session);
    }

    private static boolean needsMemory(Command command, Session session) {
        Transaction transaction = session.transaction();
        return command.spec().has(Flag.DENYOOM)
                || transaction.isOpen() && !TransactionHandlers.runsAtOnce(command)
                || command == TransactionCommand.EXEC && transaction.needsMemory();
    }

    // --- Following others ---

    /**
     * Does what one command of a stream of effects says: nobody is asked whether it may. Who takes commands in a transaction gives
     * them one after the other.
     */
    void apply(Session session, Request request, ReplyWriter reply) {
        Command command = table.find(request);
        if (command == null || !command.spec().accepts(request.count())) {
            reply.error(table.refusal(command, request));
            return;
        }
        perform(command, session, request, reply);
        tell(command, session, request);
    }

    // --- Running a command ---

    /** Runs a command that may run; the reply is what its body says, or why it refused. */
    private void perform(Command command, Session session, Request request, ReplyWriter reply) {
        long mark = reply.mark();
        boolean resumes = session.isWaiting();
        node.engine().stats().commands += resumes ? 0 : 1;
        session.used(command, node.engine().nowMillis());
        node.engine().touching(!session.isTouchless() || command == KeyCommand.TOUCH);
        call.begin(command, session, request, reply);
        if (effects.areWanted()) {
            effects.begin(session, request);
        }
        long began = resumes ? stats.resumed(command) : observer.began(command, request);
        try {
            changes.announce(command, session, request);
            run(command);
            if (effects.areWanted()) {
                effects.ran(command, session);
            }
        } catch (Refusal refusal) {
            node.engine().stats().errors++;
            stats.failed(command, refusal.text());
            reply.truncate(mark);
            reply.error(refusal.text());
        } catch (RuntimeException | Error e) {
            LOG.error("{} failed; its connection is closed", command.spec().name(), e);
            reply.truncate(mark);
            session.connection().abort();
        }
        observer.ended(command, session, request, began);
        if (!resumes) {
            observer.tellMonitors(command, session, request);
        }
    }

    /** Runs a command of a transaction, unless the user's rules have changed since it was queued. */
    private void performQueued(Command command, Session session, Request request, ReplyWriter reply) {
        String refusal = access.stillRefused(session, command, request);
        if (refusal == null) {
            perform(command, session, request, reply);
        } else {
            node.engine().stats().errors++;
            stats.rejected(command, refusal);
            reply.error(refusal);
        }
    }

    private void run(Command command) {
        switch (command) {
            case StringCommand row -> strings.run(row, call);
            case BitmapCommand row -> bitmaps.run(row, call);
            case HyperLogLogCommand row -> hyperLogLogs.run(row, call);
            case GeoCommand row -> places.run(row, call);
            case HashCommand row -> hashes.run(row, call);
            case ListCommand row -> lists.run(row, call);
            case SetCommand row -> sets.run(row, call);
            case SortedSetCommand row -> sortedSets.run(row, call);
            case StreamCommand row -> streams.run(row, call);
            case KeyCommand row -> keys.run(row, call);
            case ConnectionCommand row -> connections.run(row, call);
            case ServerCommand row -> servers.run(row, call);
            case PubSubCommand row -> channels.run(row, call);
            case TransactionCommand row -> transactions.run(row, call);
            case AclCommand row -> users.run(row, call);
            case ScriptingCommand row -> scripts.run(row, call);
        }
    }

    // --- Clients that wait ---

    /** Runs again the commands of those who wait for keys that have become ready: by a command, or because they have expired. */
    public void serveReady() {
        if (node.waiting().hasReady()) {
            serveWaiting();
        }
    }

    private void serveWaiting() {
        WaitingClients waiting = node.waiting();
        while (waiting.nextReady()) {
            for (Waiter waiter = waiting.nextWaiter(); waiter != null; waiter = waiting.nextWaiter()) {
                if (!serve(waiter)) {
                    waiting.pass();
                }
            }
        }
    }

    /** Runs again the command of a client that waits, because something has happened that is no change of a key. */
    public void resume(Session session) {
        node.engine().refreshTime();
        if (node.pause().holdsBack(session, session.waiter().command())) {
            return;
        }
        serve(session.waiter());
        serveReady();
    }

    /** Returns false if the client waits on. */
    private boolean serve(Waiter waiter) {
        Session session = waiter.session();
        // Not yet the client's own buffer: while a body runs, others may be written to as well.
        served.attach(session.connection().buffer(FIRST_REPLY_BYTES));
        served.protocol(session.protocol());
        perform(waiter.command(), session, waiter.request(), served);
        ByteBuf reply = served.detach();
        effects.end();
        boolean waitsOn = call.waits();
        if (!waitsOn) {
            WaitingClients.answer(waiter, reply.memoryAddress(), reply.readableBytes());
        }
        reply.release();
        // What the client is told of its own changes comes behind the reply.
        tell(waiter.command(), session, waiter.request());
        if (!waitsOn) {
            node.waiting().goOn(waiter);
        }
        return !waitsOn;
    }
}
