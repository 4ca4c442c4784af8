package dev.jackdaw.server.acl;

import dev.jackdaw.server.config.Config;
import dev.jackdaw.server.config.ConfigException;
import dev.jackdaw.server.config.Directive;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Owned by the event loop: the users of the node, by name. There is always one named {@code default}. */
public final class Acl {
    public static final String DEFAULT = "default";

    private final Config config;
    private final AclLog log = new AclLog();
    private final Map<String, User> users = new TreeMap<>();
    private final Set<String> declaredNames = new HashSet<>();
    private final User defaultUser;
    private final User nobody;

    /** The users that the settings name, in lines of their own or in a file; a {@link ConfigException} if they cannot be had. */
    public Acl(Config config) {
        this.config = config;
        this.defaultUser = newOpenUser();
        this.nobody = newUser("");
        nobody.apply(">");
        users.put(DEFAULT, defaultUser);
        config.follow(Directive.ACLLOG_MAX_LEN, log::maxLength);
        config.follow(Directive.REQUIREPASS, unused -> requirePass(defaultUser));
        List<List<String>> declared = config.lines(Directive.USER);
        if (file() != null) {
            if (!declared.isEmpty()) {
                throw new ConfigException(
                        "aclfile: there are users in the configuration as well; have one of both only");
            }
            loadAtStart();
        }
        for (List<String> words : declared) {
            declare(words.getFirst(), words.subList(1, words.size()), !declaredNames.add(words.getFirst()));
        }
    }

    private void requirePass(User user) {
        user.apply("resetpass");
        user.apply(config.requirePass().isEmpty() ? "nopass" : ">" + config.requirePass());
    }

    private void loadAtStart() {
        try {
            replace(file().read());
        } catch (RuleException wrong) {
            throw new ConfigException("aclfile: " + wrong.getMessage());
        }
    }

    private void declare(String name, List<String> rules, boolean again) {
        try {
            if (hasSpaces(name)) {
                throw new RuleException("Usernames can't contain spaces or null characters");
            }
            if (again) {
                throw new RuleException(RuleException.DUPLICATE_USER);
            }
            put(declared(name, rules));
        } catch (RuleException wrong) {
            throw new ConfigException("user: Error in user declaration '" + name + "': " + wrong.getMessage());
        }
    }

    private User declared(String name, List<String> rules) {
        User declared = newUser(name);
        declared.apply("reset");
        merged(rules).forEach(declared::apply);
        return declared;
    }

    /** Whom the settings declare, in a file or elsewhere; a line that goes takes its name with it. */
    Set<String> declaredNames() {
        return declaredNames;
    }

    /** Whether these rules in the settings make the user what it is now. */
    boolean isMadeBy(List<String> rules, User user) {
        return declared(user.name(), rules).toString().equals(user.toString());
    }

    /** Whether the default user is what it is without rules of its own. */
    boolean hasPlainDefault() {
        User plain = newOpenUser();
        requirePass(plain);
        return plain.toString().equals(defaultUser.toString());
    }

    // --- Users ---

    public AclLog log() {
        return log;
    }

    public User defaultUser() {
        return defaultUser;
    }

    /** One who has a password, and whom nobody can be. */
    public User nobody() {
        return nobody;
    }

    /** The user of that name, or null. */
    public User user(String name) {
        return users.get(name);
    }

    /** All users, by name. */
    public Collection<User> users() {
        return Collections.unmodifiableCollection(users.values());
    }

    /** What the user of that name, or a new one, would be with these rules; a {@link RuleException} if one is wrong. */
    public User changed(String name, List<String> rules) {
        User current = users.get(name);
        User changed = newUser(name);
        if (current != null) {
            changed.become(current);
        }
        for (String rule : merged(rules)) {
            try {
                changed.apply(rule);
            } catch (RuleException wrong) {
                throw new RuleException(
                        "Error in ACL SETUSER modifier '" + untilNul(rule) + "': " + wrong.getMessage());
            }
        }
        return changed;
    }

    /** Makes the user of the same name that one. */
    public void put(User changed) {
        User current = users.putIfAbsent(changed.name(), changed);
        if (current != null) {
            current.become(changed);
        }
    }

    /** Returns the user that is gone, or null. */
    public User remove(String name) {
        return users.remove(name);
    }

    /** Makes these all the users there are. */
    public void replace(Collection<User> loaded) {
        users.clear();
        users.put(DEFAULT, defaultUser);
        defaultUser.become(newOpenUser());
        loaded.forEach(this::put);
    }

    /** The file of users, or null. */
    public AclFile file() {
        String name = config.text(Directive.ACLFILE);
        return name.isEmpty()
                ? null
                : new AclFile(config.path(Directive.DIR).resolve(config.path(Directive.ACLFILE)), name, this);
    }

    User newUser(String name) {
        return new User(name, config.text(Directive.ACL_PUBSUB_DEFAULT).equals("allchannels"));
    }

    /** One who may do everything. */
    public User newOpenUser() {
        User user = newUser(DEFAULT);
        List.of("on", "nopass", "~*", "&*", "+@all").forEach(user::apply);
        return user;
    }

    // --- Words ---

    /** Names and patterns stand between blanks, so they cannot have any. */
    public static boolean hasSpaces(String text) {
        return text.chars().anyMatch(letter -> letter == ' ' || letter >= '\t' && letter <= '\r' || letter == 0);
    }

    /** Error texts are C strings where they come from. */
    private static String untilNul(String rule) {
        int end = rule.indexOf(0);
        return end < 0 ? rule : rule.substring(0, end);
    }

    /** The rules, where a selector in parentheses is one, whatever the blanks in it. */
    static List<String> merged(List<String> words) {
        List<String> rules = new ArrayList<>();
        int opened = -1;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (opened < 0 && word.startsWith("(") && !word.endsWith(")")) {
                opened = i;
            } else if (opened < 0) {
                rules.add(word);
            } else if (word.endsWith(")")) {
                rules.add(String.join(" ", words.subList(opened, i + 1)));
                opened = -1;
            }
        }
        if (opened >= 0) {
            throw new RuleException(
                    "Unmatched parenthesis in acl selector starting at '" + untilNul(words.get(opened)) + "'.");
        }
        return rules;
    }
}
