package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.command.CommandReplies;
import dev.jackdaw.protocol.command.CommandTable;
import dev.jackdaw.protocol.command.KeyCommand;
import dev.jackdaw.server.engine.KeyEvent;
import dev.jackdaw.server.engine.Keyspace;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.rdb.DumpPayload;
import dev.jackdaw.server.value.StringValue;

/** Owned by the event loop: the bodies of the commands on keys of any type, but for their times of expiry. */
final class KeyHandlers {
    private final Node node;
    private final ExpiryHandlers expiry = new ExpiryHandlers();
    private final KeyWalk walk = new KeyWalk();
    private final SortHandlers sort;
    private final DumpHandlers dumps;
    private final MigrateHandlers migrations;
    private final CommandReplies replies = new CommandReplies(CommandTable.all());

    KeyHandlers(Node node) {
        this.node = node;
        this.sort = new SortHandlers(node);
        DumpPayload payload = new DumpPayload(node.engine(), node.config());
        this.dumps = new DumpHandlers(node, payload);
        this.migrations = new MigrateHandlers(node, payload);
    }

    void run(KeyCommand command, Call call) {
        switch (command) {
            case DEL, UNLINK -> del(call);
            case EXISTS -> exists(call);
            case TOUCH -> touch(call);
            case WAIT -> await(call);
            case TYPE -> type(call);
            case EXPIRE -> expiry.expire(call, 1000, call.nowMillis());
            case PEXPIRE -> expiry.expire(call, 1, call.nowMillis());
            case EXPIREAT -> expiry.expire(call, 1000, 0);
            case PEXPIREAT -> expiry.expire(call, 1, 0);
            case TTL -> expiry.ttl(call, 1000, call.nowMillis());
            case PTTL -> expiry.ttl(call, 1, call.nowMillis());
            case EXPIRETIME -> expiry.ttl(call, 1000, 0);
            case PEXPIRETIME -> expiry.ttl(call, 1, 0);
            case PERSIST -> expiry.persist(call);
            case RENAME -> rename(call);
            case RENAMENX -> renamenx(call);
            case COPY -> copy(call);
            case MOVE -> move(call);
            case DUMP -> dumps.dump(call);
            case RESTORE -> dumps.restore(call);
            case MIGRATE -> migrations.migrate(call);
            case KEYS -> walk.keys(call);
            case SCAN -> walk.scan(call);
            case RANDOMKEY -> randomkey(call);
            case SORT -> sort.sort(call, true);
            case SORT_RO -> sort.sort(call, false);
            case OBJECT -> throw new AssertionError("a container has no body");
            case OBJECT_ENCODING -> encoding(call);
            case OBJECT_FREQ -> freq(call);
            case OBJECT_IDLETIME -> idletime(call);
            case OBJECT_REFCOUNT -> refcount(call);
            case OBJECT_HELP -> replies.help(KeyCommand.OBJECT, call.reply());
        }
    }

    private static void del(Call call) {
        int deleted = 0;
        for (int i = 1; i < call.count(); i++) {
            long entry = call.write(i);
            if (entry != 0) {
                call.keyspace().remove(entry);
                deleted++;
            }
        }
        call.reply().integer(deleted);
    }

    private static void exists(Call call) {
        int found = 0;
        for (int i = 1; i < call.count(); i++) {
            found += call.look(i) == 0 ? 0 : 1;
        }
        call.reply().integer(found);
    }

    private static void touch(Call call) {
        int touched = 0;
        for (int i = 1; i < call.count(); i++) {
            touched += call.read(i) == 0 ? 0 : 1;
        }
        call.reply().integer(touched);
    }

    private static void type(Call call) {
        long entry = call.look(1);
        call.reply().simple(entry == 0 ? "none" : typeOf(entry).wireName());
    }

    static Kind.Type typeOf(long entry) {
        return Kind.of(Entry.kind(entry)).type();
    }

    // --- Other names, other places ---

    private static void rename(Call call) {
        requireSource(call);

        if (!call.equal(1, 2)) {
            renameTo(call);
        }
        call.reply().ok();
    }

    private static void renamenx(Call call) {
        requireSource(call);
        if (call.write(2) != 0) {
            call.reply().integer(0);
            return;
        }

        renameTo(call);
        call.reply().integer(1);
    }

    private static void requireSource(Call call) {
        if (call.write(1) == 0) {
            throw Refusal.NO_SUCH_KEY;
        }
    }

    private static void renameTo(Call call) {
        call.keyspace().move(call.address(1), call.length(1), call.keyspace(), call.address(2), call.length(2));
        call.event(KeyEvent.RENAME_FROM, 1);
        call.event(KeyEvent.RENAME_TO, 2);
    }

    private void move(Call call) {
        Keyspace to = database(call, 2);
        if (to == call.keyspace()) {
            throw Refusal.SAME_OBJECT;
        }
        if (call.write(1) == 0 || to.write(call.address(1), call.length(1)) != 0) {
            call.reply().integer(0);
            return;
        }

        call.keyspace().move(call.address(1), call.length(1), to, call.address(1), call.length(1));
        call.event(KeyEvent.MOVE_FROM, 1);
        to.event(KeyEvent.MOVE_TO, call.address(1), call.length(1));
        call.reply().integer(1);
    }

    private void copy(Call call) {
        Keyspace to = call.keyspace();
        boolean replace = false;
        for (int i = 3; i < call.count(); i++) {
            if (call.is(i, "REPLACE")) {
                replace = true;
            } else if (call.is(i, "DB") && i + 1 < call.count()) {
                to = database(call, ++i);
            } else {
                throw Refusal.SYNTAX;
            }
        }
        if (to == call.keyspace() && call.equal(1, 2)) {
            throw Refusal.SAME_OBJECT;
        }
        if (call.read(1) == 0 || !replace && to.write(call.address(2), call.length(2)) != 0) {
            call.reply().integer(0);
            return;
        }

        call.keyspace().copy(call.address(1), call.length(1), to, call.address(2), call.length(2));
        to.event(KeyEvent.COPY_TO, call.address(2), call.length(2));
        call.reply().integer(1);
    }

    private Keyspace database(Call call, int argument) {
        int number = call.integer(argument, Integer.MIN_VALUE, Integer.MAX_VALUE);
        if (number < 0 || number >= node.engine().databases()) {
            throw Refusal.DB_OUT_OF_RANGE;
        }
        return node.engine().keyspace(number);
    }

    private static void randomkey(Call call) {
        long entry = call.keyspace().random();
        if (entry == 0) {
            call.reply().nullBulk();
        } else {
            call.reply().bulk(Entry.keyAddress(entry), Entry.keyLength(entry));
        }
    }

    // --- How a value is stored ---

    private static void encoding(Call call) {
        long entry = call.peek(2);
        if (entry == 0) {
            call.reply().nullBulk();
        } else {
            call.reply().bulkText(encoding(entry));
        }
    }

    static String encoding(long entry) {
        return switch (Kind.of(Entry.kind(entry))) {
            case STRING, INTEGER -> StringValue.encoding(entry);
            case LIST_PACKED, LIST_LARGE -> "quicklist";
            case SET_INTEGERS -> "intset";
            case SET_PACKED, SET_LARGE, HASH_LARGE, HASH_LARGE_EXPIRING -> "hashtable";
            case HASH_PACKED -> Entry.isMarked(entry) ? "hashtable" : "listpack";
            case HASH_PACKED_EXPIRING -> Entry.isMarked(entry) ? "hashtable" : "listpackex";
            case SORTED_SET_PACKED -> Entry.isMarked(entry) ? "skiplist" : "listpack";
            case SORTED_SET_LARGE -> "skiplist";
            case STREAM -> "stream";
        };
    }

    private static void freq(Call call) {
        if (call.peek(2) == 0) {
            call.reply().nullBulk();
            return;
        }
        if (!call.engine().countsFrequency()) {
            throw new Refusal(CommandError.FREQUENCY_NOT_TRACKED);
        }
        call.reply().integer(call.keyspace().frequency());
    }

    private static void idletime(Call call) {
        if (call.peek(2) == 0) {
            call.reply().nullBulk();
            return;
        }
        if (call.engine().countsFrequency()) {
            throw new Refusal(CommandError.IDLE_TIME_NOT_TRACKED);
        }
        call.reply().integer(call.keyspace().idleMillis() / 1000);
    }

    /** No two keys share a value here. */
    private static void refcount(Call call) {
        if (call.peek(2) == 0) {
            call.reply().nullBulk();
        } else {
            call.reply().integer(1);
        }
    }

    /** There are no replicas, so there is nothing to wait for. */
    private static void await(Call call) {
        call.integer(1);
        call.integerTimeoutMillis(2);

        call.reply().integer(0);
    }
}
