package dev.jackdaw.server.command;

import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.CommandTable;
import dev.jackdaw.protocol.command.ConnectionCommand;
import dev.jackdaw.protocol.command.Flag;
import dev.jackdaw.protocol.command.TransactionCommand;
import dev.jackdaw.protocol.resp.ProtocolException;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.protocol.resp.RequestDecoder;
import dev.jackdaw.server.engine.Engine;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * Owned by the event loop: applies a stream of {@link Effects} to the data of a node, while its engine is {@link
 * Engine#following}. A transaction is applied when its EXEC is there: one that lacks it has no effect.
 */
public final class EffectReader implements AutoCloseable {
    private static final int SHOWN_WORDS = 3;
    private static final int SHOWN_BYTES = 40;
    private static final int KEPT_REPLY_BYTES = 1 << 20;

    private final CommandTable table = CommandTable.all();
    private final Engine engine;
    private final CommandExecutor executor;
    private final SilentConnection connection = new SilentConnection();
    private final Session session;
    private final RequestDecoder decoder = new RequestDecoder();
    private final Request request = new Request();
    private final KeptRequests transaction;
    private final Request queued = new Request();
    private final ReplyWriter writer = new ReplyWriter();
    private ByteBuf reply = Unpooled.directBuffer();
    private boolean inTransaction;

    /** In bytes of the stream: where the buffer's first would be, what has been read, and what of it is whole. */
    private long base;

    private long read;
    private long whole;
    private long commands;

    public EffectReader(Node node, CommandExecutor executor) {
        this.engine = node.engine();
        this.executor = executor;
        this.session = new Session(0, connection, engine.keyspace(0), node.acl().newOpenUser(), engine.nowMillis());
        this.transaction = new KeptRequests(engine, connection::buffer);
        // Nobody is there to wait for anything.
        session.transaction().running(true);
        decoder.maxBulkBytes(Integer.MAX_VALUE);
        decoder.maxArguments(Integer.MAX_VALUE);
    }

    /**
     * Applies the commands of which {@code in}, a direct buffer, holds the end. The beginning of another stays in it, and has to be
     * there again at the next call, with more behind it. Lines between commands that begin with {@code #} mean nothing.
     *
     * @throws EffectException if this is no such stream, or not one for these data; no more of it can be read then
     */
    public void apply(ByteBuf in) {
        assert engine.isFollowing() : "data with a life of their own";
        base = read - in.readerIndex();
        try {
            while (skipRemarks(in) && decoder.decode(in, request)) {
                apply();
                advance(in);
            }
        } catch (ProtocolException e) {
            throw new EffectException(e.getMessage(), read);
        }
    }

    /** Behind which byte the stream could end and be whole: there is no command in its midst, nor a transaction. */
    public long wholeBytes() {
        return whole;
    }

    /** Commands applied, with those in transactions. */
    public long commands() {
        return commands;
    }

    /** Goes to where a command begins; false if the bytes end before. */
    private boolean skipRemarks(ByteBuf in) {
        boolean begun = decoder.bytesWanted() > 0;
        while (!begun && in.isReadable() && in.getByte(in.readerIndex()) != '*') {
            if (in.getByte(in.readerIndex()) != '#') {
                throw new EffectException("No command begins here", read);
            }
            int line = in.bytesBefore((byte) '\n') + 1;
            if (line == 0) {
                return false;
            }
            in.skipBytes(line);
            advance(in);
        }
        return in.isReadable();
    }

    private void advance(ByteBuf in) {
        read = base + in.readerIndex();
        if (!inTransaction) {
            whole = read;
        }
    }

    private void apply() {
        Command command = table.find(request);
        if (command == TransactionCommand.MULTI) {
            require(!inTransaction, request, "in a transaction");
            inTransaction = true;
        } else if (command == TransactionCommand.EXEC) {
            require(inTransaction, request, "without MULTI");
            while (transaction.next(queued)) {
                perform(table.find(queued), queued);
            }
            transaction.clear();
            inTransaction = false;
        } else if (inTransaction) {
            transaction.add(request);
        } else {
            perform(command, request);
        }
    }

    private void perform(Command command, Request performed) {
        require(command != null, performed, "is unknown");
        require(mayBeEffect(command), performed, "changes nothing");
        writer.attach(reply);
        executor.apply(session, performed, writer);
        writer.detach();
        boolean failed = reply.getByte(0) == '-';
        require(
                !failed,
                performed,
                failed ? reply.toString(1, reply.writerIndex() - 3, StandardCharsets.ISO_8859_1) : "");
        require(!connection.isAborted(), performed, "failed");
        reply.clear();
        if (reply.capacity() > KEPT_REPLY_BYTES) {
            reply.capacity(0);
        }
        commands++;
    }

    private static boolean mayBeEffect(Command command) {
        return command.spec().has(Flag.WRITE)
                || command.spec().has(Flag.MAY_REPLICATE)
                || command == ConnectionCommand.SELECT
                || command == ConnectionCommand.PING;
    }

    private void require(boolean holds, Request blamed, String otherwise) {
        if (!holds) {
            StringBuilder what = new StringBuilder();
            for (int i = 0; i < Math.min(SHOWN_WORDS, blamed.count()); i++) {
                String word = blamed.text(i);
                what.append(word, 0, Math.min(SHOWN_BYTES, word.length())).append(' ');
            }
            throw new EffectException(what + otherwise, inTransaction ? whole : read);
        }
    }

    @Override
    public void close() {
        transaction.clear();
        reply.release();
    }
}
