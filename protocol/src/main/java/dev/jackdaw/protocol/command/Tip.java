package dev.jackdaw.protocol.command;

/** Immutable: advice to clients and proxies in a row of COMMAND INFO. */
public enum Tip {
    NONDETERMINISTIC_OUTPUT("nondeterministic_output"),
    NONDETERMINISTIC_OUTPUT_ORDER("nondeterministic_output_order"),
    ASK_ALL_NODES("request_policy:all_nodes"),
    ASK_ALL_SHARDS("request_policy:all_shards"),
    ASK_MULTI_SHARD("request_policy:multi_shard"),
    ASK_SPECIAL("request_policy:special"),
    ONE_SUCCEEDED("response_policy:one_succeeded"),
    ALL_SUCCEEDED("response_policy:all_succeeded"),
    AGG_LOGICAL_AND("response_policy:agg_logical_and"),
    AGG_MIN("response_policy:agg_min"),
    AGG_SUM("response_policy:agg_sum"),
    REPLY_SPECIAL("response_policy:special");

    private final String wireName;

    Tip(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }
}
