package dev.jackdaw.proxy.local;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.LoginFailures;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.CommandReplies;
import dev.jackdaw.protocol.command.CommandTable;
import dev.jackdaw.protocol.command.ConnectionCommand;
import dev.jackdaw.protocol.command.Hello;
import dev.jackdaw.protocol.command.ServerCommand;
import dev.jackdaw.protocol.resp.Integers;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.proxy.config.ProxyOptions;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.concurrent.TimeUnit;

/** Owned by one event loop: the commands about connections and about the command table, in Redis's words. */
public final class LocalCommands {
    private final ProxyOptions options;
    private final ClientCommands clients;
    private final CommandReplies commands = new CommandReplies(CommandTable.all());
    private final CommandTable table = CommandTable.all();
    private final Clock clock;
    private final LoginFailures failures = new LoginFailures();

    public LocalCommands(ProxyOptions options, Clients clients, Clock clock) {
        this.options = options;
        this.clients = new ClientCommands(clients, clock);
        this.clock = clock;
    }

    /** For how long a new client has to wait, for what others at its address have tried. */
    public long penaltyMillis(String address) {
        return options.hasPassword() ? failures.pauseMillis(address, clock.unixMillis()) : 0;
    }

    /** Whether the command may move the client to other node connections, so that everything before must be answered first. */
    public static boolean changesLane(Command command) {
        return command == ConnectionCommand.AUTH
                || command == ConnectionCommand.SELECT
                || command == ConnectionCommand.HELLO
                || command == ConnectionCommand.RESET;
    }

    /** The user of the nodes that the command wants to log in as, of whom has to be known what a node says; null for none. */
    public static String userNamed(Command command, Request request) {
        int user = 0;
        if (command == ConnectionCommand.AUTH && request.count() == 3) {
            user = 1;
        } else if (command == ConnectionCommand.HELLO) {
            for (int i = 2; i + 2 < request.count() && user == 0; i += request.is(i, "SETNAME") ? 2 : 1) {
                user = request.is(i, "AUTH") ? i + 1 : 0;
            }
        }
        return user == 0 || request.text(user).equals(Account.DEFAULT) ? null : request.text(user);
    }

    /**
     * Writes the reply to a command that needs no node.
     *
     * @throws Refusal for a mistake of the client's; nothing is written then
     */
    public void answer(Command command, Request request, Session session, ReplyWriter out) {
        switch (command) {
            case ConnectionCommand connection -> connection(connection, request, session, out);
            case ServerCommand server -> server(server, request, out);
            default -> help(command, out);
        }
    }

    private void connection(ConnectionCommand command, Request request, Session session, ReplyWriter out) {
        switch (command) {
            case PING -> ping(request, session, out);
            case ECHO -> out.bulk(request.address(1), request.length(1));
            case HELLO -> hello(request, session, out);
            case AUTH -> auth(request, session, out);
            case QUIT -> {
                session.closeAfterReply();
                out.ok();
            }
            case RESET -> {
                session.reset();
                out.protocol(session.protocol());
                out.simple("RESET");
            }
            case SELECT -> select(request, session, out);
            case CLIENT_ID -> out.integer(session.id());
            case CLIENT_SETNAME -> {
                session.name(clientName(request, 2));
                out.ok();
            }
            case CLIENT_GETNAME -> {
                if (session.name().isEmpty()) {
                    out.nullBulk();
                } else {
                    out.bulkText(session.name());
                }
            }
            case CLIENT_SETINFO -> clientInfo(request, out);
            case CLIENT_LIST -> clients.list(request, out);
            case CLIENT_INFO -> clients.info(session, out);
            case CLIENT_KILL -> clients.kill(request, session, out);
            case CLIENT_REPLY -> reply(request, session, out);
            case CLIENT_NO_EVICT -> {
                session.noEvict(on(request, 2));
                out.ok();
            }
            case CLIENT_NO_TOUCH -> {
                on(request, 2);
                throw new Refusal(CommandError.notThroughProxy(command.spec().name()));
            }
            case CLIENT_TRACKING,
                    CLIENT_CACHING,
                    CLIENT_GETREDIR,
                    CLIENT_TRACKINGINFO,
                    CLIENT_PAUSE,
                    CLIENT_UNPAUSE,
                    CLIENT_UNBLOCK ->
                throw new Refusal(CommandError.notThroughProxy(command.spec().name()));
            case CLIENT, CLIENT_HELP -> help(command, out);
        }
    }

    private void server(ServerCommand command, Request request, ReplyWriter out) {
        switch (command) {
            case COMMAND -> commands.all(out);
            case COMMAND_COUNT -> commands.count(out);
            case COMMAND_LIST -> commands.list(request, out);
            case COMMAND_INFO -> commands.info(request, out);
            case COMMAND_DOCS -> commands.docs(request, out);
            case COMMAND_GETKEYS -> commands.keys(request, out);
            case COMMAND_GETKEYSANDFLAGS -> commands.keysAndFlags(request, out);
            case TIME -> time(out);
            case SHUTDOWN -> throw new Refusal(CommandError.notThroughProxy("shutdown"));
            default -> help(command, out);
        }
    }

    private void help(Command subcommand, ReplyWriter out) {
        String name = subcommand.spec().name();
        commands.help(table.named(name.substring(0, name.indexOf('|'))), out);
    }

    private static void ping(Request request, Session session, ReplyWriter out) {
        if (request.count() > 2) {
            throw new Refusal(CommandError.arity("ping"));
        }
        if (session.isListening()) {
            out.array(2);
            out.bulkText("pong");
            if (request.count() == 2) {
                out.bulk(request.address(1), request.length(1));
            } else {
                out.bulkText("");
            }
        } else if (request.count() == 2) {
            out.bulk(request.address(1), request.length(1));
        } else {
            out.simple("PONG");
        }
    }

    /** First everything that may fail, then the change. */
    private void hello(Request request, Session session, ReplyWriter out) {
        int protocol = session.protocol();
        int options = 1;
        if (request.count() > 1) {
            protocol = Hello.protocol(request);
            options = 2;
        }
        String name = session.name();
        boolean authenticated = session.isAuthenticated();
        Account account = session.account();
        for (int i = options; i < request.count(); i++) {
            int more = request.count() - i - 1;
            if (request.is(i, "AUTH") && more >= 2) {
                account = checked(request, i + 1, i + 2, session);
                authenticated = true;
                i += 2;
            } else if (request.is(i, "SETNAME") && more >= 1) {
                name = clientName(request, ++i);
            } else {
                throw new Refusal(CommandError.helloOption(request.text(i)));
            }
        }
        if (!authenticated) {
            throw new Refusal(CommandError.NO_AUTH_HELLO);
        }

        session.authenticate(account);
        session.name(name);
        session.protocol(protocol);
        Hello.greet(protocol, session.id(), out);
    }

    private void auth(Request request, Session session, ReplyWriter out) {
        if (request.count() > 3) {
            throw Refusal.SYNTAX;
        }
        if (request.count() == 2 && !options.hasPassword()) {
            throw new Refusal(CommandError.NO_PASSWORD_SET);
        }
        Account account = request.count() == 3 ? checked(request, 1, 2, session) : checked(request, -1, 1, session);

        session.authenticate(account);
        out.ok();
    }

    /**
     * Whom the client is if the password is right: null for the proxy's own user, who gets in with any if the proxy has none.
     * Takes the same time wherever the first wrong byte is.
     */
    private Account checked(Request request, int user, int password, Session session) {
        String given = request.text(password);
        Account account =
                user < 0 || request.text(user).equals(Account.DEFAULT) ? null : new Account(request.text(user), given);
        byte[] wanted = options.password().getBytes(StandardCharsets.UTF_8);
        boolean right = account != null
                ? account.isRight(session.describedUser())
                : MessageDigest.isEqual(given.getBytes(StandardCharsets.ISO_8859_1), wanted) || !options.hasPassword();
        if (!right) {
            session.loginFailed(failures.add(session.address(), clock.unixMillis()));
            throw new Refusal(CommandError.WRONG_PASSWORD);
        }
        return account;
    }

    private void select(Request request, Session session, ReplyWriter out) {
        if (!Integers.isInteger(request.address(1), request.length(1))) {
            throw Refusal.NOT_AN_INTEGER;
        }
        long index = Integers.parse(request.address(1), request.length(1));
        if (index != (int) index) {
            throw Refusal.NOT_AN_INTEGER;
        }
        if (index < 0 || index >= options.databases()) {
            throw Refusal.DB_OUT_OF_RANGE;
        }

        session.database((int) index);
        out.ok();
    }

    private static String clientName(Request request, int i) {
        String name = request.text(i);
        if (name.chars().anyMatch(letter -> letter < '!' || letter > '~')) {
            throw new Refusal(CommandError.INVALID_CLIENT_NAME);
        }
        return name;
    }

    private static void clientInfo(Request request, ReplyWriter out) {
        String option = request.text(2);
        if (!request.is(2, "LIB-NAME") && !request.is(2, "LIB-VER")) {
            throw new Refusal(CommandError.unrecognizedOption(option));
        }
        String value = request.text(3);
        if (value.chars().anyMatch(letter -> letter < '!' || letter > '~')) {
            throw new Refusal(CommandError.invalidClientInfo(option));
        }
        out.ok();
    }

    private static void reply(Request request, Session session, ReplyWriter out) {
        if (request.is(2, "ON")) {
            session.repliesOn();
            out.ok();
        } else if (request.is(2, "OFF")) {
            session.repliesOff();
        } else if (request.is(2, "SKIP")) {
            session.skipNextReply();
        } else {
            throw Refusal.SYNTAX;
        }
    }

    private static boolean on(Request request, int i) {
        if (!request.is(i, "ON") && !request.is(i, "OFF")) {
            throw Refusal.SYNTAX;
        }
        return request.is(i, "ON");
    }

    private void time(ReplyWriter out) {
        long millis = clock.unixMillis();
        out.array(2);
        out.bulkText(Long.toString(TimeUnit.MILLISECONDS.toSeconds(millis)));
        out.bulkText(Long.toString(TimeUnit.MILLISECONDS.toMicros(millis % 1000)));
    }
}
