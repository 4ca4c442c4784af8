package dev.jackdaw.proxy.cli;

import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.CommandSpec;
import dev.jackdaw.protocol.command.CommandTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Immutable: what can be said about a line while it is typed: how words go on, and which arguments are missing. */
final class Hints {
    private static final Pattern WORD_OR_BRACKET = Pattern.compile("[\\[<]|[\\]>]|[^\\s\\[\\]<>]+");

    private final CommandTable table = CommandTable.all();

    /** How the last of the words may go on; words before it are complete. */
    List<String> completions(List<String> words) {
        String last = words.getLast().toUpperCase(Locale.ROOT);
        List<Command> among = List.of();
        if (words.size() == 1) {
            among = table.topLevel();
        } else {
            Command container = table.named(words.getFirst().toLowerCase(Locale.ROOT));
            if (words.size() == 2 && container != null) {
                among = table.subcommands(container);
            }
        }
        return among.stream()
                .map(command -> command.spec().lastName().toUpperCase(Locale.ROOT))
                .filter(name -> name.startsWith(last))
                .sorted()
                .toList();
    }

    /** The syntax of what is missing after these words, all of them complete; empty if nothing is known. */
    String missing(List<String> words) {
        if (words.isEmpty()) {
            return "";
        }
        CommandSpec spec = spec(words);
        if (spec == null) {
            return "";
        }
        int named = spec.isSubcommand() ? 2 : 1;
        List<String> parts = parts(spec.syntax().text());
        int typed = words.size() - named;
        int shown = 0;
        // Options come in any order, so they are all shown until the line ends.
        while (shown < typed && shown < parts.size() && !parts.get(shown).startsWith("[")) {
            shown++;
        }
        return String.join(" ", parts.subList(shown, parts.size()));
    }

    /** A few lines about a command, or null. */
    String help(List<String> words) {
        CommandSpec spec = spec(words);
        if (spec == null) {
            return null;
        }
        String name = spec.name().replace('|', ' ').toUpperCase(Locale.ROOT);
        return name + " " + spec.syntax().text() + "\n  " + spec.summary() + "\n  since " + spec.since() + ", group "
                + spec.group() + ", " + spec.complexity();
    }

    private CommandSpec spec(List<String> words) {
        String name = words.getFirst().toLowerCase(Locale.ROOT);
        Command command = null;
        if (words.size() > 1) {
            command = table.named(name + "|" + words.get(1).toLowerCase(Locale.ROOT));
        }
        if (command == null) {
            command = table.named(name);
        }
        return command == null ? null : command.spec();
    }

    /** The words of a syntax; what stands in brackets is one. */
    private static List<String> parts(String syntax) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int start = 0;
        Matcher matcher = WORD_OR_BRACKET.matcher(syntax);
        while (matcher.find()) {
            char first = syntax.charAt(matcher.start());
            if (depth == 0) {
                start = matcher.start();
            }
            if (first == '[' || first == '<') {
                depth++;
            } else if (first == ']' || first == '>') {
                depth--;
            }
            if (depth == 0) {
                parts.add(syntax.substring(start, matcher.end()));
            }
        }
        return parts;
    }
}
