package dev.jackdaw.server.acl;

import dev.jackdaw.protocol.command.Category;
import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.CommandTable;
import dev.jackdaw.protocol.command.Flag;
import dev.jackdaw.protocol.resp.Request;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Owned by a selector: the commands that it allows, one bit each, and for some of the others the first arguments with which
 * they are allowed all the same. How it came to be is forgotten; {@link #toString} finds the shortest rules for what it is.
 */
final class CommandSet {
    private static final CommandTable TABLE = CommandTable.all();
    private static final RuleCommands COMMANDS = RuleCommands.all();

    private final BitSet allowed;
    /** In upper case and as the rule has them, by the command's bit. */
    private final Map<Integer, Map<String, String>> firstArguments = new HashMap<>();
    /** Whether commands that do not exist yet will be allowed: the rules began with all commands. */
    private boolean open;
    /** Whether nothing was taken away since. */
    private boolean complete;

    CommandSet() {
        this.allowed = new BitSet(COMMANDS.size());
    }

    CommandSet(CommandSet other) {
        allowed = (BitSet) other.allowed.clone();
        other.firstArguments.forEach((index, words) -> firstArguments.put(index, new LinkedHashMap<>(words)));
        open = other.open;
        complete = other.complete;
    }

    /** Whether it allows every command, for sure. */
    boolean isComplete() {
        return complete;
    }

    boolean allows(Command command, Request request) {
        int index = TABLE.indexOf(command);
        if (complete || allowed.get(index) || command.spec().has(Flag.NO_AUTH)) {
            return true;
        }
        Map<String, String> words = firstArguments.isEmpty() ? null : firstArguments.get(index);
        return words != null
                && request.count() > 1
                && words.containsKey(request.text(1).toUpperCase(Locale.ROOT));
    }

    // --- Rules ---

    /** {@code +@all} and {@code -@all}. */
    void setAll(boolean allow) {
        allowed.set(0, COMMANDS.size(), allow);
        firstArguments.clear();
        open = allow;
        complete = allow;
    }

    /** Adds or takes away a category. */
    void set(Category category, boolean allow) {
        for (RuleCommand command : COMMANDS.topLevel()) {
            if (command.isIn(category)) {
                set(command, allow);
            }
            for (RuleCommand subcommand : command.subcommands()) {
                if (subcommand.isIn(category)) {
                    set(subcommand, allow);
                }
            }
        }
    }

    /** {@code -command} and {@code -command|subcommand}. */
    void remove(String name) {
        set(COMMANDS.named(name), false);
    }

    /** {@code +command}, {@code +command|subcommand} and {@code +command|first-argument}. */
    void add(String name) {
        int bar = name.lastIndexOf('|');
        if (bar < 0) {
            set(COMMANDS.named(name), true);
            return;
        }
        RuleCommand command = COMMANDS.named(name.substring(0, bar));
        if (command.isSubcommand()) {
            throw new RuleException(RuleException.FIRST_ARGUMENT_OF_SUBCOMMAND);
        }
        if (bar + 1 == name.length()) {
            throw new RuleException(RuleException.SYNTAX);
        }
        if (command.subcommands().isEmpty()) {
            String word = name.substring(bar + 1);
            firstArguments
                    .computeIfAbsent(command.index(), unused -> new LinkedHashMap<>())
                    .putIfAbsent(word.toUpperCase(Locale.ROOT), word);
        } else {
            set(COMMANDS.named(name), true);
        }
    }

    private void set(RuleCommand command, boolean allow) {
        allowed.set(command.index(), allow);
        firstArguments.remove(command.index());
        for (RuleCommand subcommand : command.subcommands()) {
            allowed.set(subcommand.index(), allow);
        }
        complete &= allow;
    }

    // --- The rules that lead here ---

    /**
     * The rules: all commands or none; then the categories that bring that nearer to what is allowed, the nearest first; then
     * single commands.
     */
    @Override
    public String toString() {
        CommandSet reached = new CommandSet();
        reached.setAll(open);
        List<String> rules = new ArrayList<>(List.of(open ? "+@all" : "-@all"));
        CommandSet rest = new CommandSet(this);
        Set<Category> left = EnumSet.allOf(Category.class);
        for (Category best = rest.nearest(left, !open); best != null; best = rest.nearest(left, !open)) {
            left.remove(best);
            reached.set(best, !open);
            rest.set(best, open);
            rules.add((open ? "-@" : "+@") + best.wireName());
        }
        for (RuleCommand command : COMMANDS.topLevel()) {
            describe(command, reached, rules);
            command.subcommands().forEach(subcommand -> describe(subcommand, reached, rules));
        }
        return String.join(" ", rules);
    }

    /**
     * The category of which more commands are (or are not) in this set than otherwise, with the fewest exceptions. Newer
     * commands do not count, so that rules are summed up in the words of Redis 7.0.
     */
    private Category nearest(Set<Category> categories, boolean in) {
        Category best = null;
        int fewestOthers = Integer.MAX_VALUE;
        int mostSame = 0;
        for (Category category : categories) {
            int same = 0;
            int others = 0;
            for (RuleCommand command : COMMANDS.commands()) {
                if (command.isIn(category) && !command.isNewer()) {
                    if (allowed.get(command.index()) == in) {
                        same++;
                    } else {
                        others++;
                    }
                }
            }
            if (same > others && (others < fewestOthers || others == fewestOthers && same > mostSame)) {
                best = category;
                fewestOthers = others;
                mostSame = same;
            }
        }
        return best;
    }

    private void describe(RuleCommand command, CommandSet reached, List<String> rules) {
        boolean allow = allowed.get(command.index());
        if (allow != reached.allowed.get(command.index())) {
            rules.add((allow ? "+" : "-") + command.name());
            reached.set(command, allow);
        }
        if (!allow) {
            firstArguments
                    .getOrDefault(command.index(), Map.of())
                    .values()
                    .forEach(word -> rules.add("+" + command.name() + "|" + word));
        }
    }
}
