package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.resp.Integers;
import dev.jackdaw.server.acl.User;
import dev.jackdaw.server.config.ClientClass;
import dev.jackdaw.server.pubsub.TopicKind;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Owned by the event loop: the bodies of CLIENT, over the clients of the node. Rarely asked, so they allocate. */
final class ClientCommands {
    private final Node node;

    ClientCommands(Node node) {
        this.node = node;
    }

    // --- About oneself ---

    void setName(Call call) {
        String name = checkedName(call.text(2));

        call.session().name(name);
        call.reply().ok();
    }

    void getName(Call call) {
        if (call.session().name().isEmpty()) {
            call.reply().nullBulk();
        } else {
            call.reply().bulkText(call.session().name());
        }
    }

    static String checkedName(String name) {
        if (!isPlain(name)) {
            throw new Refusal(CommandError.INVALID_CLIENT_NAME);
        }
        return name;
    }

    private static boolean isPlain(String text) {
        return text.chars().allMatch(letter -> letter >= '!' && letter <= '~');
    }

    void setInfo(Call call) {
        String option = call.text(2);
        String value = call.text(3);
        if (!call.is(2, "LIB-NAME") && !call.is(2, "LIB-VER")) {
            throw new Refusal(CommandError.unrecognizedOption(option));
        }
        if (!isPlain(value)) {
            throw new Refusal(CommandError.invalidClientInfo(option));
        }

        if (call.is(2, "LIB-NAME")) {
            call.session().libraryName(value);
        } else {
            call.session().libraryVersion(value);
        }
        call.reply().ok();
    }

    void reply(Call call) {
        if (call.is(2, "ON")) {
            call.session().replyMode(Session.ReplyMode.ON);
            call.reply().ok();
        } else if (call.is(2, "OFF")) {
            call.session().replyMode(Session.ReplyMode.OFF);
        } else if (call.is(2, "SKIP")) {
            if (call.session().replyMode() != Session.ReplyMode.OFF) {
                call.session().replyMode(Session.ReplyMode.SKIP_NEXT);
            }
        } else {
            throw Refusal.SYNTAX;
        }
    }

    void noEvict(Call call) {
        boolean on = choice(call, 2, "ON", "OFF");

        call.session().neverEvicted(on);
        call.reply().ok();
    }

    void noTouch(Call call) {
        boolean on = choice(call, 2, "ON", "OFF");

        call.session().touchless(on);
        call.reply().ok();
    }

    private static boolean choice(Call call, int i, String yes, String no) {
        if (!call.is(i, yes) && !call.is(i, no)) {
            throw Refusal.SYNTAX;
        }
        return call.is(i, yes);
    }

    // --- About all ---

    void info(Call call) {
        call.reply().verbatim("txt", line(call.session()) + "\n");
    }

    void list(Call call) {
        StringBuilder lines = new StringBuilder();
        listed(call).forEach(session -> lines.append(line(session)).append('\n'));
        call.reply().verbatim("txt", lines.toString());
    }

    private Collection<Session> listed(Call call) {
        if (call.count() == 2) {
            return node.sessions();
        }
        if (call.count() == 4 && call.is(2, "TYPE")) {
            return node.sessions().stream().filter(type(call.text(3))).toList();
        }
        if (call.count() < 4 || !call.is(2, "ID")) {
            throw Refusal.SYNTAX;
        }
        Set<Session> named = new LinkedHashSet<>();
        for (int i = 3; i < call.count(); i++) {
            named.add(node.session(id(call, i, CommandError.INVALID_CLIENT_ID)));
        }
        named.remove(null);
        return named;
    }

    void kill(Call call) {
        if (call.count() == 3) {
            if (kill(address(call.text(2)), call.session()) == 0) {
                throw new Refusal(CommandError.NO_SUCH_CLIENT);
            }
            call.reply().ok();
            return;
        }
        // Of several filters of one kind the last one counts.
        Map<String, Predicate<Session>> filters = new HashMap<>();
        boolean skipMe = true;
        for (int i = 2; i < call.count(); i += 2) {
            if (i + 1 == call.count()) {
                throw Refusal.SYNTAX;
            }
            if (call.is(i, "SKIPME")) {
                skipMe = choice(call, i + 1, "YES", "NO");
            } else {
                filters.put(call.text(i).toUpperCase(Locale.ROOT), filter(call, i));
            }
        }
        Session spared = skipMe ? call.session() : null;
        Predicate<Session> wanted = filters.values().stream().reduce(session -> session != spared, Predicate::and);

        call.reply().integer(kill(wanted, call.session()));
    }

    private Predicate<Session> filter(Call call, int i) {
        String value = call.text(i + 1);
        if (call.is(i, "ID")) {
            long id = id(call, i + 1, CommandError.CLIENT_ID_NOT_POSITIVE);
            if (id < 1) {
                throw new Refusal(CommandError.CLIENT_ID_NOT_POSITIVE);
            }
            return session -> session.id() == id;
        }
        if (call.is(i, "TYPE")) {
            return type(value);
        }
        if (call.is(i, "ADDR")) {
            return address(value);
        }
        if (call.is(i, "LADDR")) {
            return session -> session.connection().localAddress().equals(value);
        }
        if (call.is(i, "USER")) {
            User user = node.acl().user(value);
            if (user == null) {
                throw new Refusal(CommandError.noSuchUser(value));
            }
            return session -> session.user() == user;
        }
        if (call.is(i, "MAXAGE")) {
            long seconds = call.integer(i + 1);
            if (seconds < 1) {
                throw new Refusal(CommandError.MAXAGE_NOT_POSITIVE);
            }
            return session -> (call.nowMillis() - session.connectedAtMillis()) / 1000 >= seconds;
        }
        throw Refusal.SYNTAX;
    }

    private static Predicate<Session> address(String address) {
        return session -> session.connection().remoteAddress().equals(address);
    }

    private static Predicate<Session> type(String name) {
        ClientClass type = switch (name.toLowerCase(Locale.ROOT)) {
            case "normal" -> ClientClass.NORMAL;
            case "slave", "replica" -> ClientClass.REPLICA;
            case "pubsub" -> ClientClass.PUBSUB;
            case "master" -> null;
            default -> throw new Refusal(CommandError.unknownClientType(name));
        };
        return session -> session.clientClass() == type;
    }

    private static long id(Call call, int i, String otherwise) {
        if (!Integers.isInteger(call.address(i), call.length(i))) {
            throw new Refusal(otherwise);
        }
        return Integers.parse(call.address(i), call.length(i));
    }

    private int kill(Predicate<Session> wanted, Session self) {
        List<Session> victims = node.sessions().stream().filter(wanted).toList();
        for (Session victim : victims) {
            if (victim == self) {
                victim.connection().closeAfterReplies();
            } else {
                if (victim.isWaiting()) {
                    // The end of the connection is seen later, and nothing must be given to it until then.
                    node.waiting().remove(victim.waiter());
                }
                victim.connection().abort();
            }
        }
        return victims.size();
    }

    void pause(Call call) {
        boolean all = true;
        if (call.count() > 4) {
            throw new Refusal(CommandError.unknownSubcommandOrArity(call.text(1), "CLIENT"));
        }
        if (call.count() == 4) {
            all = call.is(3, "ALL");
            if (!all && !call.is(3, "WRITE")) {
                throw new Refusal(CommandError.PAUSE_MODE);
            }
        }
        long endMillis = call.nowMillis() + call.integerTimeoutMillis(2);

        // What is too far away to be counted is in the past, as in Redis.
        if (endMillis > call.nowMillis()) {
            node.pause().begin(endMillis, all);
        }
        call.reply().ok();
    }

    void unpause(Call call) {
        node.pause().end();
        call.reply().ok();
    }

    void unblock(Call call) {
        boolean asError = call.count() == 4 && call.is(3, "ERROR");
        if (call.count() > 4) {
            throw new Refusal(CommandError.unknownSubcommandOrArity(call.text(1), "CLIENT"));
        }
        if (call.count() == 4 && !asError && !call.is(3, "TIMEOUT")) {
            throw new Refusal(CommandError.UNBLOCK_REASON);
        }
        Session session = node.session(call.integer(2));
        if (session == null || !session.isWaiting() || !session.waiter().isForKeys()) {
            call.reply().integer(0);
            return;
        }

        if (asError) {
            node.engine().stats().errors++;
            node.observer().stats().failed(session.waiter().command(), CommandError.UNBLOCKED);
            node.waiting().interrupt(session.waiter());
        } else {
            node.waiting().timeOut(session.waiter());
        }
        call.reply().integer(1);
    }

    /** One line, with every field that Redis has; those that have no meaning here are zero. */
    String line(Session session) {
        Connection connection = session.connection();
        Transaction transaction = session.transaction();
        long now = node.engine().nowMillis();
        long in = connection.queryBufferBytes();
        long out = connection.outputBufferBytes();
        return "id=" + session.id() + " addr=" + connection.remoteAddress() + " laddr=" + connection.localAddress()
                + " fd=-1 name=" + session.name() + " age=" + (now - session.connectedAtMillis()) / 1000
                + " idle=" + (now - session.lastUsedAtMillis()) / 1000 + " flags=" + flags(session)
                + " db=" + session.keyspace().number() + " sub="
                + session.subscriber().count(TopicKind.CHANNEL) + " psub="
                + session.subscriber().count(TopicKind.PATTERN)
                + " ssub=" + session.subscriber().count(TopicKind.SHARD_CHANNEL)
                + " multi=" + (transaction.isOpen() ? transaction.queue().count() : -1) + " qbuf=" + in
                + " qbuf-free=0 argv-mem=0 multi-mem=" + transaction.bytes() + " rbs=0 rbp=0 obl=0 oll=0 omem="
                + out
                + " tot-mem=" + (in + out + transaction.bytes()) + " events=r cmd=" + session.lastCommand()
                + " user=" + session.user().name() + " redir="
                + (session.tracker().isOn() ? session.tracker().redirect() : -1) + " resp="
                + session.protocol()
                + " lib-name=" + session.libraryName() + " lib-ver=" + session.libraryVersion();
    }

    private String flags(Session session) {
        String flags = (node.observer().isMonitor(session) ? "O" : "")
                + (session.isSubscriber() ? "P" : "")
                + (session.transaction().isOpen() ? "x" : "")
                + (session.takesRequests() ? "" : "b")
                + (session.tracker().isOn() ? "t" : "")
                + (session.transaction().isOvertaken() ? "d" : "")
                + (session.isNeverEvicted() ? "e" : "")
                + (session.isTouchless() ? "T" : "");
        return flags.isEmpty() ? "N" : flags;
    }
}
