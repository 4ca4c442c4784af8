package dev.jackdaw.server.net;

import dev.jackdaw.server.bus.Bus;
import dev.jackdaw.server.bus.BusPeer;
import dev.jackdaw.server.bus.BusSettings;
import dev.jackdaw.server.command.Node;
import dev.jackdaw.server.config.Config;
import dev.jackdaw.server.config.Directive;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Shared, in that any thread may start and close it: a node on the network. Listening sockets, clients and engine live on
 * one event loop, so a command never changes threads.
 */
public final class Server implements AutoCloseable {
    private static final int LOW_WATER_BYTES = 256 << 10;
    private static final int HIGH_WATER_BYTES = 1 << 20;
    /** A megabyte: of the pieces that replies leave in, of 64 KB and one reply more, seven fill it. */
    private static final int CHUNK_ORDER = 7;

    private static final int PAGE_BYTES = 8 << 10;
    private static final int SMALL_BUFFERS_KEPT = 32;
    private static final int KEEPALIVE_PROBES = 3;
    private static final int MOST_TICKS_PER_SECOND = 500;

    private final Node node;
    private final Config config;
    private final Clients clients;
    private final EventLoopGroup group;
    private final EventLoop loop;
    private final Entrances entrances;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final ByteBufAllocator allocator =
            new PooledByteBufAllocator(true, 0, 1, PAGE_BYTES, CHUNK_ORDER, SMALL_BUFFERS_KEPT, 0, false);
    private final ReadBuffer readBuffer = new ReadBuffer();

    private boolean stepping;
    private long alarmMillis = Long.MAX_VALUE;
    private ScheduledFuture<?> alarm;

    public Server(Node node) {
        this.node = node;
        this.config = node.config();
        this.clients = new Clients(node);
        IoHandlerFactory io = Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        this.group = new MultiThreadIoEventLoopGroup(1, io);
        this.loop = group.next();
        this.entrances = new Entrances(config, this::bootstrap, readBuffer);
        node.atShutdown(stopped::countDown);
        node.atAlarm(this::setAlarm);
        node.atResume(session -> loop.execute(() -> clients.resume(session)));
        node.targets().on(loop);
        node.log().on(loop, () -> loop.execute(clients::releaseHeld));
    }

    /**
     * Begins to load the data, and listens where the settings say; returns the port, which the system chooses where the one
     * that is asked for is 0 and there is none for TLS.
     *
     * @throws IOException if an address cannot be had that is not marked as dispensable with a dash
     */
    public int start() throws IOException {
        load();
        open();
        joinBus();
        scheduleTick();
        return entrances.port();
    }

    /**
     * To be called once the server has started, if it is all that there is in its process: from then on the resident size of the process is held to
     * the memory limit, beside what it had without data.
     */
    public void watchResidentBytes() {
        loop.execute(() -> new ResidentWatch(node, clients.eviction(), loop).begin());
    }

    private void open() throws IOException {
        Throwable failure = loop.submit(() -> {
                    entrances.open();
                    return null;
                })
                .awaitUninterruptibly()
                .cause();
        switch (failure) {
            case null -> {}
            case IOException cannot -> throw cannot;
            case RuntimeException wrong -> throw wrong;
            default -> throw new IOException(failure);
        }
    }

    /** Begins before anybody can connect. */
    private void load() throws IOException {
        Throwable failure = loop.submit(() -> {
                    node.load();
                    return null;
                })
                .awaitUninterruptibly()
                .cause();
        if (failure != null) {
            throw notLoaded(failure);
        }
        loop.execute(this::step);
    }

    /**
     * Waits until all is loaded, or the node is to end.
     *
     * @throws IOException if it cannot be loaded
     */
    public void awaitLoaded() throws IOException {
        try {
            node.loading().end().join();
        } catch (CompletionException failed) {
            throw notLoaded(failed.getCause());
        }
    }

    private static IOException notLoaded(Throwable cause) {
        return new IOException("Could not load the data: " + cause.getMessage(), cause);
    }

    /** @param first what comes to a new connection before anything else */
    private ServerBootstrap bootstrap(Consumer<Channel> first) {
        return new ServerBootstrap()
                .group(group)
                .option(ChannelOption.SO_BACKLOG, (int) config.number(Directive.TCP_BACKLOG))
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.ALLOCATOR, allocator)
                .childOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(LOW_WATER_BYTES, HIGH_WATER_BYTES))
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        tune(channel);
                        first.accept(channel);
                        channel.pipeline().addLast(new ClientHandler(clients));
                    }
                });
    }

    /** What is not for Unix sockets is left out there. */
    private void tune(Channel channel) {
        channel.config().setOption(ChannelOption.TCP_NODELAY, true);
        int seconds = (int) config.number(Directive.TCP_KEEPALIVE);
        channel.config().setOption(ChannelOption.SO_KEEPALIVE, seconds > 0);
        if (seconds > 0 && channel instanceof EpollSocketChannel) {
            channel.config().setOption(EpollChannelOption.TCP_KEEPIDLE, seconds);
            channel.config().setOption(EpollChannelOption.TCP_KEEPINTVL, Math.max(1, seconds / KEEPALIVE_PROBES));
            channel.config().setOption(EpollChannelOption.TCP_KEEPCNT, KEEPALIVE_PROBES);
        }
    }

    // --- Other nodes ---

    private void joinBus() throws IOException {
        List<BusPeer> peers;
        try {
            peers = BusPeer.parseAll(config.text(Directive.BUS_PEERS));
        } catch (IllegalArgumentException wrong) {
            throw new IOException("bus-peers: " + wrong.getMessage(), wrong);
        }
        if (peers.isEmpty()) {
            return;
        }
        int asked = (int) config.number(Directive.BUS_PORT);
        int busPort = asked == 0 ? BusPeer.busPort(entrances.port()) : asked;
        joinBus(new BusSettings(busHost(), busPort, peers, config::requirePass, this::isProtected));
    }

    private String busHost() {
        String first = config.words(Directive.BIND).stream().findFirst().orElse("*");
        return Listener.withoutWildcard(first.startsWith("-") ? first.substring(1) : first);
    }

    private boolean isProtected() {
        return config.protectedMode() && node.acl().defaultUser().isPasswordless();
    }

    /** Connects to other nodes and lets them connect; returns the port that they do it at. */
    public int joinBus(BusSettings settings) throws IOException {
        Bus bus = new Bus(loop, settings, node.gossip());
        loop.submit(() -> node.join(bus)).awaitUninterruptibly();
        return bus.start();
    }

    // --- Background work ---

    private int ticksPerSecond() {
        return Math.clamp(config.number(Directive.HZ), 1, MOST_TICKS_PER_SECOND);
    }

    private void scheduleTick() {
        loop.schedule(this::tick, 1000 / ticksPerSecond(), TimeUnit.MILLISECONDS);
    }

    private void tick() {
        if (!stepping) {
            step();
        }
        clients.sweep(ticksPerSecond());
        clients.releaseHeld();
        clients.flushOthers();
        node.observe();
        node.engine().limit().forget();
        scheduleTick();
    }

    /** Sees to it that a step is made when the node wants one next. */
    private void setAlarm() {
        long millis = node.alarmMillis();
        if (millis == alarmMillis) {
            return;
        }
        if (alarm != null) {
            alarm.cancel(false);
        }
        alarmMillis = millis;
        long delayMillis = Math.max(0, millis - node.engine().clock().millis());
        alarm = millis == Long.MAX_VALUE ? null : loop.schedule(this::alarmRings, delayMillis, TimeUnit.MILLISECONDS);
    }

    private void alarmRings() {
        alarmMillis = Long.MAX_VALUE;
        alarm = null;
        if (!stepping) {
            step();
        }
    }

    /**
     * Goes on at once where there is more to do, but lets clients in between. A task that is due at once runs in the loop's next turn; one that is just
     * executed runs in the same, for up to a second before the loop looks at its clients again.
     */
    private void step() {
        node.engine().refreshTime();
        stepping = node.backgroundStep();
        clients.executor().serveReady();
        setAlarm();
        clients.flushOthers();
        if (stepping) {
            loop.schedule(this::step, 0, TimeUnit.NANOSECONDS);
        }
    }

    // --- The end ---

    /** Waits until a client or {@link #stop} wants the node to end. */
    public void awaitStop() throws InterruptedException {
        stopped.await();
    }

    /**
     * Makes {@link #awaitStop} return, after a snapshot if there are save points, or as the directive for a signal says,
     * however long it takes; false if that failed, and the node goes on.
     */
    public boolean stop(Directive signal) {
        return group.isShuttingDown()
                || Boolean.TRUE.equals(loop.submit(() -> node.shutDown(signal))
                        .awaitUninterruptibly()
                        .getNow());
    }

    @Override
    public void close() {
        loop.submit(entrances::close).awaitUninterruptibly();
        if (node.bus() != null) {
            node.bus().close();
        }
        loop.submit(node::end).awaitUninterruptibly();
        loop.submit(clients::closeAll).awaitUninterruptibly();
        loop.submit(clients::abortAll).awaitUninterruptibly();
        loop.submit(node.snapshots()::giveUp).awaitUninterruptibly();
        loop.submit(node.loading()::stop).awaitUninterruptibly();
        loop.submit(readBuffer::close).awaitUninterruptibly();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        node.engine().close();
    }
}
