package dev.jackdaw.server.command;

import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.server.persistence.Handout;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Owned by the event loop: the connection of one who is nobody's client, and whom nothing can be told. */
final class SilentConnection implements Connection {
    private boolean aborted;

    boolean isAborted() {
        return aborted;
    }

    @Override
    public void closeAfterReplies() {
        aborted = true;
    }

    @Override
    public void abort() {
        aborted = true;
    }

    @Override
    public void pause(long millis) {}

    @Override
    public void goOn() {}

    @Override
    public void send(Handout snapshot) {
        snapshot.close();
    }

    @Override
    public ReplyWriter push() {
        throw new AssertionError("a message for nobody");
    }

    @Override
    public void pushed() {}

    @Override
    public ByteBuf buffer(int bytes) {
        return Unpooled.directBuffer(bytes);
    }

    @Override
    public String remoteAddress() {
        return "";
    }

    @Override
    public boolean isLocal() {
        return true;
    }

    @Override
    public String localAddress() {
        return "";
    }

    @Override
    public long queryBufferBytes() {
        return 0;
    }

    @Override
    public long outputBufferBytes() {
        return 0;
    }
}
