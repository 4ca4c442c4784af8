package dev.jackdaw.server.command;

import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.CommandTable;
import dev.jackdaw.server.config.Config;
import dev.jackdaw.server.config.ConfigException;
import dev.jackdaw.server.config.Directive;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Shared and stateless: the names by which clients call commands, where rename-command has given them others. */
final class CommandNames {
    private CommandNames() {}

    /** The table for requests of clients; a {@link ConfigException} if a command is renamed that is not there, or to what is. */
    static CommandTable table(Config config) {
        Map<String, String> renamed = new HashMap<>();
        for (List<String> line : config.lines(Directive.RENAME_COMMAND)) {
            if (line.size() != 2) {
                throw new ConfigException("rename-command: wrong number of arguments");
            }
            rename(line.getFirst(), line.getLast().toUpperCase(Locale.ROOT), renamed);
        }
        return CommandTable.renamed(renamed);
    }

    private static void rename(String oldName, String newName, Map<String, String> renamed) {
        Command command = CommandTable.all().named(oldName.toLowerCase(Locale.ROOT));
        if (command == null || command.spec().isSubcommand()) {
            throw new ConfigException("rename-command: No such command in rename-command: " + oldName);
        }
        boolean isTaken = renamed.containsValue(newName)
                || CommandTable.all().named(newName.toLowerCase(Locale.ROOT)) != null && !renamed.containsKey(newName);
        if (!newName.isEmpty() && isTaken) {
            throw new ConfigException("rename-command: Target command name already exists: " + newName);
        }
        renamed.put(oldName.toUpperCase(Locale.ROOT), newName);
    }
}
