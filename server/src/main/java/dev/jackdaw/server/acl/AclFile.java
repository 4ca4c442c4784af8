package dev.jackdaw.server.acl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Owned by the event loop: the file that users are kept in, a line each, as ACL LIST shows them. */
public final class AclFile {
    private static final String NOTHING_DONE =
            "WARNING: ACL errors detected, no change to the previously active ACL rules was performed";

    private final Path path;
    private final String shownName;
    private final Acl acl;
    private final StringBuilder errors = new StringBuilder();

    AclFile(Path path, String shownName, Acl acl) {
        this.path = path;
        this.shownName = shownName;
        this.acl = acl;
    }

    /** The users of the file; a {@link RuleException} names all lines that are wrong. */
    public List<User> read() {
        List<String> lines;
        try {
            lines = Files.readAllLines(path, StandardCharsets.ISO_8859_1);
        } catch (IOException failed) {
            throw new RuleException("Error loading ACLs, opening file '" + shownName + "': " + failed.getMessage());
        }
        Map<String, User> users = new LinkedHashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty()) {
                line(line, i + 1, users);
            }
        }
        if (!errors.isEmpty()) {
            throw new RuleException(errors + NOTHING_DONE);
        }
        return List.copyOf(users.values());
    }

    private void line(String line, int number, Map<String, User> users) {
        String place = shownName + ":" + number;
        List<String> words = Arrays.asList(line.split(" ", -1));
        if (!words.getFirst().equals("user") || words.size() < 2) {
            errors.append(place).append(" should start with user keyword followed by the username. ");
            return;
        }
        String name = words.get(1);
        if (Acl.hasSpaces(name)) {
            errors.append(place).append(": username '").append(name).append("' contains invalid characters. ");
            return;
        }
        User user = acl.newUser(name);
        if (users.putIfAbsent(name, user) != null) {
            errors.append("WARNING: Duplicate user '" + name + "' found on line " + number + ". ");
            return;
        }
        try {
            apply(Acl.merged(words.subList(2, words.size())), user, place);
        } catch (RuleException unmatched) {
            errors.append(place).append(": ").append(unmatched.getMessage()).append(' ');
        }
    }

    /** Names all commands that are unknown, but of the rest only the first mistake, for others may follow from it. */
    private void apply(List<String> rules, User user, String place) {
        boolean toldMistake = false;
        for (String rule : rules) {
            try {
                user.apply(rule.strip());
            } catch (RuleException wrong) {
                if (wrong.getMessage().equals(RuleException.UNKNOWN_COMMAND)) {
                    errors.append(place + ": Error in applying operation '" + rule + "': " + wrong.getMessage() + ". ");
                } else if (!toldMistake) {
                    errors.append(place + ": " + wrong.getMessage() + ". ");
                    toldMistake = true;
                }
            }
        }
    }

    /** Writes all users; the file is the old one or the new one whatever happens. Small and rare enough for the event loop. */
    public void write() throws IOException {
        List<String> lines = new ArrayList<>();
        acl.users().forEach(user -> lines.add(user.toString()));
        Path draft = path.resolveSibling(
                path.getFileName() + ".tmp-" + ProcessHandle.current().pid());
        try {
            Files.write(draft, lines, StandardCharsets.ISO_8859_1);
            Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }
}
