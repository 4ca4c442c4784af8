package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.command.CommandReplies;
import dev.jackdaw.protocol.command.CommandTable;
import dev.jackdaw.protocol.command.ServerCommand;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Owned by the event loop: the bodies of the commands on the server as a whole. */
final class ServerHandlers {
    private final Node node;
    private final CommandReplies replies = new CommandReplies(CommandTable.all());
    private final KeyspaceHandlers keyspaces;
    private final ConfigCommands config;
    private final MemoryCommands memory;
    private final LatencyCommands latency;
    private final DebugCommands debug;
    private final SyncHandlers syncs;

    ServerHandlers(Node node) {
        this.node = node;
        this.keyspaces = new KeyspaceHandlers(node);
        this.config = new ConfigCommands(node);
        this.memory = new MemoryCommands(node);
        this.latency = new LatencyCommands(node);
        this.debug = new DebugCommands(node);
        this.syncs = new SyncHandlers(node);
    }

    void run(ServerCommand command, Call call) {
        switch (command) {
            case COMMAND -> replies.all(call.reply());
            case COMMAND_COUNT -> replies.count(call.reply());
            case COMMAND_LIST -> replies.list(call.request(), call.reply());
            case COMMAND_INFO -> replies.info(call.request(), call.reply());
            case COMMAND_DOCS -> replies.docs(call.request(), call.reply());
            case COMMAND_GETKEYS -> replies.keys(call.request(), call.reply());
            case COMMAND_GETKEYSANDFLAGS -> replies.keysAndFlags(call.request(), call.reply());
            case COMMAND_HELP -> replies.help(ServerCommand.COMMAND, call.reply());
            case CONFIG, CONFIG_HELP -> replies.help(ServerCommand.CONFIG, call.reply());
            case CONFIG_GET -> config.get(call);
            case CONFIG_SET -> config.set(call);
            case CONFIG_RESETSTAT -> config.resetStat(call);
            case INFO -> info(call);
            case CONFIG_REWRITE -> config.rewrite(call);
            case TIME -> time(call);
            case LASTSAVE -> call.reply().integer(node.snapshots().savedMillis() / 1000);
            case SAVE -> save(call);
            case BGSAVE -> bgsave(call);
            case BGREWRITEAOF -> bgrewriteaof(call);
            case DEBUG -> debug.run(call);
            case SYNC -> syncs.sync(call);
            case REPLCONF -> syncs.replconf(call);
            case SHUTDOWN -> shutdown(call);
            case MEMORY, MEMORY_HELP -> replies.help(ServerCommand.MEMORY, call.reply());
            case MEMORY_USAGE -> keyspaces.memoryUsage(call);
            case MEMORY_STATS -> memory.stats(call);
            case MEMORY_DOCTOR -> memory.doctor(call);
            case MEMORY_MALLOC_STATS -> memory.mallocStats(call);
            case MEMORY_PURGE -> memory.purge(call);
            case SLOWLOG, SLOWLOG_HELP -> replies.help(ServerCommand.SLOWLOG, call.reply());
            case SLOWLOG_GET -> latency.slowlogGet(call);
            case SLOWLOG_LEN ->
                call.reply().integer(node.observer().slowLog().entries().size());
            case SLOWLOG_RESET -> latency.slowlogReset(call);
            case LATENCY, LATENCY_HELP -> replies.help(ServerCommand.LATENCY, call.reply());
            case LATENCY_DOCTOR -> latency.doctor(call);
            case LATENCY_GRAPH -> latency.graph(call);
            case LATENCY_HISTOGRAM -> latency.histogram(call);
            case LATENCY_HISTORY -> latency.history(call);
            case LATENCY_LATEST -> latency.latest(call);
            case LATENCY_RESET -> latency.reset(call);
            case MONITOR -> monitor(call);
            case ROLE -> role(call);
            case MODULE, MODULE_HELP -> replies.help(ServerCommand.MODULE, call.reply());
            case MODULE_LIST -> call.reply().array(0);
            case MODULE_LOAD, MODULE_LOADEX, MODULE_UNLOAD -> throw new Refusal(CommandError.MODULE_DISABLED);
            case LOLWUT -> Lolwut.answer(call);
            case DBSIZE -> keyspaces.dbsize(call);
            case FLUSHDB -> keyspaces.flushdb(call);
            case FLUSHALL -> keyspaces.flushall(call);
            case SWAPDB -> keyspaces.swapdb(call);
        }
    }

    private void info(Call call) {
        Set<String> sections = new HashSet<>();
        for (int i = 1; i < call.count(); i++) {
            sections.add(call.text(i).toLowerCase(Locale.ROOT));
        }
        call.reply().verbatim("txt", new InfoReport(node, sections).text());
    }

    private void time(Call call) {
        long micros = node.engine().clock().micros();
        call.reply().array(2);
        call.reply().bulkInteger(micros / 1_000_000);
        call.reply().bulkInteger(micros % 1_000_000);
    }

    private void monitor(Call call) {
        node.observer().monitor(call.session());
        call.reply().ok();
    }

    /** A node without replicas, and at the beginning of what it would send them. */
    private static void role(Call call) {
        call.reply().array(3);
        call.reply().bulkText("master");
        call.reply().integer(0);
        call.reply().array(0);
    }

    private void save(Call call) {
        requireNoSnapshot();
        node.log().rewrite().postpone();
        if (!node.snapshots().save()) {
            throw new Refusal(CommandError.SAVE_FAILED);
        }

        call.reply().ok();
    }

    private void bgsave(Call call) {
        if (call.count() > 2 || call.count() == 2 && !call.is(1, "SCHEDULE")) {
            throw Refusal.SYNTAX;
        }
        requireNoSnapshot();
        boolean waits = node.log().rewrite().isRunning();
        if (waits && call.count() == 1) {
            throw new Refusal(CommandError.SAVE_DURING_REWRITE);
        }

        if (waits) {
            node.snapshots().schedule();
        } else {
            node.snapshots().begin();
        }
        call.reply().simple(waits ? "Background saving scheduled" : "Background saving started");
    }

    private void bgrewriteaof(Call call) {
        if (node.log().rewrite().isRunning()) {
            throw new Refusal(CommandError.REWRITE_IN_PROGRESS);
        }
        boolean waits =
                node.snapshots().isRunning() || call.session().transaction().isRunning();

        node.log().rewrite().schedule();
        if (!waits) {
            node.log().step();
        }
        call.reply().simple("Background append only file rewriting " + (waits ? "scheduled" : "started"));
    }

    private void requireNoSnapshot() {
        if (node.snapshots().isRunning()) {
            throw new Refusal(CommandError.SAVE_IN_PROGRESS);
        }
    }

    private void shutdown(Call call) {
        boolean save = false;
        boolean noSave = false;
        boolean force = false;
        boolean abort = false;
        for (int i = 1; i < call.count(); i++) {
            if (call.is(i, "SAVE")) {
                save = true;
            } else if (call.is(i, "NOSAVE")) {
                noSave = true;
            } else if (call.is(i, "FORCE")) {
                force = true;
            } else if (call.is(i, "ABORT")) {
                abort = true;
            } else if (!call.is(i, "NOW")) {
                throw Refusal.SYNTAX;
            }
        }
        if (save && noSave || abort && call.count() > 2) {
            throw Refusal.SYNTAX;
        }
        if (abort) {
            throw new Refusal(CommandError.NO_SHUTDOWN);
        }
        if (!node.shutDown(save || !noSave && node.snapshots().hasSavePoints(), force)) {
            throw new Refusal(CommandError.SHUTDOWN_FAILED);
        }

        call.session().connection().abort();
    }
}
