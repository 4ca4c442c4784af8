package dev.jackdaw.protocol.command;

/**
 * Immutable: a command or subcommand: a constant of its family's enum, and the row that says everything about it.
 *
 * <p>Whoever gives commands a body switches over a family's constants without {@code default}, so that a row without a body does
 * not compile. A container's subcommands are constants too: {@code CLIENT_KILL} is {@code client|kill}.
 */
public sealed interface Command
        permits StringCommand,
                BitmapCommand,
                KeyCommand,
                ListCommand,
                SetCommand,
                HyperLogLogCommand,
                GeoCommand,
                HashCommand,
                SortedSetCommand,
                StreamCommand,
                ConnectionCommand,
                TransactionCommand,
                PubSubCommand,
                ServerCommand,
                AclCommand,
                ScriptingCommand {
    /** The constant's name. */
    String name();

    /** The constant's position in its family. */
    int ordinal();

    Family family();

    CommandSpec spec();
}
