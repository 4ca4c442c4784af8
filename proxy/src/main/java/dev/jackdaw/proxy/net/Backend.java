package dev.jackdaw.proxy.net;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.ProtocolException;
import dev.jackdaw.protocol.resp.ReplyReader;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.protocol.topology.Node;
import dev.jackdaw.proxy.local.Account;
import dev.jackdaw.proxy.near.WriteMarks;
import dev.jackdaw.proxy.route.ReplySink;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owned by one event loop: one connection to one node, kept up; many clients' requests go over it, and its replies come back in
 * their order.
 *
 * <p>There is one for each protocol version and database that clients use, opened when first used. The shape of a reply depends
 * on the version, for some commands in ways of their own; a node that speaks the client's version gives replies that pass
 * through byte by byte, without the proxy knowing each command's shapes.
 *
 * <pre>
 *   NEW --send--> CONNECTING --greeted--> UP --lost--> DOWN --back-off, connect, greeted--> UP
 *                 requests wait           requests go  requests fail at once
 * </pre>
 *
 * <p>When a connection is lost, every request on it fails; none is sent again, as it may have run.
 */
final class Backend {
    /** More requests than this without a reply, and clients that want to send more have to wait. */
    private static final int MOST_PENDING = 32 * 1024;
    /** Only a node that takes nothing at all lets this much pile up. */
    private static final int MOST_OUTPUT_BYTES = 1 << 30;

    private static final String WRONG_PASSWORD = "-WRONGPASS";
    private static final byte[] PING = "PING".getBytes(StandardCharsets.US_ASCII);
    private static final Logger LOG = LoggerFactory.getLogger(Backend.class);

    private enum State {
        NEW,
        CONNECTING,
        UP,
        DOWN,
        CLOSED
    }

    /** Owned by the same event loop: what else wants to know of the connection. */
    interface Listener {
        void up();

        void down();

        /** A message that answers no command; its memory is good during the call only. */
        void push(long address, int length);
    }

    static final Listener NOBODY = new Listener() {
        @Override
        public void up() {
            // Lanes of clients need no notice.
        }

        @Override
        public void down() {
            // Their requests are told.
        }

        @Override
        public void push(long address, int length) {
            // Nobody asked for it.
        }
    };

    private static final ReplySink IGNORED = new ReplySink() {
        @Override
        public void reply(int tag, long address, int length) {
            // Only its arrival counted.
        }

        @Override
        public void failed(int tag, String error) {
            // The connection's end is seen elsewhere.
        }
    };

    private final Worker worker;
    private final Node node;
    private final Account account;
    private final List<byte[][]> greeting;
    private final Listener listener;
    private final String unreachable;
    private final String lost;
    private final PendingReplies pending = new PendingReplies();
    private final WriteMarks writes = new WriteMarks();
    private final Backoff backoff = new Backoff();
    private final List<FrontHandler> waiting = new ArrayList<>();

    private State state = State.NEW;
    private Link link;
    private Output output;
    private long lastReadNanos;
    private boolean suspected;
    private boolean outputEnded;

    /** @param account the user that requests are to come from, null for whom the proxy itself is to the nodes */
    Backend(
            Worker worker,
            Node node,
            Account account,
            int protocol,
            int database,
            Listener listener,
            String... moreGreeting) {
        this.worker = worker;
        this.node = node;
        this.account = account;
        this.greeting = greeting(protocol, database, moreGreeting);
        this.listener = listener;
        this.unreachable = CommandError.nodeUnreachable(node.toString());
        this.lost = CommandError.nodeLost(node.toString());
    }

    /** AUTH in words, none if there is no password. */
    private byte[][] login() {
        if (account != null) {
            return new byte[][] {
                words("AUTH")[0],
                account.name().getBytes(StandardCharsets.ISO_8859_1),
                account.password().getBytes(StandardCharsets.ISO_8859_1)
            };
        }
        String password = worker.options().nodePassword();
        return password.isEmpty() ? new byte[0][] : words("AUTH", password);
    }

    private List<byte[][]> greeting(int protocol, int database, String... more) {
        List<byte[][]> commands = new ArrayList<>();
        byte[][] login = login();
        if (login.length > 0) {
            commands.add(login);
        }
        if (protocol == 3) {
            commands.add(words("HELLO", "3"));
        }
        if (database != 0) {
            commands.add(words("SELECT", Integer.toString(database)));
        }
        if (more.length > 0) {
            commands.add(words(more));
        }
        // Not every user may do that.
        if (account == null) {
            commands.add(words("CLIENT", "SETNAME", "jackdaw-proxy"));
        }
        return commands;
    }

    private static byte[][] words(String... words) {
        byte[][] bytes = new byte[words.length][];
        for (int i = 0; i < words.length; i++) {
            bytes[i] = words[i].getBytes(StandardCharsets.UTF_8);
        }
        return bytes;
    }

    Node node() {
        return node;
    }

    boolean isUp() {
        return state == State.UP;
    }

    /** Whether a request would be sent, now or when the first connection stands. */
    boolean isOpen() {
        if (state == State.NEW) {
            open();
        }
        return state == State.UP || state == State.CONNECTING;
    }

    /** Which keys have writes on this connection that are not answered yet. */
    WriteMarks writes() {
        return writes;
    }

    /** Whether clients should send no more for now. */
    boolean isFull() {
        return pending.size() >= MOST_PENDING || (link != null && !link.isWritable());
    }

    /** The client is told to go on when there is room again. */
    void awaitRoom(FrontHandler client) {
        waiting.add(client);
    }

    /** Sends the request as the client encoded it. */
    void send(Request request, ReplySink sink, int tag) {
        if (!isOpen()) {
            sink.failed(tag, unreachable);
            return;
        }
        if (request.bytes() > 0) {
            output.append(request.start(), (int) request.bytes());
        } else {
            ReplyWriter writer = begin();
            writer.array(request.count());
            for (int i = 0; i < request.count(); i++) {
                writer.bulk(request.address(i), request.length(i));
            }
            output.takeBack(writer);
        }
        await(sink, tag);
    }

    void send(ReplySink sink, int tag, byte[]... words) {
        if (!isOpen()) {
            sink.failed(tag, unreachable);
            return;
        }
        ReplyWriter writer = begin();
        writer.array(words.length);
        for (byte[] word : words) {
            writer.bulk(word);
        }
        end(writer, sink, tag);
    }

    /** Lets the caller write a request; it must be {@link #isOpen}, and {@link #end} must follow. */
    ReplyWriter begin() {
        output.lend(worker.requestWriter());
        return worker.requestWriter();
    }

    void end(ReplyWriter writer, ReplySink sink, int tag) {
        output.takeBack(writer);
        await(sink, tag);
    }

    /** For requests that are answered by messages, not by replies. */
    void endWithoutReply(ReplyWriter writer) {
        output.takeBack(writer);
    }

    /** Fails as if the connection were lost, for what cannot be sent over it. */
    void fail(ReplySink sink, int tag) {
        sink.failed(tag, unreachable);
    }

    private void await(ReplySink sink, int tag) {
        if (pending.isEmpty()) {
            lastReadNanos = worker.clock().nanos();
        }
        pending.add(sink, tag);
        writes.sent();
    }

    /** Closes a connection that is silent though it has something to answer, and asks one that has not for a sign of life. */
    void tick(long nowNanos) {
        long timeout = TimeUnit.MILLISECONDS.toNanos(worker.options().nodeTimeoutMillis());
        if (link == null || nowNanos - lastReadNanos <= timeout) {
            suspected = false;
        } else if (pending.isEmpty()) {
            send(IGNORED, 0, PING);
        } else if (suspected) {
            link.end("no reply for " + worker.options().nodeTimeoutMillis() + " ms");
        } else {
            // If it was this process that paused, what the node has sent meanwhile is read before the next tick.
            suspected = true;
        }
    }

    void open() {
        if (state == State.NEW) {
            state = State.CONNECTING;
        }
        connect();
    }

    private void connect() {
        Link attempt = new Link();
        link = attempt;
        output = new Output(
                worker.buffers(), worker.turn(), MOST_OUTPUT_BYTES, () -> attempt.end("too many requests wait"));
        lastReadNanos = worker.clock().nanos();
        for (int i = 0; i < greeting.size(); i++) {
            ReplyWriter writer = begin();
            writer.array(greeting.get(i).length);
            for (byte[] word : greeting.get(i)) {
                writer.bulk(word);
            }
            end(writer, attempt, greeting.size() - 1 - i);
        }
        worker.connect(node, attempt.input, attempt, attempt::end);
    }

    /** Nothing more will be sent, and the node is to know that once it has all that was. */
    void endOutput() {
        outputEnded = true;
        if (state == State.UP) {
            link.endOutput();
        }
    }

    void close() {
        State before = state;
        state = State.CLOSED;
        if (before != State.NEW && link != null) {
            link.end("the proxy stops");
        }
    }

    private void lost(String reason) {
        State before = state;
        link = null;
        if (state != State.CLOSED) {
            state = State.DOWN;
            long delayMillis = backoff.nextMillis();
            worker.loop().schedule(this::reconnect, delayMillis, TimeUnit.MILLISECONDS);
        }
        if ((before == State.UP || before == State.CONNECTING) && !outputEnded) {
            LOG.warn("node {} is not reachable: {}", node, reason);
        }
        String error = before == State.UP ? lost : unreachable;
        while (!pending.isEmpty()) {
            writes.answered();
            pending.fail(error);
        }
        releaseWaiting();
        listener.down();
    }

    private void reconnect() {
        if (state == State.DOWN) {
            connect();
        }
    }

    private void greeted() {
        if (state == State.DOWN) {
            LOG.info("node {} is reachable again", node);
        }
        state = State.UP;
        backoff.reset();
        listener.up();
        if (outputEnded) {
            link.endOutput();
        }
    }

    private void releaseWaiting() {
        for (int i = 0; i < waiting.size(); i++) {
            waiting.get(i).resume(FrontHandler.PAUSED_BY_NODE);
        }
        waiting.clear();
    }

    /** Owned by the backend: one TCP connection of its life. Once ended, it does nothing any more. */
    private final class Link extends ChannelInboundHandlerAdapter implements ReplySink {
        private final Input input = new Input(worker.buffers());
        private final ReplyReader reader = new ReplyReader();
        private ChannelHandlerContext context;

        boolean isWritable() {
            return context == null || context.channel().isWritable();
        }

        void endOutput() {
            output.flush();
            HalfClose.afterWritten(context);
        }

        @Override
        public void channelActive(ChannelHandlerContext active) {
            if (this != link) {
                active.close();
                return;
            }
            context = active;
            output.connected(active);
        }

        @Override
        public void channelRead(ChannelHandlerContext unused, Object message) {
            ByteBuf in = (ByteBuf) message;
            try {
                worker.clock().refresh();
                lastReadNanos = worker.clock().nanos();
                while (this == link && reader.scan(in)) {
                    if (reader.isPush()) {
                        listener.push(reader.start(), reader.bytes());
                    } else if (pending.isEmpty()) {
                        end("a reply that nothing was sent for");
                    } else {
                        writes.answered();
                        pending.reply(reader.start(), reader.bytes());
                    }
                }
                if (this == link) {
                    input.keepRest(in);
                }
            } catch (ProtocolException unreadable) {
                end(unreadable.getMessage());
            } finally {
                in.release();
            }
            if (!waiting.isEmpty() && !isFull()) {
                releaseWaiting();
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext unused) {
            if (this == link && isWritable()) {
                output.flush();
                releaseWaiting();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext unused) {
            end("connection closed");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext unused, Throwable cause) {
            if (!(cause instanceof IOException) && !(cause instanceof DecoderException)) {
                LOG.error("connection to node {}", node, cause);
            }
            end(cause.toString());
        }

        /** A reply to a part of the greeting; {@code left} more must follow. */
        @Override
        public void reply(int left, long address, int length) {
            if (Raw.getByte(address) == '-') {
                String refusal = Raw.latin1(address, length).strip();
                end(refusal);
                if (account != null && refusal.startsWith(WRONG_PASSWORD)) {
                    worker.accounts().refused(account);
                }
            } else if (left == 0) {
                greeted();
            }
        }

        @Override
        public void failed(int left, String error) {
            // The end of the connection is what made it fail.
        }

        void end(String reason) {
            if (this != link) {
                return;
            }
            output.close();
            input.close();
            if (context != null) {
                context.close();
            }
            lost(reason);
        }
    }
}
