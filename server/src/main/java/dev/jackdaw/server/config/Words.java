package dev.jackdaw.server.config;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Shared and stateless: splits a line of redis.conf into words, where quotes keep blanks together and escapes are undone. */
public final class Words {
    /** Letters that have names in quoted words. */
    private static final String CONTROLS = "\n\r\t\b\u0007";

    private static final String NAMES_OF_CONTROLS = "nrtba";

    private final String line;
    private int at;

    private Words(String line) {
        this.line = line;
    }

    /** The words of a line; a {@link ConfigException} where a quote is not closed or a closing quote does not end a word. */
    public static List<String> split(String line) {
        Words words = new Words(line);
        List<String> found = new ArrayList<>();
        for (String word = words.next(); word != null; word = words.next()) {
            found.add(word);
        }
        return found;
    }

    /** The word between quotes, such that {@link #split} makes it of it again. */
    public static String quoted(String word) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < word.length(); i++) {
            char letter = word.charAt(i);
            int control = CONTROLS.indexOf(letter);
            if (letter == '"' || letter == '\\') {
                quoted.append('\\').append(letter);
            } else if (control >= 0) {
                quoted.append('\\').append(NAMES_OF_CONTROLS.charAt(control));
            } else if (letter >= ' ' && letter <= '~') {
                quoted.append(letter);
            } else {
                quoted.append("\\x").append(HexFormat.of().toHexDigits((byte) letter));
            }
        }
        return quoted.append('"').toString();
    }

    private String next() {
        while (at < line.length() && isBlank(line.charAt(at))) {
            at++;
        }
        if (at == line.length()) {
            return null;
        }
        StringBuilder word = new StringBuilder();
        while (at < line.length() && !isBlank(line.charAt(at))) {
            char letter = line.charAt(at++);
            if (letter == '"' || letter == '\'') {
                quoted(letter, word);
            } else {
                word.append(letter);
            }
        }
        return word.toString();
    }

    private void quoted(char quote, StringBuilder word) {
        for (; at < line.length(); at++) {
            char letter = line.charAt(at);
            if (letter == quote) {
                at++;
                if (at < line.length() && !isBlank(line.charAt(at))) {
                    throw unbalanced();
                }
                return;
            }
            boolean escapes = letter == '\\' && at + 1 < line.length();
            if (escapes && quote == '"') {
                word.append(escaped());
            } else if (escapes && line.charAt(at + 1) == '\'') {
                word.append(line.charAt(++at));
            } else {
                word.append(letter);
            }
        }
        throw unbalanced();
    }

    /** What the backslash here and the letters after it stand for; leaves off at the last of them. */
    private char escaped() {
        char letter = line.charAt(++at);
        if (letter == 'x' && at + 2 < line.length()) {
            int high = Character.digit(line.charAt(at + 1), 16);
            int low = Character.digit(line.charAt(at + 2), 16);
            if (high >= 0 && low >= 0) {
                at += 2;
                return (char) (high << 4 | low);
            }
        }
        int control = NAMES_OF_CONTROLS.indexOf(letter);
        return control < 0 ? letter : CONTROLS.charAt(control);
    }

    private static boolean isBlank(char letter) {
        return letter <= ' ';
    }

    private static ConfigException unbalanced() {
        return new ConfigException("unbalanced quotes");
    }
}
