package dev.jackdaw.server.command;

import dev.jackdaw.server.memory.StreamGroups;

/**
 * Owned by the event loop: how one command at a time that gives entries of streams to consumers tells its effects: which entry
 * is whose since when, whatever it was that led to it.
 */
final class GroupEffects {
    private final StreamGroups groups;
    private Call call;
    /** The arguments with the key and the group; the consumer follows the group. */
    private int key;

    private int group;

    GroupEffects(StreamGroups groups) {
        this.groups = groups;
    }

    /** From now on the effects are those of this command on the stream and the group in these arguments. */
    void at(Call newCall, int newKey, int newGroup) {
        call = newCall;
        key = newKey;
        group = newGroup;
        call.noEffect();
    }

    /** The consumer has come to be. */
    void consumerAdded() {
        call.effect("XGROUP")
                .word("CREATECONSUMER")
                .argument(key)
                .argument(group)
                .argument(group + 1);
    }

    /** The pending entry at the cursor has been delivered to the consumer. */
    void delivered() {
        call.effect("XCLAIM")
                .argument(key)
                .argument(group)
                .argument(group + 1)
                .integer(0)
                .id(groups.upper(), groups.lower())
                .word("TIME")
                .integer(groups.deliveredMillis())
                .word("RETRYCOUNT")
                .integer(groups.deliveries())
                .word("FORCE")
                .word("JUSTID")
                .word("LASTID")
                .id(groups.lastUpper(), groups.lastLower());
    }

    /** The pending entry at the cursor is pending no more. */
    void dropped() {
        call.effect("XACK").argument(key).argument(group).id(groups.upper(), groups.lower());
    }

    /** The group has read on. */
    void read() {
        call.effect("XGROUP")
                .word("SETID")
                .argument(key)
                .argument(group)
                .id(groups.lastUpper(), groups.lastLower())
                .word("ENTRIESREAD")
                .integer(groups.entriesRead());
    }
}
