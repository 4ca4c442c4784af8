package dev.jackdaw.server.acl;

import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.PubSubCommand;

/** Immutable: which arguments of a command are channels that the rules have to allow. Whoever listens may always stop. */
enum ChannelArguments {
    NONE,
    FIRST,
    ALL,
    /** All of them, and they are patterns. */
    ALL_PATTERNS;

    static ChannelArguments of(Command command) {
        return command instanceof PubSubCommand row
                ? switch (row) {
                    case SUBSCRIBE, SSUBSCRIBE -> ALL;
                    case PSUBSCRIBE -> ALL_PATTERNS;
                    case PUBLISH, SPUBLISH -> FIRST;
                    case UNSUBSCRIBE, PUNSUBSCRIBE, SUNSUBSCRIBE -> NONE;
                    case PUBSUB, PUBSUB_CHANNELS, PUBSUB_NUMSUB, PUBSUB_NUMPAT, PUBSUB_HELP -> NONE;
                    case PUBSUB_SHARDCHANNELS, PUBSUB_SHARDNUMSUB -> NONE;
                }
                : NONE;
    }

    /** The last such argument; the first is argument 1. */
    int last(int arguments) {
        return switch (this) {
            case NONE -> 0;
            case FIRST -> Math.min(1, arguments - 1);
            case ALL, ALL_PATTERNS -> arguments - 1;
        };
    }
}
