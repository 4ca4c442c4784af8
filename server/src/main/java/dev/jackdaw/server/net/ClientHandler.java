package dev.jackdaw.server.net;

import dev.jackdaw.protocol.resp.ProtocolException;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.protocol.resp.RequestDecoder;
import dev.jackdaw.server.command.Connection;
import dev.jackdaw.server.command.RequestBatch;
import dev.jackdaw.server.command.Session;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.persistence.Handout;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owned by the event loop: one client's connection. It reads requests where they arrived, runs each to its end, and
 * appends the replies to one buffer, which leaves with one flush for each read.
 *
 * <p>A client that does not take its replies is not read from: above the high-water mark of its channel no further request
 * of it runs, so what it can make the node hold is bounded by that mark and one reply.
 */
final class ClientHandler extends ChannelInboundHandlerAdapter implements Connection {
    private static final Logger LOG = LoggerFactory.getLogger(ClientHandler.class);
    private static final int FIRST_REPLY_BYTES = 1024;
    /** Requests behind one that waits for a key or for the end of a pause: with more than that the client is not read from. */
    private static final int WAITING_QUERY_BYTES = 64 << 10;
    /** How long the last replies of a connection that ends may take to leave. */
    private static final int CLOSING_MILLIS = 10_000;
    /** Replies leave in pieces of about this size, even in the middle of a batch: larger ones have chunks come and go. */
    private static final int REPLY_BATCH_BYTES = 64 << 10;
    /** Above that no request runs of a client whose replies wait for the disk. */
    private static final int MOST_HELD_BYTES = 1 << 20;

    private final Clients clients;
    private final RequestDecoder decoder = new RequestDecoder();
    private final ClientLimits limits;
    /** The request that the decoder has begun, if it has begun one. */
    private Request request = new Request();

    private ChannelHandlerContext context;
    private Session session;
    private final UnreadInput rest;
    /** What is sent as the last thing of all; null if nothing is. */
    private Download download;
    /** Replies that were not handed to the channel yet; null if there are none. */
    private ByteBuf replies;
    /** Which refusal of all writes they were all written during, as the log counts them; 0 for none. */
    private long repliesRefusal;
    /** Replies before them that wait for the disk, and what has to be on it; null if there are none. */
    private ByteBuf held;

    private long heldUntil;

    /** Whether what it sent last is among the {@link Arrivals}. */
    private boolean hasArrived;

    private boolean running;
    private boolean closing;
    private boolean inputEnded;
    private boolean flushQueued;
    private boolean lastFlushed;
    private long countedBytes;
    private long lastReadMillis;
    /** When the node wants to hear from the client again; 0 if it does now. */
    private long pausedUntilMillis;
    /** Where the handler stands in the list of {@link Clients}. */
    private int position;

    ClientHandler(Clients clients) {
        this.clients = clients;
        this.limits = new ClientLimits(clients, this);
        this.rest = new UnreadInput(clients.spareInput());
    }

    @Override
    public void channelActive(ChannelHandlerContext newContext) {
        context = newContext;
        String refusal = clients.refusal(this);
        if (refusal != null) {
            closing = true;
            if (newContext.pipeline().get(SslHandler.class) != null) {
                newContext.close();
                return;
            }
            push().error(refusal);
            pushed();
            flush();
            return;
        }
        lastReadMillis = now();
        session = clients.connected(this);
        if (!session.isAuthenticated()) {
            pause(clients.node().failures().pauseMillis(remoteAddress(), now()));
        }
    }

    private long now() {
        return clients.node().engine().nowMillis();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ignored) {
        runArrivals();
        closing = true;
        release();
        if (session != null) {
            clients.disconnected(this);
            session = null;
        }
    }

    private void release() {
        rest.release();
        if (download != null) {
            download.end();
        }
        if (replies != null && !running) {
            replies.release();
            replies = null;
        }
        if (held != null) {
            held.release();
            held = null;
        }
        clients.node().engine().buffersGrew(-countedBytes);
        countedBytes = 0;
    }

    @Override
    public void channelRead(ChannelHandlerContext ignored, Object message) {
        runArrivals();
        ByteBuf in = (ByteBuf) message;
        if (closing) {
            in.release();
            return;
        }
        clients.received(in.readableBytes());
        lastReadMillis = now();
        if (rest.isEmpty() && clients.arrivals().take(this, in)) {
            hasArrived = true;
        } else {
            runReceived(in);
        }
        in.release();
    }

    /** What has arrived runs before anything else happens to the client. */
    private void runArrivals() {
        if (hasArrived) {
            clients.arrivals().run();
        }
    }

    /** Runs what the {@link Arrivals} took. */
    void runTaken(ByteBuf in) {
        hasArrived = false;
        if (closing) {
            return;
        }
        try {
            runReceived(in);
            complete();
        } catch (Throwable failed) {
            exceptionCaught(context, failed);
        }
    }

    /** Runs what was received where it is, but for a request that began in an earlier read or ends in a later one; what is left stays, as far as it is of use. */
    private void runReceived(ByteBuf in) {
        boolean isFull = !in.isWritable();
        while (!closing && in.isReadable()) {
            if (rest.isEmpty()) {
                run(in);
                if (!closing && in.isReadable()) {
                    rest.add(in, decoder.bytesWanted());
                }
            } else {
                rest.add(in, decoder.bytesWanted());
                runUnread();
            }
        }
        if (!closing) {
            rest.leaveOutRefused(decoder, request, clients.executor(), session);
            ReadBuffer.fit(context.channel(), isFull, decoder.bytesWanted());
        }
        countBuffers();
    }

    private void runUnread() {
        run(rest.bytes());
        if (closing || rest.isEmpty()) {
            rest.release();
        }
    }

    private void run(ByteBuf in) {
        ReplyWriter writer = clients.writer();
        writer.attach(openReplies());
        running = true;
        try {
            decoder.maxBulkBytes(Math.min(clients.node().config().maxBulkBytes(), Entry.MAX_LENGTH));
            while (!closing && takesRequests() && runBatch(in, writer)) {
                // Goes on until the buffer holds no whole request.
            }
            checkLimits(in);
        } catch (ProtocolException e) {
            writer.error("ERR " + e.getMessage());
            closing = true;
        } finally {
            running = false;
            replies = writer.detach();
        }
    }

    /** Runs the requests that are decoded at once; returns whether to go on. */
    private boolean runBatch(ByteBuf in, ReplyWriter writer) {
        RequestBatch batch = clients.batch();
        int begin = in.readerIndex();
        decoder.authenticated(session.isAuthenticated());
        batch.fill(decoder, in, request, session.isAuthenticated() ? Integer.MAX_VALUE : 1);
        request = batch.unfinished();
        if (batch.count() > 1) {
            batch.fetch(session.keyspace());
        }
        for (int i = 0; i < batch.count() && !closing; i++) {
            boolean ran = clients.executor().execute(session, batch, i, writer);
            boolean keepsUp = writer.bytesWritten() < REPLY_BATCH_BYTES || flushBatch(writer);
            if (!ran) {
                turnBack(in, i == 0 ? begin : batch.end(i - 1));
                return false;
            }
            if (!keepsUp || !takesRequests()) {
                if (i + 1 < batch.count()) {
                    turnBack(in, batch.end(i));
                }
                return false;
            }
        }
        if (batch.error() != null && !closing) {
            throw batch.error();
        }
        return batch.count() > 0;
    }

    /** Has the requests from there on decoded again, when it is time for them. */
    private void turnBack(ByteBuf in, int index) {
        in.readerIndex(index);
        decoder.restart();
    }

    /** Sends what was written so far; returns whether the client keeps up. */
    private boolean flushBatch(ReplyWriter writer) {
        replies = writer.detach();
        limits.checkStranger();
        send();
        limits.checkOutput();
        writer.attach(openReplies());
        if (keepsUp()) {
            return true;
        }
        context.channel().config().setAutoRead(false);
        return false;
    }

    private void checkLimits(ByteBuf in) {
        if (context.channel().config().isAutoRead()) {
            limits.checkQuery(in.readableBytes());
        }
        if (!session.takesRequests() && in.readableBytes() > WAITING_QUERY_BYTES) {
            context.channel().config().setAutoRead(false);
        }
        limits.checkStranger();
    }

    /** What time brings about; {@link Clients} calls it about once a second. */
    void sweep() {
        if (closing) {
            if (now() - lastReadMillis > CLOSING_MILLIS) {
                abort();
            }
            return;
        }
        String overdue = limits.overdue(lastReadMillis);
        if (overdue != null) {
            LOG.debug("Closing {} client {}", overdue, remoteAddress());
            abort();
        } else {
            limits.checkOutput();
            rest.cut();
            countBuffers();
        }
    }

    private ByteBuf openReplies() {
        if (replies == null) {
            replies = context.alloc().directBuffer(FIRST_REPLY_BYTES);
            repliesRefusal = clients.node().log().refusal();
        }
        return replies;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ignored) {
        if (!hasArrived) {
            complete();
        }
    }

    /** Replies leave together with those of all others that have sent something meanwhile. */
    private void complete() {
        if (clients.flushPushed() || clients.isMuch(replies)) {
            flush();
        } else {
            queueFlush();
        }
    }

    private void queueFlush() {
        if (!flushQueued) {
            flushQueued = true;
            clients.queueFlush(this);
        }
    }

    /** Sends what was appended since the last flush, and closes if that was the last. */
    void flush() {
        flushQueued = false;
        if (replies != null) {
            send();
            if (!keepsUp()) {
                context.channel().config().setAutoRead(false);
            }
        }
        if (!closing && session != null) {
            limits.checkOutput();
        }
        // What is left of the input can be no whole request, unless the client is waited for.
        boolean allRun = inputEnded
                && (rest.isEmpty() || session != null && session.isWaiting() || takesRequests() && keepsUp());
        if ((closing || allRun) && held == null && !lastFlushed) {
            closing = true;
            lastFlushed = true;
            lastReadMillis = now();
            context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> context.close());
        } else if (download != null && held == null) {
            download.begin(context);
        }
        countBuffers();
    }

    /** Sends what was appended, unless something that was done before is not on the disk yet. */
    private void send() {
        if (held == null) {
            ByteBuf batch = replies;
            replies = null;
            if (clients.node().log().holdsReplies(repliesRefusal)) {
                held = batch;
                heldUntil = clients.node().log().appended();
                clients.hold(this);
            } else {
                write(batch);
            }
        }
    }

    /** Sends what was held back, and goes on. */
    void letGo() {
        if (held == null) {
            return;
        }
        ByteBuf batch = held;
        held = null;
        write(batch);
        flush();
        runRest();
    }

    /** What has to be on the disk before the replies that are held back can go, as the log counts it. */
    long heldUntil() {
        return heldUntil;
    }

    /** Whether the client, and the disk for it, take so much that more may run. */
    private boolean keepsUp() {
        return context.channel().isWritable() && (held == null || heldBytes() < MOST_HELD_BYTES);
    }

    private int heldBytes() {
        return (held == null ? 0 : held.readableBytes()) + (replies == null ? 0 : replies.readableBytes());
    }

    private void write(ByteBuf batch) {
        int length = batch.readableBytes();
        if (length > 0) {
            Slack.cut(batch);
            clients.sent(length);
            context.writeAndFlush(batch, context.voidPromise());
        } else {
            batch.release();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ignored) {
        clients.node().engine().refreshTime();
        runRest();
    }

    /** Runs what was received while the client was not listened to, and listens again. */
    private void runRest() {
        if (closing || running || !takesRequests() || !keepsUp()) {
            return;
        }
        if (!rest.isEmpty()) {
            runUnread();
            clients.flushOthers();
            flush();
        }
        if (keepsUp() && takesRequests()) {
            context.channel().config().setAutoRead(true);
        }
    }

    private boolean takesRequests() {
        return pausedUntilMillis == 0 && session.takesRequests();
    }

    /** Ends the pause if it is over; returns whether it is. */
    boolean resume() {
        if (!closing && now() < pausedUntilMillis) {
            return false;
        }
        pausedUntilMillis = 0;
        runRest();
        return true;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ignored, Object event) {
        runArrivals();
        if (event instanceof ChannelInputShutdownReadComplete || event instanceof SslCloseCompletionEvent) {
            inputEnded = true;
            flush();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ignored, Throwable cause) {
        runArrivals();
        if (!(cause instanceof IOException) && !(cause instanceof DecoderException)) {
            LOG.error("Closing client {}", remoteAddress(), cause);
        }
        abort();
    }

    private void countBuffers() {
        long held = closing ? 0 : queryBufferBytes() + outputBufferBytes();
        if (held != countedBytes) {
            clients.node().engine().buffersGrew(held - countedBytes);
            countedBytes = held;
            clients.eviction().check(this);
        }
    }

    /** Closes the client because all clients together hold too much. */
    void evict() {
        clients.node().engine().stats().evictedClients++;
        LOG.warn("Evicting client {} with {} bytes in buffers", remoteAddress(), countedBytes);
        abort();
        countBuffers();
    }

    /** Bytes in buffers, as they are counted now. */
    long bufferBytes() {
        return countedBytes;
    }

    EventExecutor loop() {
        return context.executor();
    }

    Session session() {
        return session;
    }

    int position() {
        return position;
    }

    void position(int newPosition) {
        position = newPosition;
    }

    // --- Connection ---

    @Override
    public ReplyWriter push() {
        if (running) {
            return clients.writer();
        }
        ReplyWriter writer = clients.pushWriter();
        writer.attach(openReplies());
        writer.protocol(session == null ? 2 : session.protocol());
        return writer;
    }

    @Override
    public void pushed() {
        if (!running) {
            replies = clients.pushWriter().detach();
            repliesRefusal = 0;
            if (!closing) {
                limits.checkOutput();
            }
            clients.pushed();
            queueFlush();
        }
    }

    @Override
    public void closeAfterReplies() {
        closing = true;
        if (!running) {
            queueFlush();
        }
    }

    @Override
    public void abort() {
        closing = true;
        context.close();
    }

    @Override
    public void pause(long millis) {
        if (millis > 0) {
            if (pausedUntilMillis == 0) {
                clients.paused(this);
            }
            pausedUntilMillis = now() + millis;
            context.channel().config().setAutoRead(false);
        }
    }

    @Override
    public void send(Handout snapshot) {
        download = new Download(snapshot);
        openReplies().writeCharSequence("$" + snapshot.size() + "\r\n", StandardCharsets.US_ASCII);
        queueFlush();
    }

    @Override
    public void goOn() {
        context.executor().execute(this::runRest);
    }

    @Override
    public ByteBuf buffer(int bytes) {
        return context.alloc().directBuffer(bytes);
    }

    @Override
    public boolean isLocal() {
        return Addresses.isLocal(context.channel().remoteAddress());
    }

    @Override
    public String remoteAddress() {
        return Addresses.ofPeer(context.channel());
    }

    @Override
    public String localAddress() {
        return Addresses.text(context.channel().localAddress());
    }

    @Override
    public long queryBufferBytes() {
        return rest.capacity();
    }

    @Override
    public long outputBufferBytes() {
        ChannelOutboundBuffer outbound = context.channel().unsafe().outboundBuffer();
        long waiting = outbound == null ? 0 : outbound.totalPendingWriteBytes();
        return waiting + heldBytes();
    }
}
