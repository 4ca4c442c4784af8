package dev.jackdaw.protocol.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Immutable: the arguments of a command, parsed from the syntax text of its row; from it follow the arity, the arguments of
 * COMMAND DOCS and the hints of the command line.
 *
 * <pre>
 * key value             arguments
 * COUNT count           a keyword and its argument
 * [ ... ]               may be left out
 * a | b                 one of them, also within &lt; &gt;
 * ( ... )               a block of their own for COMMAND DOCS; not shown
 * key [key ...]         once or more often
 * [key [key ...]]       any number of times
 * value:integer         of a type that the name alone does not tell; not shown
 * </pre>
 */
public final class Syntax {
    private static final Pattern LEXEME = Pattern.compile("\\.\\.\\.|[\\[\\]<>()|]|[^\\s\\[\\]<>()|]+");

    private static final Pattern PARENTHESES = Pattern.compile("[()]");

    private static final Pattern TYPE = Pattern.compile(":(integer|double|string)(?![^\\s\\]>)])");

    /** One argument, or several that belong together ({@code ONEOF}, {@code BLOCK}); the token may stand before each time. */
    public record Argument(
            Kind kind,
            String name,
            String token,
            boolean optional,
            boolean multiple,
            boolean multipleToken,
            List<Argument> parts) {
        private Argument asOptional() {
            return new Argument(kind, name, token, true, multiple, multipleToken, parts);
        }

        private Argument asMultiple() {
            return new Argument(kind, name, token, optional, true, !token.isEmpty(), parts);
        }

        private Argument withToken(String keyword) {
            return new Argument(kind, name, keyword, optional, multiple, multipleToken, parts);
        }

        private int fewest() {
            if (optional) {
                return 0;
            }
            int own = token.isEmpty() || kind == Kind.PURE_TOKEN ? 0 : 1;
            return switch (kind) {
                case ONEOF ->
                    own + parts.stream().mapToInt(Argument::fewest).min().orElse(0);
                case BLOCK -> own + parts.stream().mapToInt(Argument::fewest).sum();
                default -> own + 1;
            };
        }

        private boolean isFixed() {
            boolean same = kind != Kind.ONEOF
                    || parts.stream().mapToInt(Argument::fewest).distinct().count() == 1;
            return same && !optional && !multiple && parts.stream().allMatch(Argument::isFixed);
        }
    }

    /** The types of COMMAND DOCS. */
    public enum Kind {
        STRING,
        INTEGER,
        DOUBLE,
        KEY,
        PATTERN,
        UNIX_TIME,
        PURE_TOKEN,
        ONEOF,
        BLOCK;

        private final String wireName = name().toLowerCase(Locale.ROOT).replace('_', '-');

        public String wireName() {
            return wireName;
        }

        private static Kind ofArgument(String name) {
            return switch (name) {
                case "key", "key1", "key2", "source", "destination", "newkey", "src", "dst" -> KEY;
                case "pattern" -> PATTERN;
                case "unix-time-seconds", "unix-time-milliseconds" -> UNIX_TIME;
                case "score", "min", "max", "longitude", "latitude", "radius", "width", "height", "timeout" -> DOUBLE;
                case "bit",
                        "bits",
                        "client-id",
                        "count",
                        "cursor",
                        "db",
                        "decrement",
                        "end",
                        "entries-added",
                        "entries-read",
                        "frequency",
                        "increment",
                        "index",
                        "index1",
                        "index2",
                        "len",
                        "length",
                        "limit",
                        "milliseconds",
                        "num-matches",
                        "numids",
                        "numkeys",
                        "numreplicas",
                        "offset",
                        "protover",
                        "rank",
                        "seconds",
                        "start",
                        "stop",
                        "ttl",
                        "version",
                        "weight" -> INTEGER;
                default -> STRING;
            };
        }
    }

    private final String text;
    private final List<Argument> arguments;

    private Syntax(String text, List<Argument> arguments) {
        this.text = text;
        this.arguments = arguments;
    }

    static Syntax parse(String text) {
        Parser parser = new Parser(text);
        List<Argument> arguments = List.copyOf(parser.sequence());
        if (!parser.atEnd()) {
            throw new IllegalArgumentException("unbalanced syntax: " + text);
        }
        String shown = TYPE.matcher(text).replaceAll("");
        return new Syntax(PARENTHESES.matcher(shown).replaceAll(""), arguments);
    }

    /** The text as people read it. */
    public String text() {
        return text;
    }

    public List<Argument> arguments() {
        return arguments;
    }

    /** The number of words that the arguments take; negative for "at least", as Redis counts. */
    int arity(int namesWords) {
        int fewest = namesWords + arguments.stream().mapToInt(Argument::fewest).sum();
        return arguments.stream().allMatch(Argument::isFixed) ? fewest : -fewest;
    }

    /** Owned: reads one text from left to right. */
    private static final class Parser {
        private final List<String> lexemes = new ArrayList<>();
        private int at;

        Parser(String text) {
            Matcher matcher = LEXEME.matcher(text);
            while (matcher.find()) {
                lexemes.add(matcher.group());
            }
        }

        boolean atEnd() {
            return at == lexemes.size();
        }

        private String peek() {
            return atEnd() ? "" : lexemes.get(at);
        }

        private boolean skip(String wanted) {
            boolean found = peek().equals(wanted);
            at += found ? 1 : 0;
            return found;
        }

        List<Argument> sequence() {
            List<Argument> items = new ArrayList<>();
            while (!atEnd() && !List.of("]", ">", ")", "|", "...").contains(peek())) {
                if (skip("[")) {
                    optional(items);
                } else if (skip("<")) {
                    items.add(oneOf(alternatives()));
                    expect(">");
                } else if (skip("(")) {
                    items.add(block(sequence()));
                    expect(")");
                } else {
                    items.add(word(lexemes.get(at++)));
                }
            }
            return items;
        }

        private void optional(List<Argument> before) {
            List<List<Argument>> alternatives = alternatives();
            boolean repeated = skip("...");
            expect("]");
            List<Argument> last = alternatives.getLast();
            int from = before.size() - last.size();
            if (repeated && from >= 0 && before.subList(from, before.size()).equals(last)) {
                before.subList(from, before.size()).clear();
                before.add(together(last).asMultiple());
                return;
            }
            Argument argument = oneOf(alternatives).asOptional();
            before.add(repeated ? argument.asMultiple() : argument);
        }

        private List<List<Argument>> alternatives() {
            List<List<Argument>> alternatives = new ArrayList<>();
            do {
                alternatives.add(sequence());
            } while (skip("|"));
            return alternatives;
        }

        private void expect(String wanted) {
            if (!skip(wanted)) {
                throw new IllegalArgumentException("expected " + wanted + " in " + lexemes);
            }
        }

        private static Argument word(String word) {
            boolean keyword = word.equals(word.toUpperCase(Locale.ROOT));
            Matcher type = TYPE.matcher(word);
            String name = type.replaceAll("").toLowerCase(Locale.ROOT);
            Kind kind = keyword
                    ? Kind.PURE_TOKEN
                    : type.reset().find()
                            ? Kind.valueOf(type.group(1).toUpperCase(Locale.ROOT))
                            : Kind.ofArgument(name);
            return new Argument(kind, name, keyword ? word : "", false, false, false, List.of());
        }

        private static Argument block(List<Argument> items) {
            Argument together = together(items);
            return items.size() == 1 ? group(Kind.BLOCK, items) : together;
        }

        private static Argument oneOf(List<List<Argument>> alternatives) {
            List<Argument> parts = alternatives.stream().map(Parser::together).toList();
            return parts.size() == 1 ? parts.getFirst() : group(Kind.ONEOF, parts);
        }

        /** A keyword followed by arguments becomes their token; several arguments become a block. */
        private static Argument together(List<Argument> items) {
            boolean keywordFirst = items.size() > 1 && items.getFirst().kind() == Kind.PURE_TOKEN;
            if (keywordFirst) {
                String keyword = items.getFirst().token();
                Argument rest = together(items.subList(1, items.size()));
                return rest.token().isEmpty() && !rest.optional()
                        ? rest.withToken(keyword)
                        : group(Kind.BLOCK, List.of(rest)).withToken(keyword);
            }
            return items.size() == 1 ? items.getFirst() : group(Kind.BLOCK, List.copyOf(items));
        }

        private static Argument group(Kind kind, List<Argument> parts) {
            String name = String.join("_", parts.stream().map(Argument::name).toList());
            return new Argument(kind, name, "", false, false, false, parts);
        }
    }
}
