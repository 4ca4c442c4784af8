package dev.jackdaw.proxy.local;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.resp.Integers;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.protocol.resp.Request;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Owned by one event loop: CLIENT LIST, INFO and KILL, over the clients of the proxy. Rarely asked, so it allocates. */
final class ClientCommands {
    private static final Set<String> TYPES = Set.of("normal", "master", "slave", "replica", "pubsub");

    private final Clients clients;
    private final Clock clock;

    ClientCommands(Clients clients, Clock clock) {
        this.clients = clients;
        this.clock = clock;
    }

    void info(Session session, ReplyWriter out) {
        out.verbatim("txt", describe(session) + "\n");
    }

    void list(Request request, ReplyWriter out) {
        Collection<Session> listed = clients.list();
        if (request.count() > 2) {
            if (request.is(2, "TYPE") && request.count() == 4) {
                listed = listed.stream().filter(hasType(request.text(3))).toList();
            } else if (request.is(2, "ID") && request.count() > 3) {
                Set<Session> named = new LinkedHashSet<>();
                for (int i = 3; i < request.count(); i++) {
                    named.add(clients.find(integer(request, i, CommandError.INVALID_CLIENT_ID)));
                }
                named.remove(null);
                listed = named;
            } else {
                throw Refusal.SYNTAX;
            }
        }
        StringBuilder lines = new StringBuilder();
        for (Session one : listed) {
            lines.append(describe(one)).append('\n');
        }
        out.verbatim("txt", lines.toString());
    }

    void kill(Request request, Session self, ReplyWriter out) {
        if (request.count() == 3) {
            String address = request.text(2);
            if (kill(one -> one.address().equals(address), self) == 0) {
                throw new Refusal(CommandError.NO_SUCH_CLIENT);
            }
            out.ok();
            return;
        }
        // Of several filters of one kind the last one counts.
        Map<String, Predicate<Session>> filters = new HashMap<>();
        boolean skipSelf = true;
        for (int i = 2; i < request.count(); i += 2) {
            if (i + 1 == request.count()) {
                throw Refusal.SYNTAX;
            }
            if (request.is(i, "SKIPME")) {
                skipSelf = yes(request, i + 1);
            } else {
                filters.put(request.text(i).toUpperCase(Locale.ROOT), filter(request, i));
            }
        }
        Session spared = skipSelf ? self : null;
        out.integer(kill(filters.values().stream().reduce(one -> one != spared, Predicate::and), self));
    }

    private Predicate<Session> filter(Request request, int i) {
        String value = request.text(i + 1);
        if (request.is(i, "ID")) {
            long id = integer(request, i + 1, CommandError.CLIENT_ID_NOT_POSITIVE);
            if (id < 1) {
                throw new Refusal(CommandError.CLIENT_ID_NOT_POSITIVE);
            }
            return one -> one.id() == id;
        }
        if (request.is(i, "TYPE")) {
            return hasType(value);
        }
        if (request.is(i, "ADDR")) {
            return one -> one.address().equals(value);
        }
        if (request.is(i, "LADDR")) {
            return one -> one.localAddress().equals(value);
        }
        if (request.is(i, "USER")) {
            if (!value.equals(Account.DEFAULT)
                    && clients.list().stream().noneMatch(one -> one.user().equals(value))) {
                throw new Refusal(CommandError.noSuchUser(value));
            }
            return one -> one.isAuthenticated() && one.user().equals(value);
        }
        throw Refusal.SYNTAX;
    }

    private int kill(Predicate<Session> wanted, Session self) {
        int killed = 0;
        for (Session one : clients.list()) {
            if (wanted.test(one)) {
                killed++;
                if (one == self) {
                    self.closeAfterReply();
                } else {
                    one.kill();
                }
            }
        }
        return killed;
    }

    private static Predicate<Session> hasType(String type) {
        String wanted = type.toLowerCase(Locale.ROOT);
        if (!TYPES.contains(wanted)) {
            throw new Refusal(CommandError.unknownClientType(type));
        }
        return one -> (isSubscriber(one) ? "pubsub" : "normal").equals(wanted);
    }

    private static boolean isSubscriber(Session session) {
        return session.channels() + session.patterns() > 0;
    }

    private static boolean yes(Request request, int i) {
        if (!request.is(i, "YES") && !request.is(i, "NO")) {
            throw Refusal.SYNTAX;
        }
        return request.is(i, "YES");
    }

    private static long integer(Request request, int i, String otherwise) {
        if (!Integers.isInteger(request.address(i), request.length(i))) {
            throw new Refusal(otherwise);
        }
        return Integers.parse(request.address(i), request.length(i));
    }

    /** One line, with every field that Redis has; those without a meaning in a proxy are zero. */
    private String describe(Session one) {
        String command =
                one.lastCommand() == null ? "NULL" : one.lastCommand().spec().name();
        return "id=" + one.id() + " addr=" + one.address() + " laddr=" + one.localAddress() + " fd=-1 name="
                + one.name()
                + " age=" + clock.secondsSince(one.createdNanos()) + " idle=" + clock.secondsSince(one.lastNanos())
                + " flags=" + flags(one) + " db=" + one.database() + " sub=" + one.channels() + " psub="
                + one.patterns() + " ssub=0 multi=-1 qbuf=0 qbuf-free=0 argv-mem=0 multi-mem=0 rbs=0 rbp=0 obl=0 oll=0"
                + " omem=0 tot-mem=0 events=r cmd=" + command + " user="
                + (one.isAuthenticated() ? one.user() : "(superuser)") + " redir=-1 resp=" + one.protocol();
    }

    private static String flags(Session one) {
        String flags = (isSubscriber(one) ? "P" : "") + (one.isNoEvict() ? "e" : "");
        return flags.isEmpty() ? "N" : flags;
    }
}
