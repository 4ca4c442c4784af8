package dev.jackdaw.server.migration;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.SocketAddress;

/** Owned by the event loop: how a node connects to servers that keys move to. */
public final class Targets {
    private EventLoop loop;

    /** Says on which event loop the node lives; before that there is no network. */
    public void on(EventLoop newLoop) {
        loop = newLoop;
    }

    /**
     * Begins to connect.
     *
     * @param timeoutMillis how long it may take until something happens, each time
     * @param news told on the event loop, never at once, when the connection stands, replies have come, or it has failed
     */
    public Target open(String host, long port, long timeoutMillis, Runnable news) {
        Target target = new Target(this, timeoutMillis, news);
        target.dial(host, port);
        return target;
    }

    EventLoop loop() {
        return loop;
    }

    ChannelFuture connect(SocketAddress address, ChannelHandler handler) {
        boolean epoll = loop instanceof IoEventLoop io && io.isIoType(EpollIoHandler.class);
        return new Bootstrap()
                .group(loop)
                .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                // The target has a timeout of its own.
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
                .handler(handler)
                .connect(address);
    }
}
