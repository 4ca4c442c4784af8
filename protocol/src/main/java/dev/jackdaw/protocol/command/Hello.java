package dev.jackdaw.protocol.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.Versions;
import dev.jackdaw.protocol.resp.Integers;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.protocol.resp.Request;

/** Shared and stateless: what HELLO says to whom, the same on a node and in front of nodes. */
public final class Hello {
    private Hello() {}

    /** The version of the protocol that a client wants. */
    public static int protocol(Request request) {
        if (!Integers.isInteger(request.address(1), request.length(1))) {
            throw new Refusal(CommandError.PROTOCOL_NOT_AN_INTEGER);
        }
        long version = Integers.parse(request.address(1), request.length(1));
        if (version < 2 || version > 3) {
            throw new Refusal(CommandError.UNSUPPORTED_PROTOCOL);
        }
        return (int) version;
    }

    /** Greets the client, in the version that it speaks from now on. */
    public static void greet(int protocol, long clientId, ReplyWriter reply) {
        reply.protocol(protocol);
        reply.map(7);
        reply.bulkText("server");
        reply.bulkText("redis");
        reply.bulkText("version");
        reply.bulkText(Versions.REDIS);
        reply.bulkText("proto");
        reply.integer(protocol);
        reply.bulkText("id");
        reply.integer(clientId);
        reply.bulkText("mode");
        reply.bulkText("standalone");
        reply.bulkText("role");
        reply.bulkText("master");
        reply.bulkText("modules");
        reply.array(0);
    }
}
