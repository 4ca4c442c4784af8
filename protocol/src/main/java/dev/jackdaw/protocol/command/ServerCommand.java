package dev.jackdaw.protocol.command;

import static dev.jackdaw.protocol.command.Category.CONNECTION;
import static dev.jackdaw.protocol.command.Category.DANGEROUS;
import static dev.jackdaw.protocol.command.Category.KEYSPACE;
import static dev.jackdaw.protocol.command.CommandSpec.container;
import static dev.jackdaw.protocol.command.CommandSpec.row;
import static dev.jackdaw.protocol.command.CommandSpec.sub;
import static dev.jackdaw.protocol.command.Flag.ADMIN;
import static dev.jackdaw.protocol.command.Flag.ALLOW_BUSY;
import static dev.jackdaw.protocol.command.Flag.FAST;
import static dev.jackdaw.protocol.command.Flag.LOADING;
import static dev.jackdaw.protocol.command.Flag.NOSCRIPT;
import static dev.jackdaw.protocol.command.Flag.NO_ASYNC_LOADING;
import static dev.jackdaw.protocol.command.Flag.NO_MULTI;
import static dev.jackdaw.protocol.command.Flag.READONLY;
import static dev.jackdaw.protocol.command.Flag.STALE;
import static dev.jackdaw.protocol.command.Flag.WRITE;
import static dev.jackdaw.protocol.command.KeyFlag.RO;
import static dev.jackdaw.protocol.command.KeySpec.second;
import static dev.jackdaw.protocol.command.Tip.AGG_SUM;
import static dev.jackdaw.protocol.command.Tip.ALL_SUCCEEDED;
import static dev.jackdaw.protocol.command.Tip.ASK_ALL_NODES;
import static dev.jackdaw.protocol.command.Tip.ASK_ALL_SHARDS;
import static dev.jackdaw.protocol.command.Tip.NONDETERMINISTIC_OUTPUT;
import static dev.jackdaw.protocol.command.Tip.NONDETERMINISTIC_OUTPUT_ORDER;
import static dev.jackdaw.protocol.command.Tip.REPLY_SPECIAL;
import static dev.jackdaw.protocol.route.Merge.ALL_OK;
import static dev.jackdaw.protocol.route.Merge.CONCAT;
import static dev.jackdaw.protocol.route.Merge.MIN;
import static dev.jackdaw.protocol.route.Merge.SUM;
import static dev.jackdaw.protocol.route.Route.ANY_NODE;
import static dev.jackdaw.protocol.route.Route.PINNED;
import static dev.jackdaw.protocol.route.Route.everyNode;

/** Immutable: the commands about the server, its data as a whole and its configuration. */
public enum ServerCommand implements Command {
    // spotless:off
    COMMAND(row("").withSubcommands().arity(-1).flags(LOADING, STALE).categories(CONNECTION).tips(NONDETERMINISTIC_OUTPUT_ORDER)
            .since("2.8.13").summary("Describes all commands.").complexity("O(N) for N commands")),
    COMMAND_COUNT(sub("").flags(LOADING, STALE).categories(CONNECTION)
            .since("2.8.13").summary("Returns the number of commands.")),
    COMMAND_LIST(sub("[FILTERBY <MODULE module-name | ACLCAT category | PATTERN pattern>]").flags(LOADING, STALE).categories(CONNECTION).tips(NONDETERMINISTIC_OUTPUT_ORDER)
            .since("7.0.0").summary("Lists the names of commands.").complexity("O(N) for N commands")),
    COMMAND_INFO(sub("[command-name [command-name ...]]").flags(LOADING, STALE).categories(CONNECTION).tips(NONDETERMINISTIC_OUTPUT_ORDER)
            .since("2.8.13").summary("Describes some commands, or all.").complexity("O(N) for N commands")),
    COMMAND_DOCS(sub("[command-name [command-name ...]]").flags(LOADING, STALE).categories(CONNECTION).tips(NONDETERMINISTIC_OUTPUT_ORDER)
            .since("7.0.0").summary("Explains some commands, or all.").complexity("O(N) for N commands")),
    COMMAND_GETKEYS(sub("command argument [argument ...]").flags(LOADING, STALE).categories(CONNECTION)
            .since("2.8.13").summary("Returns the keys in a command.").complexity("O(N) for N arguments")),
    COMMAND_GETKEYSANDFLAGS(sub("command argument [argument ...]").flags(LOADING, STALE).categories(CONNECTION)
            .since("7.0.0").summary("Returns the keys in a command and what it does with them.").complexity("O(N) for N arguments")),
    COMMAND_HELP(sub("").flags(LOADING, STALE).categories(CONNECTION)
            .since("5.0.0").summary("Prints this help.")),

    CONFIG(container().since("2.0.0").summary("Reads and changes the configuration.")),
    CONFIG_GET(sub("(parameter) [(parameter) ...]").flags(ADMIN, NOSCRIPT, LOADING, STALE).route(ANY_NODE)
            .since("2.0.0").summary("Returns parameters.").complexity("O(N) for N parameters")),
    CONFIG_SET(sub("parameter value [parameter value ...]").flags(ADMIN, NOSCRIPT, LOADING, STALE)
            .route(everyNode(ALL_OK)).tips(ASK_ALL_NODES, ALL_SUCCEEDED)
            .since("2.0.0").summary("Changes parameters.").complexity("O(N) for N parameters")),
    CONFIG_RESETSTAT(sub("").flags(ADMIN, NOSCRIPT, LOADING, STALE).route(everyNode(ALL_OK))
            .since("2.0.0").summary("Sets the counters of INFO to zero.")),
    CONFIG_REWRITE(sub("").flags(ADMIN, NOSCRIPT, LOADING, STALE).route(everyNode(ALL_OK))
            .since("2.8.0").summary("Writes the parameters that were changed to the configuration file.")),
    CONFIG_HELP(sub("").flags(LOADING, STALE).since("5.0.0").summary("Prints this help.")),
    INFO(row("[section [section ...]]").flags(LOADING, STALE).categories(DANGEROUS)
            .tips(NONDETERMINISTIC_OUTPUT, ASK_ALL_SHARDS, REPLY_SPECIAL)
            .since("1.0.0").summary("Reports on the server.")),
    TIME(row("").flags(LOADING, STALE, FAST).tips(NONDETERMINISTIC_OUTPUT)
            .since("2.6.0").summary("Returns the server's time.")),
    SAVE(row("").flags(ADMIN, NOSCRIPT, NO_ASYNC_LOADING, NO_MULTI).route(everyNode(ALL_OK))
            .since("1.0.0").summary("Takes a snapshot while everybody waits.").complexity("O(N) for N keys")),
    BGSAVE(row("[SCHEDULE]").flags(ADMIN, NOSCRIPT, NO_ASYNC_LOADING).route(everyNode(ALL_OK))
            .since("1.0.0").summary("Takes a snapshot in the background.")),
    BGREWRITEAOF(row("").flags(ADMIN, NOSCRIPT, NO_ASYNC_LOADING).route(everyNode(ALL_OK))
            .since("1.0.0").summary("Makes the append-only file short again, in the background.")),
    LASTSAVE(row("").flags(LOADING, STALE, FAST).categories(Category.ADMIN, DANGEROUS).tips(NONDETERMINISTIC_OUTPUT)
            .route(everyNode(MIN))
            .since("1.0.0").summary("Returns the Unix time of the last snapshot.")),
    DBSIZE(row("").flags(READONLY, FAST).categories(KEYSPACE)
            .route(everyNode(SUM)).tips(ASK_ALL_SHARDS, AGG_SUM)
            .since("1.0.0").summary("Counts the keys of the database.")),
    FLUSHDB(row("[ASYNC | SYNC]").flags(WRITE).categories(KEYSPACE, DANGEROUS)
            .route(everyNode(ALL_OK)).tips(ASK_ALL_SHARDS, ALL_SUCCEEDED)
            .since("1.0.0").summary("Deletes all keys of the database.").complexity("O(N) for N keys")),
    FLUSHALL(row("[ASYNC | SYNC]").flags(WRITE).categories(KEYSPACE, DANGEROUS)
            .route(everyNode(ALL_OK)).tips(ASK_ALL_SHARDS, ALL_SUCCEEDED)
            .since("1.0.0").summary("Deletes all keys of all databases.").complexity("O(N) for N keys")),
    SWAPDB(row("index1 index2").flags(WRITE, FAST).categories(KEYSPACE, DANGEROUS).route(everyNode(ALL_OK))
            .since("4.0.0").summary("Exchanges two databases.").complexity("O(N) for N clients that watch or wait")),
    MEMORY(container().since("4.0.0").summary("Tells where memory goes.")),
    MEMORY_USAGE(sub("key [SAMPLES count]").keys(second(RO)).flags(READONLY)
            .since("4.0.0").summary("Estimates the memory of a key.").complexity("O(N) for N samples")),
    MEMORY_STATS(sub("").route(PINNED).tips(NONDETERMINISTIC_OUTPUT, ASK_ALL_SHARDS, REPLY_SPECIAL)
            .since("4.0.0").summary("Tells what memory is used for.")),
    MEMORY_DOCTOR(sub("").route(PINNED).tips(NONDETERMINISTIC_OUTPUT, ASK_ALL_SHARDS, REPLY_SPECIAL)
            .since("4.0.0").summary("Says what looks wrong about the use of memory.")),
    MEMORY_MALLOC_STATS(sub("").route(PINNED).tips(NONDETERMINISTIC_OUTPUT, ASK_ALL_SHARDS, REPLY_SPECIAL)
            .since("4.0.0").summary("Tells how the allocator's memory is cut up.").complexity("O(1)")),
    MEMORY_PURGE(sub("").route(everyNode(ALL_OK)).tips(ASK_ALL_SHARDS, ALL_SUCCEEDED)
            .since("4.0.0").summary("Gives unused memory back.").complexity("O(N) for N pages")),
    MEMORY_HELP(sub("").flags(LOADING, STALE).since("4.0.0").summary("Prints this help.")),
    SLOWLOG(container().since("2.2.12").summary("Shows commands that took long.")),
    SLOWLOG_GET(sub("[count]").flags(ADMIN, LOADING, STALE).route(everyNode(CONCAT)).tips(ASK_ALL_NODES, NONDETERMINISTIC_OUTPUT)
            .since("2.2.12").summary("Returns the last slow commands.").complexity("O(N) for N commands")),
    SLOWLOG_LEN(sub("").flags(ADMIN, LOADING, STALE).route(everyNode(SUM)).tips(ASK_ALL_NODES, AGG_SUM, NONDETERMINISTIC_OUTPUT)
            .since("2.2.12").summary("Counts the slow commands that are remembered.")),
    SLOWLOG_RESET(sub("").flags(ADMIN, LOADING, STALE).route(everyNode(ALL_OK)).tips(ASK_ALL_NODES, ALL_SUCCEEDED)
            .since("2.2.12").summary("Forgets the slow commands.").complexity("O(N) for N commands")),
    SLOWLOG_HELP(sub("").flags(LOADING, STALE).since("6.2.0").summary("Prints this help.")),
    LATENCY(container().since("2.8.13").summary("Shows how long work took.")),
    LATENCY_DOCTOR(sub("").flags(ADMIN, NOSCRIPT, LOADING, STALE).route(PINNED).tips(NONDETERMINISTIC_OUTPUT, ASK_ALL_NODES, REPLY_SPECIAL)
            .since("2.8.13").summary("Says what took long, and what may be done about it.")),
    LATENCY_GRAPH(sub("event").flags(ADMIN, NOSCRIPT, LOADING, STALE).route(PINNED).tips(NONDETERMINISTIC_OUTPUT, ASK_ALL_NODES, REPLY_SPECIAL)
            .since("2.8.13").summary("Draws how long an event took over time.")),
    LATENCY_HISTOGRAM(sub("[command [command ...]]").flags(ADMIN, NOSCRIPT, LOADING, STALE).route(PINNED).tips(NONDETERMINISTIC_OUTPUT, ASK_ALL_NODES, REPLY_SPECIAL)
            .since("7.0.0").summary("Counts calls by how long they took.").complexity("O(N) for N commands")),
    LATENCY_HISTORY(sub("event").flags(ADMIN, NOSCRIPT, LOADING, STALE).route(PINNED).tips(NONDETERMINISTIC_OUTPUT, ASK_ALL_NODES, REPLY_SPECIAL)
            .since("2.8.13").summary("Returns when an event took how long.")),
    LATENCY_LATEST(sub("").flags(ADMIN, NOSCRIPT, LOADING, STALE).route(PINNED).tips(NONDETERMINISTIC_OUTPUT, ASK_ALL_NODES, REPLY_SPECIAL)
            .since("2.8.13").summary("Returns how long each event took last.")),
    LATENCY_RESET(sub("[event [event ...]]").flags(ADMIN, NOSCRIPT, LOADING, STALE).route(everyNode(SUM)).tips(ASK_ALL_NODES, ALL_SUCCEEDED)
            .since("2.8.13").summary("Forgets events.")),
    LATENCY_HELP(sub("").flags(LOADING, STALE).since("2.8.13").summary("Prints this help.")),
    MONITOR(row("").flags(ADMIN, NOSCRIPT, LOADING, STALE).route(PINNED)
            .since("1.0.0").summary("Shows every command that the server runs.").complexity("O(N) for N words, for each command")),
    ROLE(row("").flags(NOSCRIPT, LOADING, STALE, FAST).categories(Category.ADMIN, DANGEROUS).route(ANY_NODE)
            .since("2.8.12").summary("Tells whether the server is a primary or a replica.")),
    MODULE(container().since("4.0.0").summary("Tells what the server was extended with.")),
    MODULE_LIST(sub("").flags(ADMIN, NOSCRIPT).route(ANY_NODE).tips(NONDETERMINISTIC_OUTPUT_ORDER)
            .since("4.0.0").summary("Returns the modules that are loaded: none.")),
    MODULE_LOAD(sub("path [arg [arg ...]]").flags(ADMIN, NOSCRIPT, NO_ASYNC_LOADING).route(ANY_NODE)
            .since("4.0.0").summary("Is refused: modules are programs for Redis.")),
    MODULE_LOADEX(sub("path [CONFIG name value [CONFIG name value ...]] [ARGS arg [ARGS arg ...]]").flags(ADMIN, NOSCRIPT, NO_ASYNC_LOADING).route(ANY_NODE)
            .since("7.0.0").summary("Is refused: modules are programs for Redis.")),
    MODULE_UNLOAD(sub("name").flags(ADMIN, NOSCRIPT, NO_ASYNC_LOADING).route(ANY_NODE)
            .since("4.0.0").summary("Is refused: there are no modules.")),
    MODULE_HELP(sub("").flags(LOADING, STALE).since("5.0.0").summary("Prints this help.")),
    LOLWUT(row("[VERSION version]").flags(READONLY, FAST).route(ANY_NODE)
            .since("5.0.0").summary("Draws something, and tells the version.")),
    DEBUG(row("subcommand [argument ...]").flags(ADMIN, NOSCRIPT, LOADING, STALE).route(everyNode(ALL_OK))
            .since("1.0.0").summary("Serves those who test the server.").complexity("Depends on the subcommand.")),
    SYNC(row("").flags(ADMIN, NOSCRIPT, NO_ASYNC_LOADING, NO_MULTI).route(PINNED)
            .since("1.0.0").summary("Returns a snapshot, if REPLCONF has said that nothing else is wanted.").complexity("O(N) for N keys")),
    REPLCONF(row("").arity(-1).flags(ADMIN, NOSCRIPT, LOADING, STALE, ALLOW_BUSY).route(PINNED)
            .since("3.0.0").summary("Says what the client wants of SYNC.")),
    SHUTDOWN(row("[NOSAVE | SAVE] [NOW] [FORCE] [ABORT]").flags(ADMIN, NOSCRIPT, LOADING, STALE, NO_MULTI, ALLOW_BUSY)
            .since("1.0.0").summary("Ends the server.").complexity("O(N) for N keys when it saves"));
    // spotless:on

    private final CommandSpec spec;

    ServerCommand(CommandSpec.Builder row) {
        this.spec = row.build(name(), Family.SERVER);
    }

    @Override
    public Family family() {
        return Family.SERVER;
    }

    @Override
    public CommandSpec spec() {
        return spec;
    }
}
