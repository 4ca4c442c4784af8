package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.command.CommandReplies;
import dev.jackdaw.protocol.command.CommandTable;
import dev.jackdaw.protocol.command.StreamCommand;
import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.Integers;
import dev.jackdaw.server.config.Directive;
import dev.jackdaw.server.engine.KeyEvent;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.memory.StreamLog;
import dev.jackdaw.server.value.StreamValue;

/** Owned by the event loop: the bodies of the commands on streams, without those on their groups. */
final class StreamHandlers {
    private final CommandReplies help = new CommandReplies(CommandTable.all());
    private final StreamValue stream;
    private final StreamLog log;
    private final StreamReplies replies;
    private final StreamGroupHandlers groups;
    private final StreamRead read;
    private final StreamInfo info;
    private final StreamRemoval removal;
    private final StreamTrim trim;
    private final StreamId start = new StreamId();
    private final StreamId end = new StreamId();
    private final Arguments arguments = new Arguments();
    private long nodeBytes;
    private long nodeEntries;

    StreamHandlers(Node node) {
        this.stream = new StreamValue(node.engine());
        this.log = stream.log();
        this.replies = new StreamReplies();
        this.groups = new StreamGroupHandlers(stream, replies);
        this.read = new StreamRead(stream, replies);
        this.info = new StreamInfo(stream, replies);
        this.removal = new StreamRemoval(stream);
        this.trim = new StreamTrim(log, removal);
        node.config().follow(Directive.STREAM_NODE_MAX_BYTES, bytes -> nodeLimits(bytes, nodeEntries));
        node.config().follow(Directive.STREAM_NODE_MAX_ENTRIES, entries -> nodeLimits(nodeBytes, entries));
    }

    private void nodeLimits(long bytes, long entries) {
        nodeBytes = bytes;
        nodeEntries = entries;
        stream.nodeLimits(bytes, entries);
    }

    void run(StreamCommand command, Call call) {
        switch (command) {
            case XADD -> xadd(call);
            case XLEN -> call.reply().integer(read(call) ? log.length() : 0);
            case XRANGE -> range(call, false);
            case XREVRANGE -> range(call, true);
            case XDEL -> xdel(call);
            case XDELEX -> removal.xdelex(call);
            case XACKDEL -> removal.xackdel(call);
            case XTRIM -> xtrim(call);
            case XSETID -> xsetid(call);
            case XREAD -> read.xread(call);
            case XREADGROUP -> read.xreadgroup(call);
            case XGROUP_CREATE -> groups.create(call);
            case XGROUP_SETID -> groups.setid(call);
            case XGROUP_DESTROY -> groups.destroy(call);
            case XGROUP_CREATECONSUMER -> groups.createconsumer(call);
            case XGROUP_DELCONSUMER -> groups.delconsumer(call);
            case XACK -> groups.xack(call);
            case XPENDING -> groups.xpending(call);
            case XCLAIM -> groups.xclaim(call);
            case XAUTOCLAIM -> groups.xautoclaim(call);
            case XINFO_STREAM -> info.stream(call);
            case XINFO_GROUPS -> info.groups(call);
            case XINFO_CONSUMERS -> info.consumers(call);
            case XGROUP, XGROUP_HELP -> help.help(StreamCommand.XGROUP, call.reply());
            case XINFO, XINFO_HELP -> help.help(StreamCommand.XINFO, call.reply());
        }
    }

    /** Owned by the handlers: the fields of an entry where they stand among the arguments. */
    private static final class Arguments implements StreamLog.Fields {
        private Call call;
        private int first;
        private int count;

        void at(Call newCall, int newFirst) {
            call = newCall;
            first = newFirst;
            count = (call.count() - first) / 2;
        }

        @Override
        public int count() {
            return count;
        }

        @Override
        public long address(int i) {
            return call.address(first + i);
        }

        @Override
        public int length(int i) {
            return call.length(first + i);
        }

        @Override
        public boolean isInteger(int i) {
            return Integers.isInteger(address(i), length(i));
        }

        @Override
        public long integer(int i) {
            return Integers.parse(address(i), length(i));
        }

        boolean areTooLarge() {
            long bytes = 0;
            for (int i = 0; i < 2 * count; i++) {
                bytes += length(i);
            }
            return bytes > StreamLog.MAX_ENTRY_BYTES;
        }
    }

    // --- Appending ---

    private void xadd(Call call) {
        int at = trim.read(call, true);
        boolean automatic = at < call.count() && call.length(at) == 1 && Raw.getByte(call.address(at)) == '*';
        if (at < call.count() && !automatic) {
            start.readOpen(call, at);
        }
        trim.check(true, nodeEntries);
        int fieldWords = call.count() - at - 1;
        if (fieldWords < 2 || fieldWords % 2 != 0) {
            throw new Refusal(CommandError.arity(call.command().spec().name()));
        }
        if (!automatic && !start.isAnyLower() && start.isZero()) {
            throw new Refusal(CommandError.STREAM_ID_ZERO);
        }
        boolean exists = write(call);
        if (!exists && !trim.creates()) {
            call.reply().nullBulk();
            return;
        }
        chooseId(call, automatic, exists ? log.lastUpper() : 0, exists ? log.lastLower() : 0);
        arguments.at(call, at + 1);
        if (arguments.areTooLarge()) {
            throw new Refusal(CommandError.STREAM_ENTRY_TOO_LARGE);
        }

        if (!exists) {
            stream.create(call.keyspace(), call.address(1), call.length(1));
        }
        log.append(start.upper(), start.lower(), arguments);
        stream.settle(KeyEvent.XADD);
        long removed = trim.apply();
        Effects effect = call.effect("XADD").argument(1);
        if (removed > 0) {
            effect.word("MAXLEN").word("=").integer(log.length());
        }
        effect.id(start.upper(), start.lower()).arguments(at + 1, call.count());
        if (removed + trim.applySingly(call) > 0) {
            stream.settle(KeyEvent.XTRIM);
        }
        call.reply().bulkId(start.upper(), start.lower());
    }

    /** Completes the ID of a new entry, which has to be above the last. */
    private void chooseId(Call call, boolean automatic, long lastUpper, long lastLower) {
        if (lastUpper == -1 && lastLower == -1) {
            throw new Refusal(CommandError.STREAM_EXHAUSTED);
        }
        if (automatic) {
            long now = call.nowMillis();
            if (Long.compareUnsigned(now, lastUpper) > 0) {
                start.set(now, 0);
            } else {
                start.set(lastUpper, lastLower);
                start.increment();
            }
        } else if (start.isAnyLower() && start.upper() == lastUpper && lastLower != -1) {
            start.set(lastUpper, lastLower + 1);
        }
        if (start.compareTo(lastUpper, lastLower) <= 0) {
            throw new Refusal(CommandError.STREAM_ID_TOO_SMALL);
        }
    }

    // --- Reading ---

    private void range(Call call, boolean reverse) {
        start.readStart(call, reverse ? 3 : 2);
        end.readEnd(call, reverse ? 2 : 3);
        long count = -1;
        for (int i = 4; i < call.count(); i += 2) {
            if (i + 1 == call.count() || !call.is(i, "COUNT")) {
                throw Refusal.SYNTAX;
            }
            count = Math.max(0, call.integer(i + 1));
        }
        if (!read(call)) {
            call.reply().array(0);
        } else if (count == 0) {
            call.reply().nullArray();
        } else if (reverse) {
            replies.reverseRange(call.reply(), log, start, end, count);
        } else {
            replies.range(call.reply(), log, start, end, count);
        }
    }

    // --- Removing ---

    private void xdel(Call call) {
        if (!write(call)) {
            call.reply().integer(0);
            return;
        }
        for (int i = 2; i < call.count(); i++) {
            start.read(call, i);
        }

        int removed = 0;
        for (int i = 2; i < call.count(); i++) {
            start.read(call, i);
            if (log.find(start.upper(), start.lower())) {
                log.remove();
                removed++;
            }
        }
        if (removed > 0) {
            stream.settle(KeyEvent.XDEL);
        }
        call.reply().integer(removed);
    }

    private void xtrim(Call call) {
        trim.read(call, false);
        trim.check(false, nodeEntries);
        long removed = 0;
        if (write(call)) {
            removed = trim.apply();
            if (removed > 0) {
                call.effect("XTRIM").argument(1).word("MAXLEN").word("=").integer(log.length());
            }
            removed += trim.applySingly(call);
            if (removed > 0) {
                stream.settle(KeyEvent.XTRIM);
            }
        }
        call.reply().integer(removed);
    }

    private void xsetid(Call call) {
        start.read(call, 2);
        long appended = -1;
        end.set(0, 0);
        for (int i = 3; i < call.count(); i += 2) {
            if (i + 1 == call.count()) {
                throw Refusal.SYNTAX;
            }
            if (call.is(i, "ENTRIESADDED")) {
                appended = call.integer(i + 1);
                if (appended < 0) {
                    throw new Refusal(CommandError.ENTRIES_ADDED_NEGATIVE);
                }
            } else if (call.is(i, "MAXDELETEDID")) {
                end.read(call, i + 1);
                if (start.compareTo(end.upper(), end.lower()) < 0) {
                    throw new Refusal(CommandError.XSETID_BELOW_DELETED);
                }
            } else {
                throw Refusal.SYNTAX;
            }
        }
        if (!write(call)) {
            throw Refusal.NO_SUCH_KEY;
        }
        checkLast(appended);

        log.last(start.upper(), start.lower());
        if (appended != -1) {
            log.appended(appended);
        }
        if (!end.isZero()) {
            log.highestRemoved(end.upper(), end.lower());
        }
        stream.settleGroups(KeyEvent.XSETID);
        call.reply().ok();
    }

    private void checkLast(long appended) {
        if (log.last() && start.compareTo(log.upper(), log.lower()) < 0) {
            throw new Refusal(CommandError.XSETID_BELOW_TOP);
        }
        if (appended != -1 && log.length() > appended) {
            throw new Refusal(CommandError.ENTRIES_ADDED_TOO_SMALL);
        }
    }

    // --- Common parts ---

    /** Turns to the stream of the key for reading; false if there is none. */
    private boolean read(Call call) {
        long entry = call.read(1, Kind.Type.STREAM);
        return entry != 0 && stream.at(call.keyspace(), entry);
    }

    /** Turns to the stream of the key for changing; false if there is none. */
    private boolean write(Call call) {
        long entry = call.write(1, Kind.Type.STREAM);
        return entry != 0 && stream.at(call.keyspace(), entry);
    }
}
