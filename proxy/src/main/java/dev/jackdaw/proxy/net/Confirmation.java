package dev.jackdaw.proxy.net;

import dev.jackdaw.protocol.resp.ReplyWriter;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Owned by one event loop: the reply to one SUBSCRIBE or PSUBSCRIBE, kept until nodes have confirmed all its names. */
final class Confirmation {
    private static final int NOT_WAITING = -1;

    /** One name, and how many subscriptions the client then has. */
    private record Line(String name, int subscriptions) {}

    private final Worker worker;
    private final FrontHandler client;
    private final boolean isPattern;
    private final List<Line> lines = new ArrayList<>();
    private final Set<String> missing = new HashSet<>();
    private boolean waits;
    private int sequence = NOT_WAITING;

    Confirmation(Worker worker, FrontHandler client, boolean isPattern) {
        this.worker = worker;
        this.client = client;
        this.isPattern = isPattern;
    }

    boolean isFor(FrontHandler one) {
        return client == one;
    }

    void add(String name, int subscriptions, boolean isConfirmed) {
        lines.add(new Line(name, subscriptions));
        if (!isConfirmed) {
            missing.add(name);
        }
    }

    void confirm(String name, boolean ofPattern) {
        if (ofPattern == isPattern) {
            missing.remove(name);
        }
    }

    boolean isComplete() {
        return missing.isEmpty();
    }

    /** Keeps the place of the reply among the client's other replies. */
    void await() {
        waits = true;
        sequence = client.openReply();
    }

    void reply() {
        if (!waits) {
            write(client.beginReply());
            client.endPush();
            return;
        }
        ByteBuf buffer = worker.buffers().borrow();
        ReplyWriter out = new ReplyWriter();
        out.protocol(client.session().protocol());
        out.attach(buffer);
        write(out);
        ByteBuf written = out.detach();
        client.reply(sequence, written.memoryAddress(), written.writerIndex());
        worker.buffers().giveBack(written);
    }

    private void write(ReplyWriter out) {
        for (Line line : lines) {
            out.push(3);
            out.bulkText(isPattern ? "psubscribe" : "subscribe");
            out.bulkText(line.name());
            out.integer(line.subscriptions());
        }
    }
}
