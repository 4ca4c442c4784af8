package dev.jackdaw.server.net;

import dev.jackdaw.server.command.Node;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * Shared, in that any thread may start and close it: a node on the network. Listening socket, clients and engine live on
 * one event loop, so a command never changes threads.
 */
public final class Server implements AutoCloseable {
    private static final int TICK_MILLIS = 100;
    private static final int LOW_WATER_BYTES = 256 << 10;
    private static final int HIGH_WATER_BYTES = 1 << 20;
    private static final int BACKLOG = 511;

    private final Node node;
    private final Clients clients;
    private final EventLoopGroup group;
    private final EventLoop loop;
    private Channel listener;

    public Server(Node node) {
        this.node = node;
        this.clients = new Clients(node);
        IoHandlerFactory io = Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        this.group = new MultiThreadIoEventLoopGroup(1, io);
        this.loop = group.next();
    }

    /** Listens; returns the port, which matters where {@code port} is 0. */
    public int start(String host, int port) throws InterruptedException {
        Class<? extends ServerChannel> type =
                Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        listener = new ServerBootstrap()
                .group(group)
                .channel(type)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(LOW_WATER_BYTES, HIGH_WATER_BYTES))
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new ClientHandler(clients));
                    }
                })
                .bind(host, port)
                .sync()
                .channel();
        loop.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    private void tick() {
        node.engine().refreshTime();
        if (node.backgroundStep()) {
            loop.execute(this::tick);
        }
        clients.flushOthers();
    }

    /** Waits until the node has been closed. */
    public void join() throws InterruptedException {
        group.terminationFuture().sync();
    }

    @Override
    public void close() {
        loop.submit(clients::closeAll).awaitUninterruptibly();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        node.engine().close();
    }
}
