package dev.jackdaw.proxy.net;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.CommandTable;
import dev.jackdaw.protocol.command.Flag;
import dev.jackdaw.protocol.command.Keys;
import dev.jackdaw.protocol.command.TransactionCommand;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.protocol.resp.RequestDecoder;
import dev.jackdaw.proxy.local.Session;
import dev.jackdaw.proxy.route.ReplySink;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Owned by one client: what it has begun with MULTI or WATCH. All its keys must be in one slot, so that one node can run it.
 *
 * <pre>
 *   WATCH k     to the node, over the client's own connection, which is kept until EXEC
 *   MULTI       answered here
 *   commands    kept here, answered QUEUED
 *   EXEC        MULTI, the commands and EXEC go to the node in one piece: over the client's own connection if it
 *               watches keys, otherwise over the one that all clients share
 * </pre>
 */
final class Transaction implements ReplySink {
    private static final int MOST_BYTES = 64 << 20;
    private static final byte[] MULTI = "MULTI".getBytes(StandardCharsets.US_ASCII);

    /** For the replies to what goes before EXEC: its own reply says all. */
    private static final ReplySink NOBODY = new ReplySink() {
        @Override
        public void reply(int tag, long address, int length) {
            // OK or QUEUED; or an error, then EXEC fails.
        }

        @Override
        public void failed(int tag, String error) {
            // EXEC fails as well.
        }
    };

    private final Worker worker;
    private final FrontHandler client;
    private final Session session;
    private final OwnConnection own;
    private final RequestDecoder decoder = new RequestDecoder();
    private final Request request = new Request();
    private ByteBuf queue;
    private int slot = Keys.NO_SLOT;
    private boolean spoiled;
    private boolean watching;
    private boolean overtaken;

    Transaction(Worker worker, FrontHandler client, OwnConnection own) {
        this.worker = worker;
        this.client = client;
        this.session = client.session();
        this.own = own;
        decoder.maxBulkBytes(Integer.MAX_VALUE);
    }

    /** Whether keys are watched, so that what the client reads must not be older. */
    boolean isWatching() {
        return watching;
    }

    /** The command was refused, so EXEC must fail. */
    void spoil() {
        spoiled = true;
    }

    /** The connection over which keys were watched is gone: they may have changed. */
    void watchLost() {
        overtaken |= watching;
        watching = false;
    }

    /** Forgets everything, on both sides. */
    void end() {
        boolean watched = watching;
        watching = false;
        if (watched) {
            own.close();
        }
        overtaken = false;
        spoiled = false;
        slot = Keys.NO_SLOT;
        session.queueing(false);
        dropQueue();
    }

    private void dropQueue() {
        if (queue != null) {
            queue.release();
            queue = null;
        }
    }

    /**
     * Answers one of the commands on transactions.
     *
     * @throws Refusal for a mistake of the client's
     */
    void run(TransactionCommand command, Request of, int keySlot) {
        switch (command) {
            case MULTI -> {
                if (session.isQueueing()) {
                    throw new Refusal(CommandError.NESTED_MULTI);
                }
                session.queueing(true);
                replyOk();
            }
            case DISCARD -> {
                if (!session.isQueueing()) {
                    throw new Refusal(CommandError.DISCARD_WITHOUT_MULTI);
                }
                end();
                replyOk();
            }
            case WATCH -> watch(of, keySlot);
            case UNWATCH -> {
                end();
                replyOk();
            }
            case EXEC -> exec(of);
        }
    }

    private void replyOk() {
        client.beginReply().ok();
        client.endReply();
    }

    private void watch(Request of, int keySlot) {
        if (session.isQueueing()) {
            throw new Refusal(CommandError.WATCH_INSIDE_MULTI);
        }
        useSlot(keySlot);
        watching = true;
        client.sendOverOwn(worker.router().nodeOfSlot(slot), of, client);
    }

    private void useSlot(int keySlot) {
        if (slot != Keys.NO_SLOT && keySlot != Keys.NO_SLOT && slot != keySlot) {
            throw new Refusal(CommandError.CROSS_SLOT);
        }
        slot = slot == Keys.NO_SLOT ? keySlot : slot;
    }

    /** Keeps a command for EXEC. */
    void queue(Request of, int keySlot) {
        try {
            useSlot(keySlot);
            keep(of);
        } catch (Refusal refused) {
            spoiled = true;
            throw refused;
        }
        client.beginReply().simple("QUEUED");
        client.endReply();
    }

    private void keep(Request of) {
        if (queue == null) {
            queue = worker.buffers().allocator().directBuffer();
        }
        if (queue.writerIndex() + of.bytes() > MOST_BYTES) {
            throw new Refusal(CommandError.TRANSACTION_TOO_LARGE);
        }
        ReplyWriter writer = worker.requestWriter();
        writer.attach(queue);
        if (of.bytes() > 0) {
            writer.raw(of.start(), (int) of.bytes());
        } else {
            writer.array(of.count());
            for (int i = 0; i < of.count(); i++) {
                writer.bulk(of.address(i), of.length(i));
            }
        }
        queue = writer.detach();
    }

    private void exec(Request exec) {
        if (!session.isQueueing()) {
            throw new Refusal(CommandError.EXEC_WITHOUT_MULTI);
        }
        if (spoiled) {
            end();
            throw new Refusal(CommandError.EXEC_ABORTED);
        }
        if (overtaken || queue == null && !watching) {
            replyNothing();
            end();
            return;
        }
        int node = slot == Keys.NO_SLOT ? 0 : worker.router().nodeOfSlot(slot);
        if (watching) {
            // The keys that it writes are dropped from the near cache when the reply comes; see reply.
            Backend backend = client.ownBackend(node);
            sendQueued(backend);
            client.sendOverOwn(node, exec, this);
        } else {
            Backend backend = client.lane()[node];
            sendQueued(backend);
            backend.send(exec, client, client.openReply());
            markWrites(node, backend);
            end();
        }
    }

    private void replyNothing() {
        if (overtaken) {
            client.beginReply().nullArray();
        } else {
            client.beginReply().array(0);
        }
        client.endReply();
    }

    private void sendQueued(Backend backend) {
        backend.send(NOBODY, 0, MULTI);
        rewind();
        while (next()) {
            backend.send(request, NOBODY, 0);
        }
    }

    private void rewind() {
        if (queue != null) {
            queue.readerIndex(0);
        }
    }

    private boolean next() {
        return queue != null && decoder.decode(queue, request);
    }

    private void markWrites(int node, Backend backend) {
        NearReads near = worker.near();
        rewind();
        while (near != null && next()) {
            Command command = CommandTable.all().find(request);
            if (command.spec().has(Flag.WRITE)) {
                near.written(command, request, node, backend);
            }
        }
    }

    /** The reply to EXEC over the client's own connection, after which nothing is watched any more. */
    @Override
    public void reply(int tag, long address, int length) {
        if (slot != Keys.NO_SLOT) {
            int node = worker.router().nodeOfSlot(slot);
            markWrites(node, client.lane()[node]);
        }
        watching = false;
        end();
        client.reply(tag, address, length);
    }

    @Override
    public void failed(int tag, String error) {
        watching = false;
        end();
        client.failed(tag, error);
    }
}
