package dev.jackdaw.server.command;

import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.protocol.resp.RequestDecoder;
import dev.jackdaw.server.config.Config;
import dev.jackdaw.server.config.ConfigLoader;
import dev.jackdaw.server.engine.Clock;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.persistence.Disk;
import dev.jackdaw.server.persistence.Handout;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;

/**
 * Owned by one test: a node without a network. Commands run in process through decoder, executor and writer; time stands
 * still until the test turns it.
 */
public final class TestNode implements AutoCloseable {
    private long nowMillis = 1_800_000_000_000L;

    private final Clock clock;
    private final Config config;
    private final Engine engine;
    private final Node node;
    private final CommandExecutor executor;
    private final List<Client> clients = new ArrayList<>();
    private final ArrayDeque<Client> woken = new ArrayDeque<>();
    private final Client client;

    public TestNode() {
        this(null);
    }

    /** A node with settings, as they stand on the command line. */
    public static TestNode with(String... options) {
        return new TestNode(null, ConfigLoader.load(options));
    }

    /** A node whose time does not stand still. */
    public TestNode(Clock runningClock) {
        this(runningClock, new Config());
    }

    /** A node with settings whose files lie on this disk. */
    public static TestNode on(Disk disk, String... options) {
        return new TestNode(null, ConfigLoader.load(options), disk);
    }

    private TestNode(Clock runningClock, Config config) {
        this(runningClock, config, Disk.REAL);
    }

    private TestNode(Clock runningClock, Config config, Disk disk) {
        this.config = config;
        clock = runningClock == null ? new TurnedClock() : runningClock;
        engine = new Engine(clock, config.databases(), 42);
        node = new Node(engine, config, disk);
        executor = new CommandExecutor(node);
        client = connect();
    }

    /** Owned by the test: the time that {@link #advance} turns. */
    private final class TurnedClock implements Clock {
        @Override
        public long millis() {
            return nowMillis;
        }

        @Override
        public long nanos() {
            return nowMillis * 1_000_000;
        }

        @Override
        public void sleep(long millis) {
            nowMillis += millis;
        }
    }

    public Node node() {
        return node;
    }

    public Engine engine() {
        return engine;
    }

    public CommandExecutor executor() {
        return executor;
    }

    public Config config() {
        return config;
    }

    /** Turns the clock, and lets the engine do what has become due. */
    public void advance(long millis) {
        nowMillis += millis;
        engine.refreshTime();
        boolean more = true;
        while (more) {
            more = node.backgroundStep();
            executor.serveReady();
        }
        runWoken();
    }

    /** Lets the engine make one step of what is due, and those go on who may then. */
    public void step() {
        node.backgroundStep();
        executor.serveReady();
        runWoken();
    }

    /** Loads what is on disk, all at once. */
    public void load() throws IOException {
        node.load();
        finishLoading();
    }

    void finishLoading() {
        while (node.loading().isActive() && !node.loading().end().isDone()) {
            node.backgroundStep();
        }
        try {
            node.loading().end().join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
        }
    }

    /** Lets those go on who may, one after the other, as the event loop does. */
    private void runWoken() {
        for (Client next = woken.poll(); next != null; next = woken.poll()) {
            next.runPending();
        }
    }

    /** Turns the clock, and gives the engine no time to do anything about it. */
    public void advanceWithoutBackground(long millis) {
        nowMillis += millis;
        engine.refreshTime();
    }

    /** Runs a command of the first client, one argument a string of one character a byte. */
    public Reply run(String... arguments) {
        return client.run(arguments);
    }

    /** The same with the arguments in a list. */
    public Reply run(List<String> arguments) {
        return client.run(arguments);
    }

    /** The first client. */
    public Client client() {
        return client;
    }

    /** Another client. */
    public Client connect() {
        clients.add(new Client());
        return clients.getLast();
    }

    @Override
    public void close() {
        node.snapshots().giveUp();
        node.log().close();
        node.loading().stop();
        node.effects().to(null);
        clients.forEach(each -> {
            node.disconnect(each.session);
            each.out.release();
        });
        engine.close();
    }

    /** Owned by the test: one client, its session, and what it was sent. */
    public final class Client implements Connection {
        private final RequestDecoder decoder = new RequestDecoder();
        private final Request request = new Request();
        private final ReplyWriter writer = new ReplyWriter();
        private final ByteBuf out = Unpooled.directBuffer();
        private final Session session = node.connect(this);
        private final ArrayDeque<String[]> pending = new ArrayDeque<>();
        private boolean running;
        private boolean closed;
        private long pausedMillis;

        public Session session() {
            return session;
        }

        public boolean isClosed() {
            return closed;
        }

        /** For how long the node did not want to hear from this client when it said so last; 0 if it never has. */
        public long pausedMillis() {
            return pausedMillis;
        }

        /** What was written to this client since, while none of its own commands ran. */
        public List<Reply> received() {
            return read();
        }

        public Reply run(String... arguments) {
            List<Reply> replies = runAll(arguments);
            return replies.isEmpty() ? null : replies.getFirst();
        }

        public Reply run(List<String> arguments) {
            return run(arguments.toArray(new String[0]));
        }

        /** Everything that the command made the node write to this client. */
        public List<Reply> runAll(String... arguments) {
            send(arguments);
            return read();
        }

        /** Runs the command when the client's earlier ones have been answered; {@link #received} has the replies. */
        public void send(String... arguments) {
            pending.add(arguments);
            goOn();
            runWoken();
        }

        @Override
        public void goOn() {
            woken.add(this);
        }

        @Override
        public void send(Handout snapshot) {
            snapshot.close();
            closed = true;
        }

        private void runPending() {
            while (session.takesRequests() && !pending.isEmpty()) {
                String[] next = pending.remove();
                if (!execute(next)) {
                    pending.addFirst(next);
                }
            }
        }

        private boolean execute(String... arguments) {
            ByteBuf in = encode(arguments);
            try {
                if (!decoder.decode(in, request)) {
                    throw new AssertionError("an incomplete request");
                }
                writer.attach(out);
                running = true;
                return executor.execute(session, request, writer);
            } finally {
                running = false;
                writer.detach();
                in.release();
                engine.endTurn();
            }
        }

        /** The client goes away. */
        public void disconnect() {
            closed = true;
            pending.clear();
            node.disconnect(session);
        }

        @Override
        public ByteBuf buffer(int bytes) {
            return Unpooled.directBuffer(bytes);
        }

        private List<Reply> read() {
            List<Reply> replies = new ArrayList<>();
            for (Reply reply = Reply.read(out); reply != null; reply = Reply.read(out)) {
                replies.add(reply);
            }
            out.clear();
            return replies;
        }

        @Override
        public ReplyWriter push() {
            if (!running) {
                writer.attach(out);
                writer.protocol(session.protocol());
            }
            return writer;
        }

        @Override
        public void pushed() {
            if (!running) {
                writer.detach();
            }
        }

        @Override
        public void closeAfterReplies() {
            closed = true;
        }

        @Override
        public void abort() {
            closed = true;
        }

        @Override
        public void pause(long millis) {
            pausedMillis = millis;
        }

        @Override
        public String remoteAddress() {
            return "127.0.0.1:50000";
        }

        @Override
        public boolean isLocal() {
            return true;
        }

        @Override
        public String localAddress() {
            return "127.0.0.1:6379";
        }

        @Override
        public long queryBufferBytes() {
            return 0;
        }

        @Override
        public long outputBufferBytes() {
            return out.readableBytes();
        }
    }

    /** The command in RESP. */
    public static ByteBuf encode(String... arguments) {
        ByteBuf buffer = Unpooled.directBuffer();
        buffer.writeCharSequence("*" + arguments.length + "\r\n", StandardCharsets.ISO_8859_1);
        for (String argument : arguments) {
            buffer.writeCharSequence("$" + argument.length() + "\r\n" + argument + "\r\n", StandardCharsets.ISO_8859_1);
        }
        return buffer;
    }
}
