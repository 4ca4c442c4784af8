package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.CommandReplies;
import dev.jackdaw.protocol.command.CommandTable;
import dev.jackdaw.protocol.command.ConnectionCommand;
import dev.jackdaw.protocol.command.PubSubCommand;
import dev.jackdaw.server.pubsub.Channels;
import dev.jackdaw.server.pubsub.Subscriber;
import dev.jackdaw.server.pubsub.Topic;

/** Owned by the event loop: the bodies of the commands on channels. */
final class PubSubHandlers {
    private final CommandReplies replies = new CommandReplies(CommandTable.all());
    private final Node node;
    private final Channels channels;

    PubSubHandlers(Node node) {
        this.node = node;
        this.channels = node.channels();
    }

    void run(PubSubCommand command, Call call) {
        switch (command) {
            case SUBSCRIBE -> subscribe(call);
            case UNSUBSCRIBE -> unsubscribe(call);
            case PSUBSCRIBE -> psubscribe(call);
            case PUNSUBSCRIBE -> punsubscribe(call);
            case PUBLISH -> publish(call);
            case PUBSUB_CHANNELS -> list(call);
            case PUBSUB_NUMSUB -> numsub(call);
            case PUBSUB_NUMPAT -> call.reply().integer(channels.patterns());
            case PUBSUB, PUBSUB_HELP -> replies.help(PubSubCommand.PUBSUB, call.reply());
        }
    }

    /** Whether a client that {@link Session#onlyListens} may send the command. */
    static boolean isForListeners(Command command) {
        return switch (command) {
            case PubSubCommand row ->
                switch (row) {
                    case SUBSCRIBE, UNSUBSCRIBE, PSUBSCRIBE, PUNSUBSCRIBE -> true;
                    case PUBLISH, PUBSUB, PUBSUB_CHANNELS, PUBSUB_NUMSUB, PUBSUB_NUMPAT, PUBSUB_HELP -> false;
                };
            case ConnectionCommand row ->
                row == ConnectionCommand.PING || row == ConnectionCommand.QUIT || row == ConnectionCommand.RESET;
            default -> false;
        };
    }

    private void subscribe(Call call) {
        for (int i = 1; i < call.count(); i++) {
            channels.subscribe(call.session().subscriber(), call.address(i), call.length(i));
            confirm(call, "subscribe", i);
        }
    }

    private void psubscribe(Call call) {
        for (int i = 1; i < call.count(); i++) {
            channels.subscribePattern(call.session().subscriber(), call.address(i), call.length(i));
            confirm(call, "psubscribe", i);
        }
    }

    private void unsubscribe(Call call) {
        Subscriber subscriber = call.session().subscriber();
        for (int i = 1; i < call.count(); i++) {
            channels.unsubscribe(subscriber, call.address(i), call.length(i));
            confirm(call, "unsubscribe", i);
        }
        if (call.count() == 1) {
            if (subscriber.channels() == 0) {
                confirmNone(call, "unsubscribe");
            }
            for (Topic topic = subscriber.anyChannel(); topic != null; topic = subscriber.anyChannel()) {
                begin(call, "unsubscribe", topic.address(), topic.length());
                channels.unsubscribe(subscriber, topic);
                end(call);
            }
        }
    }

    private void punsubscribe(Call call) {
        Subscriber subscriber = call.session().subscriber();
        for (int i = 1; i < call.count(); i++) {
            channels.unsubscribePattern(subscriber, call.address(i), call.length(i));
            confirm(call, "punsubscribe", i);
        }
        if (call.count() == 1) {
            if (subscriber.patterns() == 0) {
                confirmNone(call, "punsubscribe");
            }
            for (Topic topic = subscriber.anyPattern(); topic != null; topic = subscriber.anyPattern()) {
                begin(call, "punsubscribe", topic.address(), topic.length());
                channels.unsubscribePattern(subscriber, topic);
                end(call);
            }
        }
    }

    private static void confirm(Call call, String what, int argument) {
        begin(call, what, call.address(argument), call.length(argument));
        end(call);
    }

    private static void confirmNone(Call call, String what) {
        call.reply().push(3);
        call.reply().bulkText(what);
        call.reply().nullBulk();
        end(call);
    }

    /** Writes the name before an unsubscription, for with it the topic may go. */
    private static void begin(Call call, String what, long name, int length) {
        call.reply().push(3);
        call.reply().bulkText(what);
        call.reply().bulk(name, length);
    }

    private static void end(Call call) {
        call.reply().integer(call.session().subscriber().subscriptions());
        call.session().keep(call.reply().mark());
    }

    private void publish(Call call) {
        int deliveries = channels.publish(call.address(1), call.length(1), call.address(2), call.length(2));
        call.session().keep(call.reply().mark());
        if (node.bus() != null) {
            node.bus().publish(call.address(1), call.length(1), call.address(2), call.length(2));
        }
        call.reply().integer(deliveries);
    }

    private void list(Call call) {
        if (call.count() > 3) {
            throw new Refusal(CommandError.unknownSubcommandOrArity(call.text(1), "PUBSUB"));
        }

        if (call.count() == 3) {
            channels.list(call.address(2), call.length(2), call.reply());
        } else {
            channels.list(call.reply());
        }
    }

    private void numsub(Call call) {
        call.reply().array(2 * (call.count() - 2));
        for (int i = 2; i < call.count(); i++) {
            call.reply().bulk(call.address(i), call.length(i));
            call.reply().integer(channels.listeners(call.address(i), call.length(i)));
        }
    }
}
