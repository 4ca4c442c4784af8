package dev.jackdaw.protocol.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.resp.Request;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Immutable: every command, found by its name. */
public final class CommandTable {
    private static final CommandTable ALL = new CommandTable(Map.of());

    private final Map<String, Command> byName = new LinkedHashMap<>();
    private final Map<String, List<Command>> subcommands = new LinkedHashMap<>();
    private final List<Command> topLevel = new ArrayList<>();
    private final int[] firstOfFamily = new int[Family.values().length];
    private final NameTable names;

    private CommandTable(Map<String, String> renamed) {
        for (Family family : Family.values()) {
            firstOfFamily[family.ordinal()] = byName.size();
            for (Command command : family.commands()) {
                add(command);
            }
        }
        names = NameTable.of(topLevel, subcommands, renamed);
    }

    private void add(Command command) {
        String name = command.spec().name();
        if (byName.put(name, command) != null) {
            throw new IllegalStateException("two rows named " + name);
        }
        if (command.spec().isSubcommand()) {
            String container = name.substring(0, name.indexOf('|'));
            subcommands.computeIfAbsent(container, unused -> new ArrayList<>()).add(command);
        } else {
            topLevel.add(command);
        }
    }

    public static CommandTable all() {
        return ALL;
    }

    /**
     * The same commands, of which requests have to call some by another name, or cannot call them at all.
     *
     * @param names the other names by the commands' own, all in upper case; empty for none
     */
    public static CommandTable renamed(Map<String, String> names) {
        return names.isEmpty() ? ALL : new CommandTable(names);
    }

    /**
     * The command that {@code request} names, in any case, or null. Without allocation.
     *
     * <p>A container stands for itself when its subcommand is missing or unknown. What was found can run when its spec {@link
     * CommandSpec#accepts accepts} the number of words; otherwise {@link #refusal} says why not.
     */
    public Command find(Request request) {
        if (request.count() == 0) {
            return null;
        }
        NameTable.Entry entry = names.find(request, 0);
        if (entry == null) {
            return null;
        }
        if (entry.subcommands() != null && request.count() > 1) {
            NameTable.Entry below = entry.subcommands().find(request, 1);
            return below == null ? entry.command() : below.command();
        }
        return entry.command();
    }

    /** The error text for a request whose {@code found} command is null or does not accept its number of words. */
    public String refusal(Command found, Request request) {
        if (found == null) {
            return CommandError.unknownCommand(request.text(0), arguments(request));
        }
        if (found.spec().isContainer() && request.count() > 1) {
            return CommandError.unknownSubcommand(request.text(1), found.name());
        }
        return request.count() > found.spec().mostWords()
                ? CommandError.TOO_MANY_ARGUMENTS
                : CommandError.arity(found.spec().name());
    }

    /** The command of a full name in lower case, as {@code config|get}, or null. */
    public Command named(String name) {
        return byName.get(name);
    }

    /** Every row, subcommands as well. */
    public Collection<Command> commands() {
        return Collections.unmodifiableCollection(byName.values());
    }

    /** Every command that is not a subcommand. */
    public List<Command> topLevel() {
        return Collections.unmodifiableList(topLevel);
    }

    public List<Command> subcommands(Command container) {
        return Collections.unmodifiableList(
                subcommands.getOrDefault(container.spec().name(), List.of()));
    }

    /** The number of rows: one more than the largest {@link #indexOf}. */
    public int size() {
        return byName.size();
    }

    /** A dense number for each row, for counters kept in arrays. */
    public int indexOf(Command command) {
        return firstOfFamily[command.family().ordinal()] + command.ordinal();
    }

    private static List<String> arguments(Request request) {
        // Never more than the error text can show, however many there are.
        int shown = Math.min(request.count(), CommandError.SHOWN_BYTES);
        List<String> arguments = new ArrayList<>();
        for (int i = 1; i < shown; i++) {
            arguments.add(request.text(i));
        }
        return arguments;
    }
}
