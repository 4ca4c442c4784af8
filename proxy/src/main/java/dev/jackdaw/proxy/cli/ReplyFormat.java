package dev.jackdaw.proxy.cli;

import dev.jackdaw.protocol.resp.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Shared and stateless: replies as text: with types and numbering for people, as they are for programs. */
final class ReplyFormat {
    private ReplyFormat() {}

    /** For people, as redis-cli has it; without the last line end. */
    static String pretty(Reply reply) {
        return pretty(reply, "");
    }

    private static String pretty(Reply reply, String indent) {
        return switch (reply) {
            case Reply.Simple simple -> simple.text();
            case Reply.Error error -> "(error) " + error.text();
            case Reply.Int integer -> "(integer) " + integer.value();
            case Reply.Bulk bulk -> quoted(bulk.bytes());
            case Reply.Null none -> "(nil)";
            case Reply.Decimal decimal -> "(double) " + decimal.text();
            case Reply.Bool bool -> bool.value() ? "(true)" : "(false)";
            case Reply.BigInt big -> "(big number) " + big.text();
            case Reply.Verbatim verbatim -> utf8(verbatim.text());
            case Reply.Array array -> list(array.elements(), ")", "(empty array)", indent);
            case Reply.Set set -> list(set.elements(), "~", "(empty set)", indent);
            case Reply.Push push -> list(push.elements(), ">", "(empty push)", indent);
            case Reply.Map map -> map(map.pairs(), "#", indent);
            case Reply.Attributed attributed ->
                map(attributed.attributes(), "|", indent) + "\n" + indent + pretty(attributed.reply(), indent);
        };
    }

    private static String list(List<Reply> elements, String mark, String ifEmpty, String indent) {
        if (elements.isEmpty()) {
            return ifEmpty;
        }
        int width = Integer.toString(elements.size()).length();
        String deeper = indent + " ".repeat(width + 2);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < elements.size(); i++) {
            lines.add(number(i + 1, width) + mark + " " + pretty(elements.get(i), deeper));
        }
        return String.join("\n" + indent, lines);
    }

    private static String map(List<Reply.Pair> pairs, String mark, String indent) {
        if (pairs.isEmpty()) {
            return "(empty hash)";
        }
        int width = Integer.toString(pairs.size()).length();
        String deeper = indent + " ".repeat(width + 2);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < pairs.size(); i++) {
            Reply.Pair pair = pairs.get(i);
            lines.add(number(i + 1, width) + mark + " " + pretty(pair.key(), deeper) + " => "
                    + pretty(pair.value(), deeper));
        }
        return String.join("\n" + indent, lines);
    }

    private static String number(int number, int width) {
        String digits = Integer.toString(number);
        return " ".repeat(width - digits.length()) + digits;
    }

    /** Everything that is not printable ASCII is escaped. */
    private static String quoted(byte[] bytes) {
        StringBuilder text = new StringBuilder("\"");
        for (byte each : bytes) {
            switch (each) {
                case '\\' -> text.append("\\\\");
                case '"' -> text.append("\\\"");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                case 7 -> text.append("\\a");
                case '\b' -> text.append("\\b");
                default -> {
                    if (each >= ' ' && each <= '~') {
                        text.append((char) each);
                    } else {
                        text.append(String.format("\\x%02x", each & 0xff));
                    }
                }
            }
        }
        return text.append('"').toString();
    }

    /** For programs: one line for each value, one character a byte. */
    static String raw(Reply reply) {
        return switch (reply) {
            case Reply.Simple simple -> simple.text();
            case Reply.Error error -> error.text() + "\n";
            case Reply.Int integer -> Long.toString(integer.value());
            case Reply.Bulk bulk -> bulk.text();
            case Reply.Null none -> "";
            case Reply.Decimal decimal -> decimal.text();
            case Reply.Bool bool -> bool.value() ? "(true)" : "(false)";
            case Reply.BigInt big -> big.text();
            case Reply.Verbatim verbatim -> verbatim.text();
            case Reply.Array array -> lines(array.elements());
            case Reply.Set set -> lines(set.elements());
            case Reply.Push push -> lines(push.elements());
            case Reply.Map map -> pairs(map.pairs());
            case Reply.Attributed attributed -> pairs(attributed.attributes()) + "\n" + raw(attributed.reply());
        };
    }

    private static String lines(List<Reply> elements) {
        return elements.stream().map(ReplyFormat::raw).collect(Collectors.joining("\n"));
    }

    private static String pairs(List<Reply.Pair> pairs) {
        return pairs.stream()
                .map(pair -> raw(pair.key()) + " " + raw(pair.value()))
                .collect(Collectors.joining("\n"));
    }

    private static String utf8(String latin1) {
        return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
