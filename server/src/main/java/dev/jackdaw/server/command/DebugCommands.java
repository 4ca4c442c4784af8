package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Glob;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.resp.Doubles;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.server.config.Directive;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.value.StringValue;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owned by the event loop: the bodies of DEBUG, for those who test servers and clients. */
final class DebugCommands {
    private static final Logger LOG = LoggerFactory.getLogger(DebugCommands.class);
    private static final List<String> HELP = List.of(
            "DEBUG <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
            "DIGEST",
            "    Replies with a digest of all the data: equal data, equal digest.",
            "DIGEST-VALUE <key> [<key> ...]",
            "    Replies with the digests of the values of keys.",
            "ERROR <string>",
            "    Replies with the string as an error.",
            "LOADAOF",
            "    Has all data go and come back from the append-only file.",
            "LOG <message>",
            "    Writes the message to the log.",
            "OBJECT <key>",
            "    Tells how the value of a key is kept.",
            "POPULATE <count> [<prefix>] [<size>]",
            "    Creates that many string keys, if they do not exist.",
            "PROTOCOL <type>",
            "    Replies with an example of a type: string, integer, double, bignum, null,",
            "    array, set, map, attrib, push, verbatim, true or false.",
            "QUICKLIST-PACKED-THRESHOLD <size>",
            "    Changes nothing: lists have no such threshold here.",
            "RELOAD [NOSAVE]",
            "    Has all data go and come back from a snapshot, taken for this unless NOSAVE says otherwise.",
            "SET-ACTIVE-EXPIRE <0|1>",
            "    Says whether keys that nobody reads expire too.",
            "SLEEP <seconds>",
            "    Stops the server for some time. Decimals are allowed.",
            "STRINGMATCH-LEN <length> <pattern>",
            "    Matches that many letters A with the pattern.",
            "HELP",
            "    Prints this help.");

    private static final int MOST_MATCHED = 1 << 20;

    private static final int MOST_POPULATED_BYTES = 512 << 20;

    private final Node node;
    private final DataReload reload;
    private final DataDigest digest;

    DebugCommands(Node node) {
        this.node = node;
        this.reload = new DataReload(node);
        this.digest = new DataDigest(node.engine());
    }

    void run(Call call) {
        if (!node.allows(Directive.ENABLE_DEBUG_COMMAND, call.session())) {
            throw new Refusal(CommandError.DEBUG_DISABLED);
        }
        String name = call.text(1).toLowerCase(Locale.ROOT);
        switch (name + "/" + call.count()) {
            case "help/2" -> {
                call.reply().array(HELP.size());
                HELP.forEach(call.reply()::simple);
            }
            case "sleep/3" -> sleep(call);
            case "error/3" -> throw new Refusal(call.text(2));
            case "log/3" -> {
                LOG.info("DEBUG LOG: {}", call.text(2));
                call.reply().ok();
            }
            case "set-active-expire/3" -> {
                node.engine().expiringActively(!call.is(2, "0"));
                call.reply().ok();
            }
            case "object/3" -> object(call);
            case "quicklist-packed-threshold/3" -> call.reply().ok();
            case "stringmatch-len/4" -> stringMatch(call);
            case "reload/2" -> reload(call, true);
            case "reload/3" -> reloadAs(call);
            case "loadaof/2" -> loadLog(call);
            case "digest/2" -> call.reply().simple(digest.ofAll());
            case "populate/3", "populate/4", "populate/5" -> populate(call);
            case "protocol/3" -> protocol(call.text(2).toLowerCase(Locale.ROOT), call);
            default -> {
                if (!name.equals("digest-value")) {
                    throw new Refusal(CommandError.unknownSubcommandOrArity(call.text(1), "DEBUG"));
                }
                digestValues(call);
            }
        }
    }

    private void reload(Call call, boolean save) {
        reload.fromSnapshot(save);
        call.reply().ok();
    }

    private void reloadAs(Call call) {
        if (!call.is(2, "NOSAVE")) {
            throw Refusal.SYNTAX;
        }
        reload(call, false);
    }

    /** In a transaction the log does not hold yet what was done before. */
    private void loadLog(Call call) {
        if (call.session().transaction().isRunning()) {
            throw new Refusal(CommandError.NO_WHOLE_LOG);
        }
        reload.fromLog();
        call.reply().ok();
    }

    private void digestValues(Call call) {
        call.reply().array(call.count() - 2);
        for (int i = 2; i < call.count(); i++) {
            call.reply().simple(digest.of(call.keyspace(), call.peek(i)));
        }
    }

    /** Keys that exist stay as they are; the value is cut, or filled up with zero bytes, if its length is given. */
    private void populate(Call call) {
        long count = call.integer(2, 0, CommandError.NOT_POSITIVE);
        String prefix = call.count() > 3 ? call.text(3) : "key";
        int length = call.count() > 4 ? call.integer(4, 0, MOST_POPULATED_BYTES) : 0;
        Request made = new Request();

        for (long i = 0; i < count; i++) {
            byte[] value = bytes("value:" + i);
            made.set(bytes(prefix + ":" + i), length == 0 ? value : Arrays.copyOf(value, length));
            if (call.keyspace().peek(made.address(0), made.length(0)) == 0) {
                call.keyspace().beforeChange(made.address(0), made.length(0));
                StringValue.put(
                        call.keyspace(), made.address(0), made.length(0), made.address(1), made.length(1), Entry.NEVER);
                call.effect("SET").word(made.address(0), made.length(0)).word(made.address(1), made.length(1));
            }
        }
        call.reply().ok();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Redis's words; where a value has neither an address nor a serialized form, they tell what comes closest. */
    private static void object(Call call) {
        long entry = call.peek(2);
        if (entry == 0) {
            throw Refusal.NO_SUCH_KEY;
        }
        long idleSeconds = call.keyspace().idleMillis() / 1000;
        call.reply()
                .simple("Value at:0x" + Long.toHexString(Entry.valueAddress(entry)) + " refcount:1 encoding:"
                        + KeyHandlers.encoding(entry) + " serializedlength:"
                        + (Entry.valueLength(entry) + call.engine().large().bytes(entry)) + " lru:"
                        + (call.nowMillis() / 1000 - idleSeconds & 0xff_ffff) + " lru_seconds_idle:" + idleSeconds);
    }

    private static void stringMatch(Call call) {
        int length = call.integer(2, 0, MOST_MATCHED);
        byte[] text = new byte[length];
        Arrays.fill(text, (byte) 'A');
        Request subject = new Request();
        subject.set(text);

        Glob pattern = new Glob().at(call.address(3), call.length(3), false);
        call.reply().integer(pattern.matches(subject.address(0), subject.length(0)) ? 1 : 0);
    }

    /** Stops the event loop with all its clients: that is what it is asked for. */
    private void sleep(Call call) {
        double seconds = Doubles.parse(call.address(2), call.length(2));
        node.engine().clock().sleep(Double.isNaN(seconds) ? 0 : (long) Math.max(0, seconds * 1000));
        call.reply().ok();
    }

    private static void protocol(String type, Call call) {
        ReplyWriter reply = call.reply();
        switch (type) {
            case "string" -> reply.bulkText("Hello World");
            case "integer" -> reply.integer(12345);
            case "double" -> reply.number(3.141);
            case "null" -> reply.nullBulk();
            case "bignum" -> reply.bulkText("1234567999999999999999999999999999999");
            case "array" -> {
                reply.array(3);
                integers(reply);
            }
            case "set" -> {
                reply.set(3);
                integers(reply);
            }
            case "map" -> {
                reply.map(3);
                for (int i = 0; i < 3; i++) {
                    reply.integer(i);
                    reply.bool(i == 1);
                }
            }
            case "attrib" -> {
                if (reply.protocol() == 3) {
                    reply.attribute(1);
                    reply.bulkText("key-popularity");
                    reply.array(2);
                    reply.bulkText("key:123");
                    reply.integer(90);
                }
                reply.bulkText("Some real reply following the attribute");
            }
            case "push" -> {
                reply.push(2);
                reply.bulkText("server-cpu-usage");
                reply.integer(42);
            }
            case "verbatim" -> reply.verbatim("txt", "This is a verbatim\nstring");
            case "true" -> reply.bool(true);
            case "false" -> reply.bool(false);
            default ->
                throw new Refusal("ERR Wrong protocol type name. Please use one of the following: "
                        + "string|integer|double|bignum|null|array|set|map|attrib|push|verbatim|true|false");
        }
    }

    private static void integers(ReplyWriter reply) {
        for (int i = 0; i < 3; i++) {
            reply.integer(i);
        }
    }
}
