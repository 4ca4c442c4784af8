package dev.jackdaw.server.acl;

import dev.jackdaw.protocol.command.KeyFlag;
import java.util.Set;

/** Immutable: keys that match a pattern, and whether they may be read, written, or both. */
record KeyPattern(Pattern pattern, boolean reads, boolean writes) {
    /** From a rule: {@code ~pattern}, {@code %R~pattern}, {@code %W~pattern} or {@code %RW~pattern}. */
    static KeyPattern parse(String rule) {
        if (rule.charAt(0) == '~') {
            return new KeyPattern(new Pattern(checked(rule.substring(1))), true, true);
        }
        boolean reads = false;
        boolean writes = false;
        int at = 1;
        while (at < rule.length() && rule.charAt(at) != '~') {
            char letter = Character.toUpperCase(rule.charAt(at++));
            if (letter == 'R' && !reads) {
                reads = true;
            } else if (letter == 'W' && !writes) {
                writes = true;
            } else {
                throw new RuleException(RuleException.SYNTAX);
            }
        }
        if (!reads && !writes) {
            throw new RuleException(RuleException.SYNTAX);
        }
        String pattern = rule.substring(Math.min(at + 1, rule.length()));
        return new KeyPattern(new Pattern(checked(pattern)), reads, writes);
    }

    static String checked(String pattern) {
        if (Acl.hasSpaces(pattern)) {
            throw new RuleException(RuleException.SYNTAX);
        }
        return pattern;
    }

    /** The same keys with what {@code other} allows as well. */
    KeyPattern with(KeyPattern other) {
        return new KeyPattern(pattern, reads || other.reads, writes || other.writes);
    }

    boolean allows(Set<KeyFlag> use, long key, int length) {
        boolean readsEnough = reads || !use.contains(KeyFlag.ACCESS);
        boolean writesEnough = writes
                || !use.contains(KeyFlag.UPDATE) && !use.contains(KeyFlag.INSERT) && !use.contains(KeyFlag.DELETE);
        return readsEnough && writesEnough && pattern.matches(key, length);
    }

    /** The rule. */
    @Override
    public String toString() {
        String how = reads && writes ? "" : reads ? "%R" : "%W";
        return how + "~" + pattern.text();
    }
}
