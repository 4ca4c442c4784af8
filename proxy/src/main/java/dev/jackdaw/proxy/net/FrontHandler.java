package dev.jackdaw.proxy.net;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.ConnectionCommand;
import dev.jackdaw.protocol.command.TransactionCommand;
import dev.jackdaw.protocol.resp.ProtocolException;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.protocol.resp.RequestDecoder;
import dev.jackdaw.proxy.local.Account;
import dev.jackdaw.proxy.local.LocalCommands;
import dev.jackdaw.proxy.local.Session;
import dev.jackdaw.proxy.route.Plan;
import dev.jackdaw.proxy.route.ReplySink;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owned by one event loop: one client's connection. Decodes requests, has them planned and dispatched, and sends the replies in
 * the order of the requests. A client that reads slowly, or sends faster than nodes answer, is not read from for a while.
 */
final class FrontHandler extends ChannelInboundHandlerAdapter implements ReplySink {
    /** The nodes have enough to do. */
    static final int PAUSED_BY_NODE = 1;
    /** The client does not read its replies. */
    private static final int PAUSED_BY_OUTPUT = 2;
    /** Too many of its requests have no reply yet, or too many replies wait for one before them. */
    private static final int PAUSED_BY_QUEUE = 4;
    /** All replies must be there before the next request is served. */
    private static final int PAUSED_BY_ORDER = 8;
    /** Passwords are being guessed. */
    private static final int PAUSED_BY_PENALTY = 16;
    /** A node has been asked about the next request. */
    static final int PAUSED_BY_INQUIRY = 32;

    private static final int FEWEST_OUTSTANDING = 16;
    private static final int MOST_OUTSTANDING = 4096;
    /** What all outstanding replies may come to, if they are as large as those before. */
    private static final int MOST_OUTSTANDING_BYTES = 8 << 20;
    /** How large replies are taken to be before any has come: large, since what is asked for delays everybody at that node. */
    private static final int FIRST_GUESS_BYTES = 64 << 10;
    /** A reply's part in the average. */
    private static final int AVERAGE_SHIFT = 4;

    private static final int MOST_HELD_BYTES = 4 << 20;
    private static final int MOST_OUTPUT_BYTES = 256 << 20;
    private static final int MOST_OUTPUT_BYTES_OF_LISTENER = 32 << 20;
    private static final int MOST_OUTPUT_BYTES_OF_STRANGER = 16 << 10;
    private static final int MOST_INPUT_BYTES = 1 << 30;
    private static final int MOST_INPUT_BYTES_OF_STRANGER = 1 << 20;
    private static final int AUTHENTICATION_SECONDS = 10;
    private static final int LINGER_SECONDS = 1;

    private static final Logger LOG = LoggerFactory.getLogger(FrontHandler.class);

    private final Worker worker;
    private final Input input;
    private final Output output;
    private final ReplyQueue queue;
    private final RequestDecoder decoder = new RequestDecoder();
    private final Request request = new Request();
    private final Set<String> channels = new LinkedHashSet<>();
    private final Set<String> patterns = new LinkedHashSet<>();
    private final Runnable serveRest = this::serveRest;
    private final Runnable finish = this::finish;

    private final OwnConnection own;
    private final Inquiry inquiry;

    private ChannelHandlerContext context;
    private Session session;
    private Account account;
    private BackendPool backends;
    private Backend[] lane;
    /** Null until there is one. */
    private Transaction transaction;

    private int averageBytes = FIRST_GUESS_BYTES;
    private int paused;
    /** Whether what is left unread is about to be served. */
    private boolean resuming;

    private boolean inputEnded;
    private boolean waitsAtNode;
    private boolean finished;
    private boolean closed;

    FrontHandler(Worker worker, Input input) {
        this.worker = worker;
        this.input = input;
        output = new Output(worker.buffers(), worker.turn(), MOST_OUTPUT_BYTES, this::overflowed);
        queue = new ReplyQueue(worker.buffers(), output);
        backends = worker.backends();
        own = new OwnConnection(worker, () -> backends, () -> transaction().watchLost());
        inquiry = new Inquiry(worker, this);
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        context = active;
        Channel channel = active.channel();
        worker.clock().refresh();
        session = new Session(
                worker.clients().nextId(),
                text(channel.remoteAddress()),
                text(channel.localAddress()),
                worker.options().hasPassword(),
                worker.clock().nanos(),
                channel::close);
        output.connected(active);
        if (!worker.clients().enter(session)) {
            session.closeAfterReply();
            replyError(CommandError.TOO_MANY_CLIENTS);
            worker.turn().willResume(finish);
            return;
        }
        sessionChanged(null);
        if (!session.isAuthenticated()) {
            active.executor().schedule(this::closeStranger, AUTHENTICATION_SECONDS, TimeUnit.SECONDS);
            punish(worker.local().penaltyMillis(session.address()));
        }
        closeIdle();
    }

    private static String text(SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
                : String.valueOf(address);
    }

    private void closeStranger() {
        if (!session.isAuthenticated()) {
            context.close();
        }
    }

    /** Closes the client if it has been idle for too long, and otherwise looks again when it may have been. */
    private void closeIdle() {
        int most = worker.options().timeoutSeconds();
        if (most == 0 || closed) {
            return;
        }
        worker.clock().refresh();
        long idleSeconds = worker.clock().secondsSince(session.lastNanos());
        boolean busy = listenings() > 0 || !queue.isEmpty();
        if (idleSeconds >= most && !busy) {
            context.close();
        } else {
            context.executor().schedule(this::closeIdle, busy ? most : most - idleSeconds, TimeUnit.SECONDS);
        }
    }

    private void punish(long millis) {
        if (millis > 0) {
            pause(PAUSED_BY_PENALTY);
            context.executor().schedule(() -> resume(PAUSED_BY_PENALTY), millis, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext unused, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            worker.clock().refresh();
            serve(in);
        } finally {
            in.release();
        }
    }

    /** Goes on with what was left unread while the client was paused. After the end of its input, reading more would fail. */
    private void serveRest() {
        resuming = false;
        if (closed || paused != 0) {
            return;
        }
        ByteBuf rest = input.rest();
        if (rest != null) {
            rest.retain();
            try {
                serve(rest);
            } finally {
                rest.release();
            }
        }
        if (paused == 0) {
            context.channel().config().setAutoRead(!inputEnded);
            finishIfAnswered();
        }
    }

    private void serve(ByteBuf in) {
        try {
            while (paused == 0 && !isFinishing() && decodeNext(in)) {
                finishIfAnswered();
            }
        } catch (ProtocolException unreadable) {
            session.closeAfterReply();
            replyError("ERR " + unreadable.getMessage());
            finishIfAnswered();
        }
        if (closed) {
            return;
        }
        if (isFinishing()) {
            in.skipBytes(in.readableBytes());
        }
        input.keepRest(in);
        int most = session.isAuthenticated() ? MOST_INPUT_BYTES : MOST_INPUT_BYTES_OF_STRANGER;
        if (input.restBytes() > most) {
            context.close();
        }
    }

    /** Whether there was one more request. */
    private boolean decodeNext(ByteBuf in) {
        int start = in.readerIndex();
        if (!decoder.decode(in, request)) {
            return false;
        }
        Plan plan = worker.router().plan(request, session);
        if (plan.command() == null && isHttp()) {
            return false;
        }
        boolean comesAlone = plan.kind() == Plan.Kind.OWN_CONNECTION
                || plan.command() == TransactionCommand.WATCH
                || plan.command() == TransactionCommand.EXEC && isWatching()
                || LocalCommands.changesLane(plan.command());
        if (!queue.isEmpty() && comesAlone) {
            in.readerIndex(start);
            pause(PAUSED_BY_ORDER);
            return false;
        }
        if (!inquiry.isSettled(plan, request)) {
            in.readerIndex(start);
            pause(PAUSED_BY_INQUIRY);
            return false;
        }
        session.sent(plan.command(), worker.clock().nanos());
        try {
            String refusal = inquiry.takeRefusal(plan.command());
            if (refusal == null) {
                worker.dispatch().run(plan, request, this);
            } else {
                refuse(plan.command(), refusal);
            }
        } catch (Refusal refused) {
            replyError(refused.text());
        }
        session.commandEnds();
        if (isQueueFull(queue.size())) {
            pause(PAUSED_BY_QUEUE);
        }
        return true;
    }

    private boolean isQueueFull(int size) {
        return size >= FEWEST_OUTSTANDING
                && (size >= MOST_OUTSTANDING
                        || (long) size * averageBytes > MOST_OUTSTANDING_BYTES
                        || queue.heldBytes() > MOST_HELD_BYTES);
    }

    /** A browser may be made to send these by a page from anywhere; nothing of it is served, and nothing replied. */
    private boolean isHttp() {
        if (!request.is(0, "POST") && !request.is(0, "HOST:")) {
            return false;
        }
        worker.attacked(session.address());
        output.close();
        context.close();
        session.closeAfterReply();
        return true;
    }

    Session session() {
        return session;
    }

    /** The connections to the nodes for the client's protocol and database. */
    Backend[] lane() {
        return lane;
    }

    /** A place for the reply to the request being served; its number is the tag of that reply. */
    int openReply() {
        return queue.open(session.isMuted());
    }

    /** The client's transaction, which it may not have begun yet. */
    Transaction transaction() {
        if (transaction == null) {
            transaction = new Transaction(worker, this, own);
        }
        return transaction;
    }

    /** Whether the near cache may answer: it has what the proxy's own user may read. */
    boolean readsNear() {
        return session.database() == 0 && account == null && !isWatching();
    }

    boolean isWatching() {
        return transaction != null && transaction.isWatching();
    }

    /** Answers a command that must not run; a transaction that it was for cannot run either. */
    void refuse(Command command, String error) {
        if (command == TransactionCommand.EXEC) {
            transaction().end();
            replyError(CommandError.execAborted(error));
            return;
        }
        if (session.isQueueing()) {
            transaction().spoil();
        }
        replyError(error);
    }

    /** Sends a request whose reply may take long; until then the client's next ones are not served. */
    void sendAndWait(int node, Request waiting) {
        waitsAtNode = true;
        ownBackend(node).send(waiting, this, openReply());
        if (inputEnded) {
            own.endOutput();
        }
        awaitReplies();
    }

    /** Sends a request over the client's own connection; its next ones are served when it is answered. */
    void sendOverOwn(int node, Request of, ReplySink sink) {
        own.expectReply(true);
        ownBackend(node).send(of, sink, openReply());
        awaitReplies();
    }

    Backend ownBackend(int node) {
        return own.to(node, session.protocol(), session.database());
    }

    private void awaitReplies() {
        if (!queue.isEmpty()) {
            pause(PAUSED_BY_ORDER);
        }
    }

    @Override
    public void reply(int sequence, long address, int length) {
        if (closed) {
            return;
        }
        queue.reply(sequence, address, length);
        averageBytes += (length - averageBytes) >> AVERAGE_SHIFT;
        if (paused != 0 || inputEnded || session.isClosing()) {
            answered();
        }
    }

    @Override
    public void failed(int sequence, String error) {
        if (waitsAtNode && inputEnded) {
            // The node waits as little for a client that has hung up as if it had been there itself.
            session.closeAfterReply();
            reply(sequence, 0, 0);
            return;
        }
        ReplyWriter out = worker.writer();
        out.attach(worker.errorBuffer());
        out.error(error);
        ByteBuf written = out.detach();
        reply(sequence, written.memoryAddress(), written.writerIndex());
    }

    private void answered() {
        if (queue.isEmpty()) {
            if (waitsAtNode && inputEnded) {
                own.close();
            }
            waitsAtNode = false;
            own.expectReply(false);
            resume(PAUSED_BY_ORDER);
        }
        // Only when half of it is answered: otherwise it would be full again at once.
        if (queue.isEmpty() || !isQueueFull(2 * queue.size())) {
            resume(PAUSED_BY_QUEUE);
        }
        finishIfAnswered();
    }

    /** Lets the caller write what follows all replies before it; {@link #endReply} or {@link #endPush} must be next. */
    ReplyWriter beginReply() {
        ReplyWriter out = worker.writer();
        out.protocol(session.protocol());
        queue.lend(out);
        return out;
    }

    void endReply() {
        queue.written(worker.writer(), session.isMuted());
    }

    /** Messages come even to those who want no replies. */
    void endPush() {
        queue.written(worker.writer(), false);
    }

    void replyError(String text) {
        beginReply().error(text);
        endReply();
    }

    /** Replies what the near cache has, as RESP3 has it. */
    void replyNear(long address, int length, boolean isNull) {
        if (isNull) {
            beginReply().nullBulk();
            endReply();
        } else {
            reply(openReply(), address, length);
        }
    }

    /** What the client listens to. */
    Set<String> listensTo(boolean isPattern) {
        return isPattern ? patterns : channels;
    }

    int listenings() {
        return channels.size() + patterns.size();
    }

    void subscriptionsChanged() {
        session.subscriptions(channels.size(), patterns.size());
        setOutputLimit();
    }

    /** The command, if any, may have changed what is kept in the session. */
    void sessionChanged(Command command) {
        Backend[] before = lane;
        if (!Objects.equals(session.account(), account)) {
            BackendPool entered = worker.accounts().enter(session.account(), this);
            worker.accounts().leave(account, this);
            account = session.account();
            backends = entered;
        }
        lane = backends.lane(session.protocol(), session.database());
        if (lane != before) {
            own.close();
        }
        decoder.authenticated(session.isAuthenticated());
        punish(session.takePenaltyMillis());
        if (command == ConnectionCommand.RESET) {
            transaction().end();
            worker.channels().leave(this);
            subscriptionsChanged();
        } else {
            setOutputLimit();
        }
    }

    private void setOutputLimit() {
        if (!session.isAuthenticated()) {
            output.mostBytes(MOST_OUTPUT_BYTES_OF_STRANGER);
        } else {
            output.mostBytes(listenings() > 0 ? MOST_OUTPUT_BYTES_OF_LISTENER : MOST_OUTPUT_BYTES);
        }
    }

    private void overflowed() {
        LOG.warn("client {} is closed: more replies wait for it than it may leave unread", session.address());
        context.close();
    }

    void awaitRoom(Backend backend) {
        pause(PAUSED_BY_NODE);
        backend.awaitRoom(this);
    }

    private void pause(int reason) {
        if (paused == 0) {
            context.channel().config().setAutoRead(false);
        }
        paused |= reason;
    }

    void resume(int reason) {
        if ((paused & reason) != 0) {
            paused &= ~reason;
            if (paused == 0) {
                resuming = true;
                worker.turn().willResume(serveRest);
            }
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext unused) {
        if (context.channel().isWritable()) {
            output.flush();
            resume(PAUSED_BY_OUTPUT);
            finishIfAnswered();
        } else if (!closed) {
            pause(PAUSED_BY_OUTPUT);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext unused, Object event) {
        if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
            inputEnded = true;
            if (waitsAtNode) {
                own.endOutput();
            }
            finishIfAnswered();
        }
    }

    /** Whether no further request is served. */
    private boolean isFinishing() {
        return session.isClosing() || closed;
    }

    private void finishIfAnswered() {
        if (isOver()) {
            worker.turn().willResume(finish);
        }
    }

    private boolean isOver() {
        return (session.isClosing() || (inputEnded && paused == 0 && !resuming)) && queue.isEmpty() && !finished;
    }

    /** Sends what is left, then ends the connection so that the client can read all of it, unless more has been served meanwhile. */
    private void finish() {
        output.flush();
        if (closed || !isOver() || output.waitingBytes() > 0) {
            return;
        }
        finished = true;
        if (inputEnded || !(context.channel() instanceof DuplexChannel)) {
            context.close();
            return;
        }
        // Closing a socket with unread input would throw away what the client has not read yet.
        HalfClose.afterWritten(context);
        context.executor().schedule(() -> context.close(), LINGER_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void channelInactive(ChannelHandlerContext unused) {
        closed = true;
        worker.clients().leave(session);
        worker.channels().leave(this);
        if (transaction != null) {
            transaction.end();
        }
        own.close();
        worker.accounts().leave(account, this);
        output.close();
        queue.close();
        input.close();
        request.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext unused, Throwable cause) {
        if (cause instanceof IOException || cause instanceof DecoderException) {
            LOG.debug("client {}: {}", session.address(), cause.getMessage());
        } else {
            Command last = session.lastCommand();
            LOG.error(
                    "client {}, command {}",
                    session.address(),
                    last == null ? "none" : last.spec().name(),
                    cause);
            worker.recover();
        }
        context.close();
    }
}
