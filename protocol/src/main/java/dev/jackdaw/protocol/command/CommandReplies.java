package dev.jackdaw.protocol.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Glob;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.protocol.resp.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/** Immutable: answers COMMAND and its subcommands from a command table. Rarely asked, so it allocates. */
public final class CommandReplies {
    private final CommandTable table;

    public CommandReplies(CommandTable table) {
        this.table = table;
    }

    /** COMMAND: every command, its subcommands within it. */
    public void all(ReplyWriter out) {
        array(table.topLevel(), out);
    }

    /** COMMAND COUNT. */
    public void count(ReplyWriter out) {
        out.integer(table.topLevel().size());
    }

    /** COMMAND LIST: the names of all commands and subcommands, or of those that pass a filter. */
    public void list(Request request, ReplyWriter out) {
        Collection<Command> listed = table.commands();
        if (request.count() > 2) {
            if (request.count() != 5 || !request.is(2, "FILTERBY")) {
                throw Refusal.SYNTAX;
            }
            listed = table.commands().stream().filter(filter(request)).toList();
        }
        out.array(listed.size());
        for (Command command : listed) {
            out.bulkText(command.spec().name());
        }
    }

    /** COMMAND INFO: the commands named, null for those that do not exist; without names all of them. */
    public void info(Request request, ReplyWriter out) {
        if (request.count() == 2) {
            all(out);
            return;
        }
        out.array(request.count() - 2);
        for (int i = 2; i < request.count(); i++) {
            Command command = named(request, i);
            if (command == null) {
                out.nullBulk();
            } else {
                entry(command, out);
            }
        }
    }

    /** COMMAND DOCS: the commands named, leaving out those that do not exist; without names all of them. */
    public void docs(Request request, ReplyWriter out) {
        List<Command> commands = table.topLevel();
        if (request.count() > 2) {
            commands = new ArrayList<>();
            for (int i = 2; i < request.count(); i++) {
                Command command = named(request, i);
                if (command != null) {
                    commands.add(command);
                }
            }
        }
        new CommandDocs(table, out).write(commands);
    }

    /** COMMAND GETKEYS. */
    public void keys(Request request, ReplyWriter out) {
        try (Request command = inner(request)) {
            KeyPositions keys = positions(command);
            out.array(keys.count());
            for (int i = 0; i < keys.count(); i++) {
                int argument = keys.argument(i);
                out.bulk(command.address(argument), command.length(argument));
            }
        }
    }

    /** COMMAND GETKEYSANDFLAGS. */
    public void keysAndFlags(Request request, ReplyWriter out) {
        try (Request command = inner(request)) {
            KeyPositions keys = positions(command);
            out.array(keys.count());
            for (int i = 0; i < keys.count(); i++) {
                int argument = keys.argument(i);
                out.array(2);
                out.bulk(command.address(argument), command.length(argument));
                flags(keys.flags(i), out);
            }
        }
    }

    /** The HELP of a container, from the rows of its subcommands. */
    public void help(Command container, ReplyWriter out) {
        new CommandDocs(table, out).help(container);
    }

    private Command named(Request request, int i) {
        return table.named(request.text(i).toLowerCase(Locale.ROOT));
    }

    private static Predicate<Command> filter(Request request) {
        if (request.is(3, "MODULE")) {
            return command -> false;
        }
        if (request.is(3, "ACLCAT")) {
            String category = request.text(4).toLowerCase(Locale.ROOT);
            return command -> command.spec().categories().stream()
                    .anyMatch(each -> each.wireName().equals(category));
        }
        if (request.is(3, "PATTERN")) {
            Request name = new Request();
            Glob pattern = new Glob().at(request.address(4), request.length(4), true);
            return command -> {
                name.set(command.spec().name().getBytes(StandardCharsets.ISO_8859_1));
                return pattern.matches(name.address(0), name.length(0));
            };
        }
        throw Refusal.SYNTAX;
    }

    /** The command that COMMAND GETKEYS is asked about. */
    private static Request inner(Request request) {
        Request inner = new Request();
        inner.tail(request, 2);
        return inner;
    }

    private KeyPositions positions(Request request) {
        Command command = table.find(request);
        if (command == null || command.spec().isContainer() && request.count() > 1) {
            throw new Refusal(CommandError.INVALID_COMMAND);
        }
        CommandSpec spec = command.spec();
        if (spec.keys().isEmpty()) {
            throw new Refusal(CommandError.NO_KEY_ARGUMENTS);
        }
        if (!spec.accepts(request.count())) {
            throw new Refusal(CommandError.INVALID_NUMBER_OF_ARGUMENTS);
        }
        KeyPositions positions = new KeyPositions();
        if (!spec.keys().find(request, positions) && !spec.has(Flag.NO_MANDATORY_KEYS)) {
            throw new Refusal(CommandError.INVALID_ARGUMENTS);
        }
        return positions;
    }

    private void array(List<Command> commands, ReplyWriter out) {
        out.array(commands.size());
        for (Command command : commands) {
            entry(command, out);
        }
    }

    private void entry(Command command, ReplyWriter out) {
        CommandSpec spec = command.spec();
        out.array(10);
        out.bulkText(spec.name());
        out.integer(spec.arity());
        out.set(spec.shownFlags().size());
        spec.shownFlags().forEach(flag -> out.simple(flag.wireName()));
        out.integer(spec.keys().first());
        out.integer(spec.keys().last());
        out.integer(spec.keys().step());
        out.set(spec.categories().size());
        spec.categories().forEach(category -> out.simple("@" + category.wireName()));
        out.set(spec.tips().size());
        spec.tips().forEach(tip -> out.bulkText(tip.wireName()));
        out.set(spec.keys().specs().size());
        spec.keys().specs().forEach(keySpec -> keySpec(keySpec, out));
        List<Command> subcommands = table.subcommands(command);
        if (subcommands.isEmpty()) {
            out.set(0);
        } else {
            array(subcommands, out);
        }
    }

    private static void flags(Set<KeyFlag> flags, ReplyWriter out) {
        out.set(flags.size());
        flags.forEach(flag -> out.simple(flag.wireName()));
    }

    private static void keySpec(KeySpec spec, ReplyWriter out) {
        out.map(spec.notes().isEmpty() ? 3 : 4);
        if (!spec.notes().isEmpty()) {
            out.bulkText("notes");
            out.bulkText(spec.notes());
        }
        out.bulkText("flags");
        flags(spec.flags(), out);
        out.bulkText("begin_search");
        begin(spec.begin(), out);
        out.bulkText("find_keys");
        find(spec.find(), out);
    }

    private static void begin(KeySpec.Begin begin, ReplyWriter out) {
        switch (begin) {
            case KeySpec.Index at -> {
                typed("index", 1, out);
                number("index", at.index(), out);
            }
            case KeySpec.Keyword after -> {
                typed("keyword", 2, out);
                out.bulkText("keyword");
                out.bulkText(after.keyword());
                number("startfrom", after.startFrom(), out);
            }
            case KeySpec.Unknown unknown -> typed("unknown", 0, out);
        }
    }

    private static void find(KeySpec.Find find, ReplyWriter out) {
        switch (find) {
            case KeySpec.Range range -> {
                typed("range", 3, out);
                number("lastkey", range.lastKey(), out);
                number("keystep", range.step(), out);
                number("limit", range.limit(), out);
            }
            case KeySpec.KeyCount count -> {
                typed("keynum", 3, out);
                number("keynumidx", count.countIndex(), out);
                number("firstkey", count.firstKey(), out);
                number("keystep", count.step(), out);
            }
            case KeySpec.Unknown unknown -> typed("unknown", 0, out);
        }
    }

    private static void typed(String type, int facts, ReplyWriter out) {
        out.map(2);
        out.bulkText("type");
        out.bulkText(type);
        out.bulkText("spec");
        out.map(facts);
    }

    private static void number(String name, int value, ReplyWriter out) {
        out.bulkText(name);
        out.integer(value);
    }
}
