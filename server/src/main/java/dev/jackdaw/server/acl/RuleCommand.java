package dev.jackdaw.server.acl;

import dev.jackdaw.protocol.command.Category;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Immutable once all are known: a command as rules see it: its name, its categories, its bit, its subcommands. */
final class RuleCommand {
    private final String name;
    private final int index;
    private final Set<Category> categories;
    private final boolean newer;
    private final List<RuleCommand> subcommands = new ArrayList<>();

    RuleCommand(String name, int index, Set<Category> categories, boolean newer) {
        this.name = name;
        this.index = index;
        this.categories = categories;
        this.newer = newer;
    }

    void add(RuleCommand subcommand) {
        subcommands.add(subcommand);
    }

    /** {@code get}, {@code config|get}. */
    String name() {
        return name;
    }

    int index() {
        return index;
    }

    boolean isIn(Category category) {
        return categories.contains(category);
    }

    /** Whether Redis 7.0 does not have it. */
    boolean isNewer() {
        return newer;
    }

    boolean isSubcommand() {
        return name.indexOf('|') >= 0;
    }

    List<RuleCommand> subcommands() {
        return subcommands;
    }
}
