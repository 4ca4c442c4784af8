package dev.jackdaw.server.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Immutable: one case of the table {@code bad-input.txt}, whose first lines say how it is written.
 *
 * @param settings of the node that the case is about, as on the command line
 * @param title the first line of the case
 * @param input what the client sends, one character a byte
 * @param reply what comes back; pieces between which any bytes may stand
 * @param closed whether the node then closes the connection
 * @param ours whether redis-server 7.0 answers otherwise
 * @param onNode whether the case is about a node only
 * @param proxyReply what comes back through a proxy
 */
public record BadInput(
        List<String> settings,
        String title,
        String input,
        List<String> reply,
        boolean closed,
        boolean ours,
        boolean onNode,
        List<String> proxyReply) {
    private static final Pattern WORD =
            Pattern.compile("(?:\"((?:[^\"\\\\]|\\\\.)*)\"|(\\S+?))(?:\\*(\\d+))?(?=\\s|$)");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:x([0-9a-f]{2})|(.))");
    private static final String REPLY = "    ";

    /** All cases, in their order. */
    public static List<BadInput> table() {
        List<BadInput> cases = new ArrayList<>();
        List<String> settings = List.of();
        List<String> block = new ArrayList<>();
        for (String line : lines()) {
            if (line.startsWith("node")) {
                settings = words(line.substring("node".length()));
            } else if (!line.startsWith("#") && !line.isEmpty()) {
                block.add(line);
            } else if (!block.isEmpty()) {
                cases.add(read(settings, block));
                block.clear();
            }
        }
        return cases;
    }

    private static List<String> lines() {
        try (InputStream table = BadInput.class.getResourceAsStream("/bad-input.txt")) {
            return new String(table.readAllBytes(), StandardCharsets.US_ASCII)
                    .concat("\n\n")
                    .lines()
                    .toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static BadInput read(List<String> settings, List<String> block) {
        StringBuilder input = new StringBuilder();
        Answer answer = new Answer();
        boolean closed = false;
        boolean ours = false;
        boolean onNode = false;
        for (String line : block) {
            if (!line.startsWith(REPLY)) {
                ours |= line.startsWith("! ");
                onNode |= line.startsWith("~ ");
                answer.beginCommand();
                input.append(bytes(words(line.matches("[!~] .*") ? line.substring(2) : line)));
            } else if (line.strip().equals("closed")) {
                closed = true;
            } else {
                answer.add(line.substring(REPLY.length()));
            }
        }
        return new BadInput(
                settings,
                block.getFirst(),
                input.toString(),
                pieces(answer.lines),
                closed,
                ours,
                onNode,
                pieces(answer.linesOfProxy));
    }

    /** Owned by the reader of a case: the lines of replies so far. */
    private static final class Answer {
        private final List<String> lines = new ArrayList<>();
        private final List<String> linesOfProxy = new ArrayList<>();
        private int linesBefore;
        private boolean differs;

        void beginCommand() {
            linesBefore = linesOfProxy.size();
            differs = false;
        }

        void add(String line) {
            if (!line.startsWith("~")) {
                lines.add(line);
                linesOfProxy.add(line);
                return;
            }
            if (!differs) {
                linesOfProxy.subList(linesBefore, linesOfProxy.size()).clear();
                differs = true;
            }
            linesOfProxy.add(line.substring(1));
        }
    }

    /** The bytes between what may be anything. */
    private static List<String> pieces(List<String> lines) {
        List<String> pieces = new ArrayList<>();
        StringBuilder piece = new StringBuilder();
        for (String line : lines) {
            if (line.equals("...")) {
                pieces.add(piece.toString());
                piece.setLength(0);
            } else {
                piece.append(line).append("\r\n");
            }
        }
        pieces.add(piece.toString());
        return pieces;
    }

    /** The same through a proxy. */
    public BadInput throughProxy() {
        return new BadInput(settings, title, input, proxyReply, closed, ours, onNode, proxyReply);
    }

    private static String bytes(List<String> words) {
        if (words.getFirst().equals("raw")) {
            return words.get(1);
        }
        StringBuilder bytes = new StringBuilder("*" + words.size() + "\r\n");
        for (String word : words) {
            bytes.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
        return bytes.toString();
    }

    private static List<String> words(String line) {
        return WORD.matcher(line)
                .results()
                .map(word -> {
                    String text = word.group(1) == null ? word.group(2) : unescape(word.group(1));
                    return word.group(3) == null ? text : text.repeat(Integer.parseInt(word.group(3)));
                })
                .toList();
    }

    private static String unescape(String quoted) {
        return ESCAPE.matcher(quoted).replaceAll(escape -> {
            String character = escape.group(1) != null
                    ? Character.toString(Integer.parseInt(escape.group(1), 16))
                    : escape.group(2).replace('r', '\r').replace('n', '\n');
            return Matcher.quoteReplacement(character);
        });
    }

    /** Whether the node may have sent this, between these replies to good commands. */
    boolean accepts(String before, String found, String after) {
        StringBuilder pattern = new StringBuilder(Pattern.quote(before + reply.getFirst()));
        for (String piece : reply.subList(1, reply.size())) {
            pattern.append(".+").append(Pattern.quote(piece));
        }
        return Pattern.compile(pattern + Pattern.quote(closed ? "" : after), Pattern.DOTALL)
                .matcher(found)
                .matches();
    }

    @Override
    public String toString() {
        return String.join(" ", settings) + " " + title + ": " + String.join("...", reply);
    }
}
