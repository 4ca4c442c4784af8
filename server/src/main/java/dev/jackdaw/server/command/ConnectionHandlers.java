package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.command.CommandReplies;
import dev.jackdaw.protocol.command.CommandTable;
import dev.jackdaw.protocol.command.ConnectionCommand;
import dev.jackdaw.protocol.command.Hello;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.server.acl.User;

/** Owned by the event loop: the bodies of the commands on connections. */
final class ConnectionHandlers {
    private final Node node;
    private final Authentication authentication;
    private final ClientCommands clients;
    private final TrackingHandlers tracking;

    ConnectionHandlers(Node node) {
        this.node = node;
        this.authentication = new Authentication(node);
        this.clients = new ClientCommands(node);
        this.tracking = new TrackingHandlers(node);
    }

    void run(ConnectionCommand command, Call call) {
        switch (command) {
            case PING -> ping(call);
            case ECHO -> call.reply().bulk(call.address(1), call.length(1));
            case HELLO -> hello(call);
            case AUTH -> auth(call);
            case QUIT -> quit(call);
            case RESET -> reset(call);
            case SELECT -> select(call);
            case CLIENT_ID -> call.reply().integer(call.session().id());
            case CLIENT_SETNAME -> clients.setName(call);
            case CLIENT_GETNAME -> clients.getName(call);
            case CLIENT_SETINFO -> clients.setInfo(call);
            case CLIENT_LIST -> clients.list(call);
            case CLIENT_INFO -> clients.info(call);
            case CLIENT_KILL -> clients.kill(call);
            case CLIENT_PAUSE -> clients.pause(call);
            case CLIENT_UNPAUSE -> clients.unpause(call);
            case CLIENT_UNBLOCK -> clients.unblock(call);
            case CLIENT_REPLY -> clients.reply(call);
            case CLIENT_NO_EVICT -> clients.noEvict(call);
            case CLIENT_NO_TOUCH -> clients.noTouch(call);
            case CLIENT_TRACKING -> tracking.tracking(call);
            case CLIENT_CACHING -> tracking.caching(call);
            case CLIENT_GETREDIR -> tracking.getredir(call);
            case CLIENT_TRACKINGINFO -> tracking.trackinginfo(call);
            case CLIENT, CLIENT_HELP ->
                new CommandReplies(CommandTable.all()).help(ConnectionCommand.CLIENT, call.reply());
        }
    }

    private void ping(Call call) {
        if (call.count() > 2) {
            throw new Refusal(CommandError.arity("ping"));
        }
        ReplyWriter reply = call.reply();
        boolean asMessage = call.session().onlyListens();
        if (asMessage) {
            reply.array(2);
            reply.bulkText("pong");
        }
        if (call.count() > 1) {
            reply.bulk(call.address(1), call.length(1));
        } else if (asMessage) {
            reply.bulkText("");
        } else {
            reply.simple("PONG");
        }
    }

    private void hello(Call call) {
        Session session = call.session();
        int protocol = call.count() > 1 ? Hello.protocol(call.request()) : session.protocol();
        int user = 0;
        String name = null;
        for (int i = 2; i < call.count(); i++) {
            int more = call.count() - i - 1;
            if (call.is(i, "AUTH") && more >= 2) {
                user = i + 1;
                i += 2;
            } else if (call.is(i, "SETNAME") && more >= 1) {
                name = ClientCommands.checkedName(call.text(++i));
            } else {
                throw new Refusal(CommandError.helloOption(call.text(i)));
            }
        }
        User known = session.user();
        if (user > 0) {
            known = authentication.check(call, user, user + 1);
        } else if (!session.isAuthenticated()) {
            throw new Refusal(CommandError.NO_AUTH_HELLO);
        }

        session.logIn(known);
        session.protocol(protocol);
        if (name != null) {
            session.name(name);
        }
        Hello.greet(session.protocol(), session.id(), call.reply());
    }

    private void auth(Call call) {
        if (call.count() > 3) {
            throw Refusal.SYNTAX;
        }
        if (call.count() == 2 && node.acl().defaultUser().isPasswordless()) {
            throw new Refusal(CommandError.NO_PASSWORD_SET);
        }
        User user = authentication.check(call, call.count() == 3 ? 1 : Authentication.DEFAULT_USER, call.count() - 1);

        call.session().logIn(user);
        call.reply().ok();
    }

    private static void quit(Call call) {
        call.session().connection().closeAfterReplies();
        call.reply().ok();
    }

    private void reset(Call call) {
        node.forget(call.session());
        call.session().reset(node.engine().keyspace(0), node.acl().defaultUser());
        call.reply().protocol(call.session().protocol());
        call.reply().simple("RESET");
    }

    private void select(Call call) {
        long number = call.integer(1);
        if (number != (int) number) {
            throw new Refusal(CommandError.notBetween(Integer.MIN_VALUE, Integer.MAX_VALUE));
        }
        if (number < 0 || number >= node.engine().databases()) {
            throw Refusal.DB_OUT_OF_RANGE;
        }

        call.session().select(node.engine().keyspace((int) number));
        call.reply().ok();
    }
}
