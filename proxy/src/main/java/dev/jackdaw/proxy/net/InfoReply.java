package dev.jackdaw.proxy.net;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.proxy.local.InfoReport;
import dev.jackdaw.proxy.route.ReplySink;
import io.netty.buffer.ByteBuf;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Owned by one event loop: collects the INFO of all nodes for the proxy's own. */
final class InfoReply implements ReplySink {
    private final Worker worker;
    private final FrontHandler client;
    private final int sequence;
    private final Set<String> sections = new HashSet<>();
    private final InfoReport report;
    private int missing;

    InfoReply(Worker worker, FrontHandler client, Request request, int nodes) {
        this.worker = worker;
        this.client = client;
        this.sequence = client.openReply();
        this.missing = nodes;
        this.report = new InfoReport(worker.options(), worker.clients(), worker.clock());
        for (int i = 1; i < request.count(); i++) {
            sections.add(request.text(i).toLowerCase(Locale.ROOT));
        }
    }

    @Override
    public void reply(int node, long address, int length) {
        report.node(node, nodeName(node), Raw.getByte(address) == '-' ? null : Raw.latin1(address, length));
        done();
    }

    @Override
    public void failed(int node, String error) {
        report.node(node, nodeName(node), null);
        done();
    }

    private String nodeName(int node) {
        return client.lane()[node].node().toString();
    }

    private void done() {
        if (--missing > 0) {
            return;
        }
        if (worker.near() != null) {
            var cache = worker.near().cache();
            report.nearCache(cache.entries(), cache.usedBytes(), cache.hits(), cache.misses());
        }
        ByteBuf buffer = worker.buffers().borrow();
        ReplyWriter out = worker.writer();
        out.protocol(client.session().protocol());
        out.attach(buffer);
        out.verbatim("txt", report.text(sections));
        ByteBuf written = out.detach();
        client.reply(sequence, written.memoryAddress(), written.writerIndex());
        worker.buffers().giveBack(written);
    }
}
