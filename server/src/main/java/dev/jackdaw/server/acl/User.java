package dev.jackdaw.server.acl;

import dev.jackdaw.server.config.ConfigException;
import dev.jackdaw.server.config.Words;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Owned by the event loop: a user: the passwords, and what the rules allow. Clients hold on to their user, so a change of the
 * rules is made to a copy first, and when all rules have turned out well the user {@link #become becomes} that.
 */
public final class User {
    /** Whether DUMP payloads of the user are looked through; only told, since they always are. */
    private enum Payloads {
        UNSAID,
        SANITIZED,
        UNSANITIZED
    }

    private final String name;
    private final boolean allChannelsByDefault;
    private boolean enabled;
    private boolean passwordless;
    private Payloads payloads = Payloads.UNSAID;
    private final Set<String> passwords = new LinkedHashSet<>();
    /** The first is the one that rules outside of parentheses are for. */
    private final List<Selector> selectors = new ArrayList<>();

    private boolean unrestricted;

    /** A user who may do nothing, but listen to channels if that is the default. */
    User(String name, boolean allChannelsByDefault) {
        this.name = name;
        this.allChannelsByDefault = allChannelsByDefault;
        selectors.add(new Selector(allChannelsByDefault));
    }

    void become(User other) {
        enabled = other.enabled;
        passwordless = other.passwordless;
        payloads = other.payloads;
        passwords.clear();
        passwords.addAll(other.passwords);
        selectors.clear();
        other.selectors.forEach(selector -> selectors.add(new Selector(selector)));
        unrestricted = other.unrestricted;
    }

    // --- Questions ---

    public String name() {
        return name;
    }

    /** Whether every command is allowed, for sure, on any key and channel. */
    public boolean isUnrestricted() {
        return unrestricted;
    }

    /** Whether whoever comes is let in. */
    public boolean isOpen() {
        return enabled && passwordless;
    }

    public boolean isPasswordless() {
        return passwordless;
    }

    /** Whether it is the password of a user who may log in. */
    public boolean admits(String password) {
        boolean known = Password.isOneOf(password, passwords);
        return enabled && (passwordless || known);
    }

    public boolean mayUseAllChannels() {
        return selectors.stream().anyMatch(Selector::allowsAllChannels);
    }

    /** Whether some selector allows the channel, or to listen to the pattern. */
    public boolean mayUseChannel(long channel, int length, boolean isPattern) {
        return selectors.stream().anyMatch(selector -> selector.allowsChannel(channel, length, isPattern));
    }

    /** Whether every channel that {@code other} may use is, as its rules say it, among those of this user. */
    public boolean hasChannelsOf(User other) {
        return other.selectors.stream()
                .allMatch(theirs -> selectors.stream().anyMatch(selector -> selector.hasChannelsOf(theirs)));
    }

    /** What rules outside of parentheses are for, and then those in parentheses. */
    public List<Selector> selectors() {
        return Collections.unmodifiableList(selectors);
    }

    /** The SHA-256 of each password. */
    public Collection<String> passwords() {
        return Collections.unmodifiableSet(passwords);
    }

    public List<String> flags() {
        List<String> flags = new ArrayList<>(List.of(enabled ? "on" : "off"));
        if (passwordless) {
            flags.add("nopass");
        }
        switch (payloads) {
            case UNSAID -> {}
            case SANITIZED -> flags.add("sanitize-payload");
            case UNSANITIZED -> flags.add("skip-sanitize-payload");
        }
        return flags;
    }

    /** The line of an ACL file that makes the user. */
    @Override
    public String toString() {
        List<String> words = new ArrayList<>(List.of("user", name));
        words.addAll(flags());
        passwords.forEach(hash -> words.add("#" + hash));
        words.add(selectors.getFirst().toString());
        selectors.stream().skip(1).forEach(selector -> words.add("(" + selector + ")"));
        return String.join(" ", words);
    }

    // --- Rules ---

    void apply(String rule) {
        switch (rule.toLowerCase(Locale.ROOT)) {
            case "" -> {}
            case "on" -> enabled = true;
            case "off" -> enabled = false;
            case "nopass" -> setPasswordless(true);
            case "resetpass" -> setPasswordless(false);
            case "sanitize-payload" -> payloads = Payloads.SANITIZED;
            case "skip-sanitize-payload" -> payloads = Payloads.UNSANITIZED;
            case "clearselectors" -> selectors.subList(1, selectors.size()).clear();
            case "reset" -> reset();
            default -> applyOne(rule);
        }
        unrestricted = selectors.stream().anyMatch(Selector::allowsEverything);
    }

    private void setPasswordless(boolean is) {
        passwordless = is;
        passwords.clear();
    }

    private void reset() {
        enabled = false;
        setPasswordless(false);
        payloads = Payloads.SANITIZED;
        selectors.clear();
        selectors.add(new Selector(allChannelsByDefault));
    }

    private void applyOne(String rule) {
        String rest = rule.substring(1);
        switch (rule.charAt(0)) {
            case '>' -> add(Password.hash(rest));
            case '#' -> add(Password.checkedHash(rest));
            case '<' -> remove(Password.hash(rest));
            case '!' -> remove(Password.checkedHash(rest));
            case '(' -> addSelector(rule);
            default -> selectors.getFirst().apply(rule);
        }
    }

    private void add(String hash) {
        passwords.add(hash);
        passwordless = false;
    }

    private void remove(String hash) {
        if (!passwords.remove(hash)) {
            throw new RuleException(RuleException.NO_SUCH_PASSWORD);
        }
    }

    private void addSelector(String rule) {
        if (!rule.endsWith(")")) {
            throw new RuleException(RuleException.SYNTAX);
        }
        Selector selector = new Selector(allChannelsByDefault);
        try {
            Words.split(rule.substring(1, rule.length() - 1)).forEach(selector::apply);
        } catch (ConfigException unbalancedQuotes) {
            throw new RuleException(RuleException.SYNTAX);
        }
        selectors.add(selector);
    }
}
