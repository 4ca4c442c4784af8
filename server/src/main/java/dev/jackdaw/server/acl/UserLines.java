package dev.jackdaw.server.acl;

import dev.jackdaw.server.config.Directive;
import dev.jackdaw.server.config.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Owned by one CONFIG REWRITE: the lines of a file of settings that declare users, brought to what these are now. A line that
 * still says the truth stays as it is.
 */
public final class UserLines {
    private static final String KEYWORD = Directive.USER.wireName();

    private final Acl acl;

    public UserLines(Acl acl) {
        this.acl = acl;
    }

    public List<String> rewritten(List<String> lines) {
        if (acl.file() != null) {
            return lines;
        }
        // Who is declared elsewhere would be declared twice, which no node starts with.
        Set<String> declared = new HashSet<>(acl.declaredNames());
        List<String> result = new ArrayList<>();
        for (String line : lines) {
            List<String> words = declaration(line);
            User user = words.isEmpty() ? null : acl.user(words.getFirst());
            if (words.isEmpty()) {
                result.add(line);
            } else if (user != null) {
                result.add(acl.isMadeBy(words.subList(1, words.size()), user) ? line : line(user));
                declared.add(user.name());
            } else {
                acl.declaredNames().remove(words.getFirst());
            }
        }
        if (acl.hasPlainDefault()) {
            declared.add(Acl.DEFAULT);
        }
        acl.users().stream().filter(user -> !declared.contains(user.name())).forEach(user -> result.add(line(user)));
        return result;
    }

    /** The name and the rules in a line; nothing if it is about something else. */
    private static List<String> declaration(String line) {
        String stripped = line.strip();
        if (stripped.isEmpty() || stripped.startsWith("#")) {
            return List.of();
        }
        List<String> words = Words.split(stripped);
        if (words.size() < 2 || !words.getFirst().equalsIgnoreCase(KEYWORD)) {
            return List.of();
        }
        return words.size() == 2 ? Words.split(words.getLast()) : words.subList(1, words.size());
    }

    private static String line(User user) {
        return Arrays.stream(user.toString().split(" ")).map(UserLines::word).collect(Collectors.joining(" "));
    }

    private static String word(String word) {
        return word.matches("[!-~&&[^\"'\\\\]]+") ? word : Words.quoted(word);
    }
}
