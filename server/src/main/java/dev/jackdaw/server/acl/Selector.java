package dev.jackdaw.server.acl;

import dev.jackdaw.protocol.command.Category;
import dev.jackdaw.protocol.command.KeyFlag;
import dev.jackdaw.protocol.raw.Raw;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Owned by a user: some commands, and the keys and channels that these may touch. A user may do what any one selector allows. */
public final class Selector {
    private CommandSet commands;
    private boolean allKeys;
    private final Map<String, KeyPattern> keys = new LinkedHashMap<>();
    private boolean allChannels;
    private final Map<String, Pattern> channels = new LinkedHashMap<>();

    /** Allows nothing, but the channels if that is the default. */
    Selector(boolean allChannels) {
        this.commands = new CommandSet();
        this.allChannels = allChannels;
    }

    Selector(Selector other) {
        commands = new CommandSet(other.commands);
        allKeys = other.allKeys;
        keys.putAll(other.keys);
        allChannels = other.allChannels;
        channels.putAll(other.channels);
    }

    // --- Questions ---

    CommandSet commands() {
        return commands;
    }

    boolean allowsEverything() {
        return commands.isComplete() && allKeys && allChannels;
    }

    boolean allowsAllKeys() {
        return allKeys;
    }

    /** Whether every key may be read. */
    boolean readsAllKeys() {
        KeyPattern all = keys.get("*");
        return allKeys || all != null && all.reads();
    }

    boolean allowsAllChannels() {
        return allChannels;
    }

    boolean allowsKey(Set<KeyFlag> use, long key, int length) {
        if (allKeys) {
            return true;
        }
        for (KeyPattern pattern : keys.values()) {
            if (pattern.allows(use, key, length)) {
                return true;
            }
        }
        return false;
    }

    /** A pattern to listen to must be the same as one of the rules'; whether one includes the other is not asked. */
    boolean allowsChannel(long channel, int length, boolean isPattern) {
        if (allChannels) {
            return true;
        }
        if (isPattern) {
            return channels.containsKey(Raw.latin1(channel, length));
        }
        for (Pattern pattern : channels.values()) {
            if (pattern.matches(channel, length)) {
                return true;
            }
        }
        return false;
    }

    /** Whether all channels that {@code other} allows are allowed here by rules of the same words. */
    boolean hasChannelsOf(Selector other) {
        return allChannels || !other.allChannels && channels.keySet().containsAll(other.channels.keySet());
    }

    // --- Rules ---

    void apply(String rule) {
        switch (rule.toLowerCase(Locale.ROOT)) {
            case "allkeys", "~*" -> setAllKeys(true);
            case "resetkeys" -> setAllKeys(false);
            case "allchannels", "&*" -> setAllChannels(true);
            case "resetchannels" -> setAllChannels(false);
            case "allcommands", "+@all" -> commands.setAll(true);
            case "nocommands", "-@all" -> commands.setAll(false);
            default -> applyOne(rule);
        }
    }

    private void setAllKeys(boolean all) {
        allKeys = all;
        keys.clear();
    }

    private void setAllChannels(boolean all) {
        allChannels = all;
        channels.clear();
    }

    private void applyOne(String rule) {
        switch (rule.isEmpty() ? ' ' : rule.charAt(0)) {
            case '~', '%' -> addKeys(rule);
            case '&' -> addChannels(rule.substring(1));
            case '+', '-' -> change(rule.charAt(0) == '+', rule.substring(1));
            default -> throw new RuleException(RuleException.SYNTAX);
        }
    }

    private void change(boolean allow, String name) {
        if (name.startsWith("@")) {
            commands.set(category(name.substring(1)), allow);
        } else if (allow) {
            commands.add(name);
        } else {
            commands.remove(name);
        }
    }

    private static Category category(String name) {
        Category category = Category.named(name);
        if (category == null) {
            throw new RuleException(RuleException.UNKNOWN_COMMAND);
        }
        return category;
    }

    private void addKeys(String rule) {
        if (allKeys) {
            throw new RuleException(RuleException.AFTER_ALL_KEYS);
        }
        KeyPattern added = KeyPattern.parse(rule);
        keys.merge(added.pattern().text(), added, KeyPattern::with);
    }

    private void addChannels(String pattern) {
        if (allChannels) {
            throw new RuleException(RuleException.AFTER_ALL_CHANNELS);
        }
        channels.putIfAbsent(KeyPattern.checked(pattern), new Pattern(pattern));
    }

    // --- The rules that lead here ---

    /** The rules for commands. */
    public String commandRules() {
        return commands.toString();
    }

    /** The rules for keys. */
    public String keyRules() {
        return allKeys ? "~*" : keys.values().stream().map(KeyPattern::toString).collect(Collectors.joining(" "));
    }

    /** The rules for channels. */
    public String channelRules() {
        return allChannels
                ? "&*"
                : channels.keySet().stream().map(pattern -> "&" + pattern).collect(Collectors.joining(" "));
    }

    @Override
    public String toString() {
        List<String> rules = new ArrayList<>(List.of(keyRules()));
        if (!allChannels) {
            rules.add("resetchannels");
        }
        rules.add(channelRules());
        rules.add(commandRules());
        rules.removeIf(String::isEmpty);
        return String.join(" ", rules);
    }
}
