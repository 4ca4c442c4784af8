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
    private final DebugCommands debug;

    ServerHandlers(Node node) {
        this.node = node;
        this.keyspaces = new KeyspaceHandlers(node);
        this.config = new ConfigCommands(node);
        this.debug = new DebugCommands(node);
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
            case TIME -> time(call);
            case LASTSAVE -> call.reply().integer(node.startedAtMillis() / 1000);
            case DEBUG -> debug.run(call);
            case SHUTDOWN -> shutdown(call);
            case MEMORY, MEMORY_HELP -> replies.help(ServerCommand.MEMORY, call.reply());
            case MEMORY_USAGE -> keyspaces.memoryUsage(call);
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

    /** There is nothing to save to yet, so what asks for a snapshot fails unless it is forced. */
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
        if (save && !force) {
            throw new Refusal(CommandError.SHUTDOWN_FAILED);
        }

        node.shutDown();
        call.session().connection().abort();
    }
}
