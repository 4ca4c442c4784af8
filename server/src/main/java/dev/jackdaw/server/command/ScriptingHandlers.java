package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.command.CommandReplies;
import dev.jackdaw.protocol.command.CommandTable;
import dev.jackdaw.protocol.command.ScriptingCommand;

/** Owned by the event loop: the bodies of FUNCTION and SCRIPT, on a node that has neither functions nor scripts. */
final class ScriptingHandlers {
    private final CommandReplies replies = new CommandReplies(CommandTable.all());

    void run(ScriptingCommand command, Call call) {
        switch (command) {
            case FUNCTION_FLUSH -> functionFlush(call);
            case FUNCTION_LIST -> functionList(call);
            case SCRIPT_EXISTS -> scriptExists(call);
            case SCRIPT_FLUSH -> scriptFlush(call);
            case FUNCTION, FUNCTION_HELP -> replies.help(ScriptingCommand.FUNCTION, call.reply());
            case SCRIPT, SCRIPT_HELP -> replies.help(ScriptingCommand.SCRIPT, call.reply());
        }
    }

    private static void functionFlush(Call call) {
        if (call.count() > 3) {
            throw new Refusal(CommandError.unknownSubcommandOrArity(call.text(1), "FUNCTION"));
        }
        if (call.count() == 3 && !isMode(call)) {
            throw new Refusal(CommandError.FUNCTION_FLUSH_MODE);
        }

        call.reply().ok();
    }

    private static void functionList(Call call) {
        boolean withCode = false;
        boolean named = false;
        for (int i = 2; i < call.count(); i++) {
            if (!withCode && call.is(i, "WITHCODE")) {
                withCode = true;
            } else if (!named && call.is(i, "LIBRARYNAME")) {
                named = true;
                if (++i == call.count()) {
                    throw new Refusal(CommandError.NO_LIBRARY_NAME);
                }
            } else {
                throw new Refusal(CommandError.unknownListArgument(call.text(i)));
            }
        }

        call.reply().array(0);
    }

    private static void scriptExists(Call call) {
        call.reply().array(call.count() - 2);
        for (int i = 2; i < call.count(); i++) {
            call.reply().integer(0);
        }
    }

    private static void scriptFlush(Call call) {
        if (call.count() > 3 || call.count() == 3 && !isMode(call)) {
            throw new Refusal(CommandError.SCRIPT_FLUSH_MODE);
        }

        call.reply().ok();
    }

    private static boolean isMode(Call call) {
        return call.is(2, "SYNC") || call.is(2, "ASYNC");
    }
}
