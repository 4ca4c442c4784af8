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
import dev.jackdaw.server.pubsub.TopicKind;

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
            case SUBSCRIBE -> subscribe(call, TopicKind.CHANNEL);
            case UNSUBSCRIBE -> unsubscribe(call, TopicKind.CHANNEL);
            case PSUBSCRIBE -> subscribe(call, TopicKind.PATTERN);
            case PUNSUBSCRIBE -> unsubscribe(call, TopicKind.PATTERN);
            case SSUBSCRIBE -> ssubscribe(call);
            case SUNSUBSCRIBE -> unsubscribe(call, TopicKind.SHARD_CHANNEL);
            case PUBLISH -> publish(call);
            case SPUBLISH -> spublish(call);
            case PUBSUB_CHANNELS -> list(call, TopicKind.CHANNEL);
            case PUBSUB_NUMSUB -> numsub(call, TopicKind.CHANNEL);
            case PUBSUB_NUMPAT -> call.reply().integer(channels.count(TopicKind.PATTERN));
            case PUBSUB_SHARDCHANNELS -> list(call, TopicKind.SHARD_CHANNEL);
            case PUBSUB_SHARDNUMSUB -> numsub(call, TopicKind.SHARD_CHANNEL);
            case PUBSUB, PUBSUB_HELP -> replies.help(PubSubCommand.PUBSUB, call.reply());
        }
    }

    /** Whether a client that {@link Session#onlyListens} may send the command. */
    static boolean isForListeners(Command command) {
        return switch (command) {
            case PubSubCommand row ->
                switch (row) {
                    case SUBSCRIBE, UNSUBSCRIBE, PSUBSCRIBE, PUNSUBSCRIBE, SSUBSCRIBE, SUNSUBSCRIBE -> true;
                    case PUBLISH,
                            SPUBLISH,
                            PUBSUB,
                            PUBSUB_CHANNELS,
                            PUBSUB_NUMSUB,
                            PUBSUB_NUMPAT,
                            PUBSUB_SHARDCHANNELS,
                            PUBSUB_SHARDNUMSUB,
                            PUBSUB_HELP -> false;
                };
            case ConnectionCommand row ->
                row == ConnectionCommand.PING || row == ConnectionCommand.QUIT || row == ConnectionCommand.RESET;
            default -> false;
        };
    }

    private void subscribe(Call call, TopicKind kind) {
        if (!channels.hasRoomFor(call.count() - 1)) {
            throw new Refusal(CommandError.TOO_MANY_SUBSCRIPTIONS);
        }

        for (int i = 1; i < call.count(); i++) {
            channels.subscribe(call.session().subscriber(), kind, call.address(i), call.length(i));
            confirm(call, kind, kind.subscribed(), i);
        }
    }

    private void ssubscribe(Call call) {
        if (call.session().transaction().isRunning()) {
            throw new Refusal(CommandError.SSUBSCRIBE_DENIED);
        }

        subscribe(call, TopicKind.SHARD_CHANNEL);
    }

    private void unsubscribe(Call call, TopicKind kind) {
        Subscriber subscriber = call.session().subscriber();
        for (int i = 1; i < call.count(); i++) {
            channels.unsubscribe(subscriber, kind, call.address(i), call.length(i));
            confirm(call, kind, kind.unsubscribed(), i);
        }
        if (call.count() == 1) {
            if (subscriber.count(kind) == 0) {
                confirmNone(call, kind);
            }
            for (Topic topic = subscriber.any(kind); topic != null; topic = subscriber.any(kind)) {
                begin(call, kind.unsubscribed(), topic.address(), topic.length());
                channels.unsubscribe(subscriber, kind, topic);
                end(call, kind);
            }
        }
    }

    private static void confirm(Call call, TopicKind kind, String what, int argument) {
        begin(call, what, call.address(argument), call.length(argument));
        end(call, kind);
    }

    private static void confirmNone(Call call, TopicKind kind) {
        call.reply().push(3);
        call.reply().bulkText(kind.unsubscribed());
        call.reply().nullBulk();
        end(call, kind);
    }

    /** Writes the name before an unsubscription, for with it the topic may go. */
    private static void begin(Call call, String what, long name, int length) {
        call.reply().push(3);
        call.reply().bulkText(what);
        call.reply().bulk(name, length);
    }

    private static void end(Call call, TopicKind kind) {
        call.reply().integer(call.session().subscriber().confirmedCount(kind));
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

    /** Its listeners are at the node of its slot, so the other nodes need not hear of it. */
    private void spublish(Call call) {
        int deliveries = channels.publishToShard(call.address(1), call.length(1), call.address(2), call.length(2));
        call.session().keep(call.reply().mark());
        call.reply().integer(deliveries);
    }

    private void list(Call call, TopicKind kind) {
        if (call.count() > 3) {
            throw new Refusal(CommandError.unknownSubcommandOrArity(call.text(1), "PUBSUB"));
        }

        if (call.count() == 3) {
            channels.list(kind, call.address(2), call.length(2), call.reply());
        } else {
            channels.list(kind, call.reply());
        }
    }

    private void numsub(Call call, TopicKind kind) {
        call.reply().array(2 * (call.count() - 2));
        for (int i = 2; i < call.count(); i++) {
            call.reply().bulk(call.address(i), call.length(i));
            call.reply().integer(channels.listeners(kind, call.address(i), call.length(i)));
        }
    }
}
