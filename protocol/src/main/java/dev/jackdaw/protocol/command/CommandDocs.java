package dev.jackdaw.protocol.command;

import dev.jackdaw.protocol.command.Syntax.Argument;
import dev.jackdaw.protocol.command.Syntax.Kind;
import dev.jackdaw.protocol.resp.ReplyWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Owned by one reply: explains commands, as COMMAND DOCS and the HELP subcommands do. */
final class CommandDocs {
    private final CommandTable table;
    private final ReplyWriter out;

    CommandDocs(CommandTable table, ReplyWriter out) {
        this.table = table;
        this.out = out;
    }

    /** A map from names to what is known of them. */
    void write(List<Command> commands) {
        out.map(commands.size());
        for (Command command : commands) {
            out.bulkText(command.spec().name());
            command(command);
        }
    }

    /** A heading, and two lines for each subcommand. */
    void help(Command container) {
        List<String> lines = new ArrayList<>();
        lines.add(container.name() + " <subcommand> [<arg> [value] [opt] ...]. Subcommands are:");
        for (Command command : table.subcommands(container)) {
            CommandSpec spec = command.spec();
            lines.add((spec.lastName().toUpperCase(Locale.ROOT) + " "
                            + spec.syntax().text())
                    .strip());
            lines.add("    " + spec.summary());
        }
        out.array(lines.size());
        lines.forEach(out::simple);
    }

    private void command(Command command) {
        CommandSpec spec = command.spec();
        List<Command> subcommands = table.subcommands(command);
        List<Argument> arguments = spec.syntax().arguments();
        out.map(4 + (spec.isDeprecated() ? 3 : 0) + (arguments.isEmpty() ? 0 : 1) + (subcommands.isEmpty() ? 0 : 1));
        text("summary", spec.summary());
        text("since", spec.since());
        text("group", spec.group());
        text("complexity", spec.complexity());
        if (spec.isDeprecated()) {
            out.bulkText("doc_flags");
            out.set(1);
            out.simple("deprecated");
            text("deprecated_since", spec.deprecatedSince());
            text("replaced_by", spec.replacedBy());
        }
        if (!arguments.isEmpty()) {
            out.bulkText("arguments");
            arguments(arguments, spec.keys().specs().size(), 0);
        }
        if (!subcommands.isEmpty()) {
            out.bulkText("subcommands");
            write(subcommands);
        }
    }

    /** Key arguments take one key spec after the other, the last for all that remain. Returns how many are taken. */
    private int arguments(List<Argument> arguments, int keySpecs, int taken) {
        out.array(arguments.size());
        int keys = taken;
        for (Argument argument : arguments) {
            boolean isKey = argument.kind() == Kind.KEY && keySpecs > 0;
            boolean isGroup = !argument.parts().isEmpty();
            boolean hasFlags = argument.optional() || argument.multiple();
            boolean hasToken = !argument.token().isEmpty();
            out.map(2 + (isKey ? 1 : 0) + (hasToken ? 1 : 0) + (hasFlags ? 1 : 0) + (isGroup ? 1 : 0));
            text("name", argument.name());
            text("type", argument.kind().wireName());
            if (isKey) {
                out.bulkText("key_spec_index");
                out.integer(Math.min(keys++, keySpecs - 1));
            }
            if (hasToken) {
                text("token", argument.token());
            }
            if (hasFlags) {
                flags(argument);
            }
            if (isGroup) {
                out.bulkText("arguments");
                keys = arguments(argument.parts(), keySpecs, keys);
            }
        }
        return keys;
    }

    private void flags(Argument argument) {
        out.bulkText("flags");
        out.set((argument.optional() ? 1 : 0) + (argument.multiple() ? 1 : 0) + (argument.multipleToken() ? 1 : 0));
        if (argument.optional()) {
            out.simple("optional");
        }
        if (argument.multiple()) {
            out.simple("multiple");
        }
        if (argument.multipleToken()) {
            out.simple("multiple_token");
        }
    }

    private void text(String name, String value) {
        out.bulkText(name);
        out.bulkText(value);
    }
}
