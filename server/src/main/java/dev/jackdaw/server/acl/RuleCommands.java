package dev.jackdaw.server.acl;

import dev.jackdaw.protocol.command.Category;
import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.CommandTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Immutable: the commands that rules may name: those of the table, whose bits are the table's numbers, and those that only
 * Redis has. Without the latter the rules of a Redis could not be taken over, and would be summed up in other categories.
 */
final class RuleCommands {
    /** Redis's commands on scripts, modules, files, replication and clusters, and for its own tests; containers first. */
    private static final String ELSEWHERE = """
            eval evalsha eval_ro evalsha_ro fcall fcall_ro: slow scripting
            script function cluster module: slow
            script|debug script|exists script|flush script|help script|kill script|load: slow scripting
            function|dump function|help function|kill function|list function|stats: slow scripting
            function|delete function|flush function|load function|restore: write slow scripting
            cluster|countkeysinslot cluster|getkeysinslot cluster|help cluster|info cluster|keyslot cluster|links: slow
            cluster|myid cluster|nodes cluster|shards cluster|slots: slow
            cluster|addslots cluster|addslotsrange cluster|bumpepoch cluster|count-failure-reports: admin slow dangerous
            cluster|delslots cluster|delslotsrange cluster|failover cluster|flushslots: admin slow dangerous
            cluster|forget cluster|meet cluster|replicas cluster|replicate cluster|reset: admin slow dangerous
            cluster|saveconfig cluster|set-config-epoch cluster|setslot cluster|slaves: admin slow dangerous
            asking readonly readwrite: fast connection
            module|help: slow
            module|list module|load module|loadex module|unload: admin slow dangerous
            failover psync replconf replicaof slaveof sync: admin slow dangerous
            restore-asking migrate: keyspace write slow dangerous
            """;

    private static final RuleCommands ALL = new RuleCommands();

    private final Map<String, RuleCommand> byName = new LinkedHashMap<>();
    private final List<RuleCommand> topLevel = new ArrayList<>();

    private RuleCommands() {
        CommandTable table = CommandTable.all();
        for (Command command : table.commands()) {
            boolean newer = !command.spec().since().matches("([0-6]\\.|7\\.0).*");
            add(command.spec().name(), table.indexOf(command), command.spec().categories(), newer);
        }
        ELSEWHERE.lines().forEach(line -> {
            int colon = line.indexOf(':');
            Set<Category> categories = categories(line.substring(colon + 1));
            for (String name : line.substring(0, colon).split(" ", -1)) {
                if (!byName.containsKey(name)) {
                    add(name, byName.size(), categories, false);
                }
            }
        });
    }

    private static Set<Category> categories(String names) {
        EnumSet<Category> categories = EnumSet.noneOf(Category.class);
        for (String name : names.strip().split(" ", -1)) {
            categories.add(Category.valueOf(name.toUpperCase(Locale.ROOT)));
        }
        return categories;
    }

    private void add(String name, int index, Set<Category> categories, boolean newer) {
        RuleCommand command = new RuleCommand(name, index, categories, newer);
        byName.put(name, command);
        if (command.isSubcommand()) {
            byName.get(name.substring(0, name.indexOf('|'))).add(command);
        } else {
            topLevel.add(command);
        }
    }

    static RuleCommands all() {
        return ALL;
    }

    int size() {
        return byName.size();
    }

    /** The command of a name in any case, or a refusal. */
    RuleCommand named(String name) {
        RuleCommand command = byName.get(name.toLowerCase(Locale.ROOT));
        if (command == null) {
            throw new RuleException(RuleException.UNKNOWN_COMMAND);
        }
        return command;
    }

    /** All of them, subcommands as well. */
    Collection<RuleCommand> commands() {
        return Collections.unmodifiableCollection(byName.values());
    }

    List<RuleCommand> topLevel() {
        return Collections.unmodifiableList(topLevel);
    }
}
