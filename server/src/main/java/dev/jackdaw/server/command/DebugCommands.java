package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Glob;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.resp.Doubles;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.server.config.Directive;
import dev.jackdaw.server.memory.Entry;
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
            "ERROR <string>",
            "    Replies with the string as an error.",
            "LOG <message>",
            "    Writes the message to the log.",
            "OBJECT <key>",
            "    Tells how the value of a key is kept.",
            "PROTOCOL <type>",
            "    Replies with an example of a type: string, integer, double, bignum, null,",
            "    array, set, map, attrib, push, verbatim, true or false.",
            "QUICKLIST-PACKED-THRESHOLD <size>",
            "    Changes nothing: lists have no such threshold here.",
            "SET-ACTIVE-EXPIRE <0|1>",
            "    Says whether keys that nobody reads expire too.",
            "SLEEP <seconds>",
            "    Stops the server for some time. Decimals are allowed.",
            "STRINGMATCH-LEN <length> <pattern>",
            "    Matches that many letters A with the pattern.",
            "HELP",
            "    Prints this help.");

    private static final int MOST_MATCHED = 1 << 20;

    private final Node node;

    DebugCommands(Node node) {
        this.node = node;
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
            case "reload/2", "loadaof/2" -> throw new Refusal(CommandError.NOT_DURABLE);
            case "protocol/3" -> protocol(call.text(2).toLowerCase(Locale.ROOT), call);
            default -> throw new Refusal(CommandError.unknownSubcommandOrArity(call.text(1), "DEBUG"));
        }
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
                        + (Entry.valueLength(entry) + call.engine().largeValueBytes(entry)) + " lru:"
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
