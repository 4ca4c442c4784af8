package dev.jackdaw.server.command;

import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.CommandTable;
import dev.jackdaw.protocol.command.TransactionCommand;
import dev.jackdaw.protocol.resp.ProtocolException;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.protocol.resp.RequestDecoder;
import dev.jackdaw.server.persistence.CorruptLogException;
import dev.jackdaw.server.persistence.Replay;
import io.netty.buffer.ByteBuf;

/** Owned by one thread: looks at the commands of a log, and does none of them. */
public final class LogSyntax implements Replay {
    private final CommandTable table = CommandTable.all();
    private final Request request = new Request();
    private RequestDecoder decoder;
    private boolean inTransaction;
    private long open;

    @Override
    public void begin() {
        decoder = new RequestDecoder();
        decoder.maxBulkBytes(Integer.MAX_VALUE);
        decoder.maxArguments(Integer.MAX_VALUE);
        inTransaction = false;
        open = 0;
    }

    @Override
    public void apply(ByteBuf commands) {
        int begin = commands.readerIndex();
        int from = begin;
        while (commands.isReadable() && passesRemark(commands)) {
            long at = commands.readerIndex() - (long) begin;
            try {
                if (commands.isReadable() && !decoder.decode(commands, request)) {
                    return;
                }
            } catch (ProtocolException wrong) {
                throw new CorruptLogException(wrong.getMessage(), at);
            }
            look(at);
            open = inTransaction ? open + commands.readerIndex() - from : 0;
            from = commands.readerIndex();
        }
    }

    /** False if there is one that does not end. */
    private static boolean passesRemark(ByteBuf commands) {
        while (commands.isReadable() && commands.getByte(commands.readerIndex()) == '#') {
            int line = commands.bytesBefore((byte) '\n') + 1;
            if (line == 0) {
                return false;
            }
            commands.skipBytes(line);
        }
        return true;
    }

    private void look(long at) {
        Command command = table.find(request);
        if (command == null || !command.spec().accepts(request.count())) {
            throw new CorruptLogException(table.refusal(command, request), at);
        }
        if (command == TransactionCommand.MULTI || command == TransactionCommand.EXEC) {
            if (inTransaction == (command == TransactionCommand.MULTI)) {
                throw new CorruptLogException(inTransaction ? "MULTI within MULTI" : "EXEC without MULTI", at);
            }
            inTransaction = !inTransaction;
        }
    }

    @Override
    public long openBytes() {
        return open;
    }

    @Override
    public void end() {
        decoder = null;
    }
}
