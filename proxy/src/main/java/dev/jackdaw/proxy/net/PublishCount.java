package dev.jackdaw.proxy.net;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.Integers;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.proxy.route.ReplySink;

/** Owned by one event loop: corrects the node's count of receivers, to which the proxy is one, by the listeners behind it. */
final class PublishCount implements ReplySink {
    private final Worker worker;
    private final ReplySink to;
    private final int difference;

    PublishCount(Worker worker, ReplySink to, int difference) {
        this.worker = worker;
        this.to = to;
        this.difference = difference;
    }

    @Override
    public void reply(int tag, long address, int length) {
        if (difference == 0 || Raw.getByte(address) != ':') {
            to.reply(tag, address, length);
            return;
        }
        ReplyWriter out = worker.writer();
        out.attach(worker.errorBuffer());
        out.integer(Math.max(0, Integers.parse(address + 1, length - 3) + difference));
        var written = out.detach();
        to.reply(tag, written.memoryAddress(), written.writerIndex());
    }

    @Override
    public void failed(int tag, String error) {
        to.failed(tag, error);
    }
}
