package dev.jackdaw.server.config;

import static dev.jackdaw.server.config.ValueType.TEXT;
import static dev.jackdaw.server.config.ValueType.WORDS;
import static dev.jackdaw.server.config.ValueType.YES_NO;

import dev.jackdaw.server.config.ValueType.Bytes;
import dev.jackdaw.server.config.ValueType.Choice;
import dev.jackdaw.server.config.ValueType.Whole;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Immutable: every directive of redis.conf, one row each: how its value is written, the default, and what may be done with
 * it. The name is that of the constant. Of what is not supported yet only the default is accepted.
 */
public enum Directive {
    // spotless:off
    // Network
    BIND(row(WORDS, "* -::*")),
    PORT(row(whole(0, 65535), "6379")),
    TCP_BACKLOG(row(whole(0, Integer.MAX_VALUE), "511").fixed()),
    TCP_KEEPALIVE(row(whole(0, Integer.MAX_VALUE), "300")),
    TIMEOUT(row(whole(0, Integer.MAX_VALUE), "0")),
    PROTECTED_MODE(row(YES_NO, "yes")),
    BIND_SOURCE_ADDR(row(TEXT, "").unsupported()),
    SOCKET_MARK_ID(row(whole(0, 0xffff_ffffL), "0").fixed().unsupported()),
    UNIXSOCKET(row(TEXT, "").fixed()),
    UNIXSOCKETPERM(row(new ValueType.Octal(0777), "0").fixed()),
    IO_THREADS(row(whole(1, 128), "1").fixed().idle()),
    IO_THREADS_DO_READS(row(YES_NO, "no").fixed().idle()),

    // The bus between nodes
    BUS_PORT(row(whole(0, 65535), "0").fixed()),
    BUS_PEERS(row(WORDS, "").fixed()),

    // Clients
    REQUIREPASS(row(TEXT, "")),
    MAXCLIENTS(row(whole(1, 0xffff_ffffL), "10000")),
    PROTO_MAX_BULK_LEN(row(bytes(1 << 20), "512mb")),
    CLIENT_QUERY_BUFFER_LIMIT(row(bytes(1 << 20), "1gb")),
    CLIENT_OUTPUT_BUFFER_LIMIT(row(new ValueType.OutputLimits(), "normal 1gb 0 0 slave 256mb 64mb 60 pubsub 32mb 8mb 60")),
    MAXMEMORY_CLIENTS(row(new ValueType.BytesOrPercent(), "0")),
    TRACKING_TABLE_MAX_KEYS(row(whole(0, Long.MAX_VALUE), "1000000")),
    ACLFILE(row(TEXT, "").fixed()),
    ACLLOG_MAX_LEN(row(whole(0, Long.MAX_VALUE), "128")),
    ACL_PUBSUB_DEFAULT(row(Choice.of("allchannels", "resetchannels"), "resetchannels")),
    USER(row(new ValueType.Lines(), "").fixed().hidden()),

    // The process
    DIR(row(TEXT, ".").guarded()),
    LOGLEVEL(row(Choice.of("debug", "verbose", "notice", "warning"), "notice")),
    LOGFILE(row(TEXT, "").fixed()),
    ENABLE_DEBUG_COMMAND(row(guard(), "no").fixed()),
    ENABLE_PROTECTED_CONFIGS(row(guard(), "no").fixed()),
    ENABLE_MODULE_COMMAND(row(guard(), "no").fixed().idle()),
    LOADMODULE(row(WORDS, "").fixed().unsupported().hidden()),
    RENAME_COMMAND(row(new ValueType.Lines(), "").fixed().hidden()),
    HZ(row(whole(0, Integer.MAX_VALUE), "10")),
    DYNAMIC_HZ(row(YES_NO, "yes").idle()),
    DAEMONIZE(row(YES_NO, "no").fixed().unsupported()),
    SUPERVISED(row(Choice.of("upstart", "systemd", "auto", "no"), "no").fixed().unsupported()),
    PIDFILE(row(TEXT, "").fixed()),
    SHUTDOWN_TIMEOUT(row(whole(0, Integer.MAX_VALUE), "10").idle()),
    SHUTDOWN_ON_SIGINT(row(new ValueType.ShutdownOptions(), "default")),
    SHUTDOWN_ON_SIGTERM(row(new ValueType.ShutdownOptions(), "default")),
    SYSLOG_ENABLED(row(YES_NO, "no").fixed().unsupported()),
    SYSLOG_IDENT(row(TEXT, "redis").fixed().unsupported()),
    SYSLOG_FACILITY(row(TEXT, "local0").fixed().unsupported()),
    CRASH_LOG_ENABLED(row(YES_NO, "yes").idle()),
    CRASH_MEMCHECK_ENABLED(row(YES_NO, "yes").idle()),
    USE_EXIT_ON_PANIC(row(YES_NO, "no").idle().unlisted()),
    WATCHDOG_PERIOD(row(whole(0, Integer.MAX_VALUE), "0").idle().unlisted()),
    ALWAYS_SHOW_LOGO(row(YES_NO, "no").fixed().idle()),
    SET_PROC_TITLE(row(YES_NO, "yes").fixed().idle()),
    PROC_TITLE_TEMPLATE(row(TEXT, "{title} {listen-addr} {server-mode}").idle()),
    IGNORE_WARNINGS(row(WORDS, "").idle()),
    OOM_SCORE_ADJ(row(Choice.of("no", "yes", "relative", "absolute"), "no").unsupported()),
    OOM_SCORE_ADJ_VALUES(row(WORDS, "0 200 800").unsupported()),
    DISABLE_THP(row(YES_NO, "yes").fixed().idle()),
    SERVER_CPULIST(row(TEXT, "").named("server_cpulist").fixed().unsupported()),
    BIO_CPULIST(row(TEXT, "").named("bio_cpulist").fixed().unsupported()),
    AOF_REWRITE_CPULIST(row(TEXT, "").named("aof_rewrite_cpulist").fixed().unsupported()),
    BGSAVE_CPULIST(row(TEXT, "").named("bgsave_cpulist").fixed().unsupported()),

    // Data and memory
    DATABASES(row(whole(1, Integer.MAX_VALUE), "16").fixed()),
    MAXMEMORY(row(bytes(0), "0")),
    MAXMEMORY_POLICY(row(Choice.of("volatile-lru", "volatile-lfu", "volatile-random", "volatile-ttl", "allkeys-lru",
            "allkeys-lfu", "allkeys-random", "noeviction").and("volatile-lrm", "allkeys-lrm"), "noeviction")),
    MAXMEMORY_SAMPLES(row(whole(1, Integer.MAX_VALUE), "5")),
    MAXMEMORY_EVICTION_TENACITY(row(whole(0, 100), "10").idle()),
    LFU_LOG_FACTOR(row(whole(0, Integer.MAX_VALUE), "10")),
    LFU_DECAY_TIME(row(whole(0, Integer.MAX_VALUE), "1")),
    ACTIVE_EXPIRE_EFFORT(row(whole(1, 10), "1").idle()),
    LAZYFREE_LAZY_EVICTION(row(YES_NO, "no").idle()),
    LAZYFREE_LAZY_EXPIRE(row(YES_NO, "no").idle()),
    LAZYFREE_LAZY_SERVER_DEL(row(YES_NO, "no").idle()),
    LAZYFREE_LAZY_USER_DEL(row(YES_NO, "no").idle()),
    LAZYFREE_LAZY_USER_FLUSH(row(YES_NO, "no").idle()),
    ACTIVEREHASHING(row(YES_NO, "yes").idle()),
    JEMALLOC_BG_THREAD(row(YES_NO, "yes").idle()),
    ACTIVEDEFRAG(row(YES_NO, "no").idle()),
    ACTIVE_DEFRAG_CYCLE_MIN(row(whole(1, 99), "1").idle()),
    ACTIVE_DEFRAG_CYCLE_MAX(row(whole(1, 99), "25").idle()),
    ACTIVE_DEFRAG_THRESHOLD_LOWER(row(whole(0, 1000), "10").idle()),
    ACTIVE_DEFRAG_THRESHOLD_UPPER(row(whole(0, 1000), "100").idle()),
    ACTIVE_DEFRAG_IGNORE_BYTES(row(bytes(1), "100mb").idle()),
    ACTIVE_DEFRAG_MAX_SCAN_FIELDS(row(whole(1, Long.MAX_VALUE), "1000").idle()),
    HASH_MAX_LISTPACK_ENTRIES(row(whole(0, Long.MAX_VALUE), "512").alias("hash-max-ziplist-entries")),
    HASH_MAX_LISTPACK_VALUE(row(bytes(0), "64").alias("hash-max-ziplist-value")),
    LIST_MAX_LISTPACK_SIZE(row(whole(Integer.MIN_VALUE, Integer.MAX_VALUE), "-2").alias("list-max-ziplist-size")),
    LIST_COMPRESS_DEPTH(row(whole(0, Integer.MAX_VALUE), "0").idle()),
    SET_MAX_INTSET_ENTRIES(row(whole(0, Long.MAX_VALUE), "512")),
    ZSET_MAX_LISTPACK_ENTRIES(row(whole(0, Long.MAX_VALUE), "128").alias("zset-max-ziplist-entries")),
    ZSET_MAX_LISTPACK_VALUE(row(bytes(0), "64").alias("zset-max-ziplist-value")),
    HLL_SPARSE_MAX_BYTES(row(bytes(0), "3000")),
    STREAM_NODE_MAX_BYTES(row(bytes(0), "4096")),
    STREAM_NODE_MAX_ENTRIES(row(whole(0, Long.MAX_VALUE), "100")),

    // Observing
    NOTIFY_KEYSPACE_EVENTS(row(new ValueType.EventClasses(), "")),
    SLOWLOG_LOG_SLOWER_THAN(row(whole(-1, Long.MAX_VALUE), "10000")),
    SLOWLOG_MAX_LEN(row(whole(0, Long.MAX_VALUE), "128")),
    LATENCY_MONITOR_THRESHOLD(row(whole(0, Long.MAX_VALUE), "0")),
    LATENCY_TRACKING(row(YES_NO, "yes")),
    LATENCY_TRACKING_INFO_PERCENTILES(row(new ValueType.Percentiles(), "50 99 99.9")),

    // Scripts
    BUSY_REPLY_THRESHOLD(row(whole(0, Long.MAX_VALUE), "5000").alias("lua-time-limit").idle()),

    // Snapshots and the append-only file
    SAVE(row(new ValueType.SavePoints(), "")),
    DBFILENAME(row(TEXT, "dump.rdb").guarded()),
    RDBCOMPRESSION(row(YES_NO, "yes")),
    RDBCHECKSUM(row(YES_NO, "yes").fixed()),
    RDB_KEY_SAVE_DELAY(row(whole(Integer.MIN_VALUE, Integer.MAX_VALUE), "0").unlisted()),
    KEY_LOAD_DELAY(row(whole(Integer.MIN_VALUE, Integer.MAX_VALUE), "0").unlisted()),
    LOADING_PROCESS_EVENTS_INTERVAL_BYTES(row(whole(1024, Integer.MAX_VALUE), "2097152").idle().unlisted()),
    RDB_SAVE_INCREMENTAL_FSYNC(row(YES_NO, "yes").idle()),
    RDB_DEL_SYNC_FILES(row(YES_NO, "no").idle()),
    STOP_WRITES_ON_BGSAVE_ERROR(row(YES_NO, "yes")),
    SANITIZE_DUMP_PAYLOAD(row(Choice.of("no", "yes", "clients"), "no").idle()),
    APPENDONLY(row(YES_NO, "no")),
    APPENDFILENAME(row(TEXT, "appendonly.aof").fixed()),
    APPENDDIRNAME(row(TEXT, "appendonlydir").fixed()),
    APPENDFSYNC(row(Choice.of("everysec", "always", "no"), "everysec")),
    NO_APPENDFSYNC_ON_REWRITE(row(YES_NO, "no")),
    AUTO_AOF_REWRITE_PERCENTAGE(row(whole(0, Integer.MAX_VALUE), "100")),
    AUTO_AOF_REWRITE_MIN_SIZE(row(bytes(0), "64mb")),
    AOF_LOAD_TRUNCATED(row(YES_NO, "yes")),
    AOF_LOAD_DAMAGED(row(YES_NO, "no")),
    AOF_USE_RDB_PREAMBLE(row(YES_NO, "yes").idle()),
    AOF_TIMESTAMP_ENABLED(row(YES_NO, "no")),
    AOF_REWRITE_INCREMENTAL_FSYNC(row(YES_NO, "yes").idle()),
    AOF_DISABLE_AUTO_GC(row(YES_NO, "no")),

    // Replication
    REPLICAOF(row(WORDS, "").alias("slaveof").fixed().unsupported()),
    MASTERAUTH(row(TEXT, "").idle()),
    MASTERUSER(row(TEXT, "").idle()),
    REPLICA_SERVE_STALE_DATA(row(YES_NO, "yes").alias("slave-serve-stale-data").idle()),
    REPLICA_READ_ONLY(row(YES_NO, "yes").alias("slave-read-only").idle()),
    REPLICA_PRIORITY(row(whole(0, Integer.MAX_VALUE), "100").alias("slave-priority").idle()),
    REPLICA_ANNOUNCED(row(YES_NO, "yes").idle()),
    REPLICA_ANNOUNCE_IP(row(TEXT, "").alias("slave-announce-ip").idle()),
    REPLICA_ANNOUNCE_PORT(row(whole(0, 65535), "0").alias("slave-announce-port").idle()),
    REPLICA_IGNORE_MAXMEMORY(row(YES_NO, "yes").alias("slave-ignore-maxmemory").idle()),
    REPLICA_IGNORE_DISK_WRITE_ERRORS(row(YES_NO, "no").idle()),
    REPLICA_LAZY_FLUSH(row(YES_NO, "no").alias("slave-lazy-flush").idle()),
    REPL_DISKLESS_SYNC(row(YES_NO, "yes").idle()),
    REPL_DISKLESS_SYNC_DELAY(row(whole(0, Integer.MAX_VALUE), "5").idle()),
    REPL_DISKLESS_SYNC_MAX_REPLICAS(row(whole(0, Integer.MAX_VALUE), "0").idle()),
    REPL_DISKLESS_LOAD(row(Choice.of("disabled", "on-empty-db", "swapdb"), "disabled").idle()),
    REPL_PING_REPLICA_PERIOD(row(whole(1, Integer.MAX_VALUE), "10").alias("repl-ping-slave-period").idle()),
    REPL_TIMEOUT(row(whole(1, Integer.MAX_VALUE), "60").idle()),
    REPL_DISABLE_TCP_NODELAY(row(YES_NO, "no").idle()),
    REPL_BACKLOG_SIZE(row(bytes(1), "1mb").idle()),
    REPL_BACKLOG_TTL(row(whole(0, Long.MAX_VALUE), "3600").idle()),
    MIN_REPLICAS_TO_WRITE(row(whole(0, Integer.MAX_VALUE), "0").alias("min-slaves-to-write").unsupported()),
    MIN_REPLICAS_MAX_LAG(row(whole(0, Integer.MAX_VALUE), "10").alias("min-slaves-max-lag").idle()),
    PROPAGATION_ERROR_BEHAVIOR(row(Choice.of("ignore", "panic", "panic-on-replicas"), "ignore").idle()),

    // Redis Cluster
    CLUSTER_ENABLED(row(YES_NO, "no").fixed().unsupported()),
    CLUSTER_CONFIG_FILE(row(TEXT, "nodes.conf").fixed().idle()),
    CLUSTER_PORT(row(whole(0, 65535), "0").fixed().idle()),
    CLUSTER_NODE_TIMEOUT(row(whole(0, Long.MAX_VALUE), "15000").idle()),
    CLUSTER_REPLICA_VALIDITY_FACTOR(row(whole(0, Integer.MAX_VALUE), "10").alias("cluster-slave-validity-factor").idle()),
    CLUSTER_REPLICA_NO_FAILOVER(row(YES_NO, "no").alias("cluster-slave-no-failover").idle()),
    CLUSTER_MIGRATION_BARRIER(row(whole(0, Integer.MAX_VALUE), "1").idle()),
    CLUSTER_ALLOW_REPLICA_MIGRATION(row(YES_NO, "yes").idle()),
    CLUSTER_REQUIRE_FULL_COVERAGE(row(YES_NO, "yes").idle()),
    CLUSTER_ALLOW_READS_WHEN_DOWN(row(YES_NO, "no").idle()),
    CLUSTER_ALLOW_PUBSUBSHARD_WHEN_DOWN(row(YES_NO, "yes").idle()),
    CLUSTER_LINK_SENDBUF_LIMIT(row(bytes(0), "0").idle()),
    CLUSTER_ANNOUNCE_HOSTNAME(row(TEXT, "").idle()),
    CLUSTER_ANNOUNCE_IP(row(TEXT, "").idle()),
    CLUSTER_ANNOUNCE_PORT(row(whole(0, 65535), "0").idle()),
    CLUSTER_ANNOUNCE_TLS_PORT(row(whole(0, 65535), "0").idle()),
    CLUSTER_ANNOUNCE_BUS_PORT(row(whole(0, 65535), "0").idle()),
    CLUSTER_PREFERRED_ENDPOINT_TYPE(row(Choice.of("ip", "hostname", "unknown-endpoint"), "ip").idle()),

    // TLS
    TLS_PORT(row(whole(0, 65535), "0").fixed()),
    TLS_CERT_FILE(row(TEXT, "")),
    TLS_KEY_FILE(row(TEXT, "")),
    TLS_KEY_FILE_PASS(row(TEXT, "")),
    TLS_CLIENT_CERT_FILE(row(TEXT, "").idle()),
    TLS_CLIENT_KEY_FILE(row(TEXT, "").idle()),
    TLS_CLIENT_KEY_FILE_PASS(row(TEXT, "").idle()),
    TLS_DH_PARAMS_FILE(row(TEXT, "").idle()),
    TLS_CA_CERT_FILE(row(TEXT, "")),
    TLS_CA_CERT_DIR(row(TEXT, "")),
    TLS_AUTH_CLIENTS(row(Choice.of("no", "yes", "optional"), "yes")),
    TLS_REPLICATION(row(YES_NO, "no").unsupported()),
    TLS_CLUSTER(row(YES_NO, "no").unsupported()),
    TLS_PROTOCOLS(row(TEXT, "")),
    TLS_CIPHERS(row(TEXT, "")),
    TLS_CIPHERSUITES(row(TEXT, "")),
    TLS_PREFER_SERVER_CIPHERS(row(YES_NO, "no")),
    TLS_SESSION_CACHING(row(YES_NO, "yes").idle()),
    TLS_SESSION_CACHE_SIZE(row(whole(0, Integer.MAX_VALUE), "20480").idle()),
    TLS_SESSION_CACHE_TIMEOUT(row(whole(0, Integer.MAX_VALUE), "300").idle());
    // spotless:on

    private static final Map<String, Directive> BY_NAME = byName();

    private final String wireName;
    private final Row row;
    private final String initial;

    Directive(Row row) {
        this.row = row;
        this.wireName =
                row.name != null ? row.name : name().toLowerCase(Locale.ROOT).replace('_', '-');
        this.initial =
                row.type.parse(row.type.takesManyWords() ? List.of(row.initial.split(" ")) : List.of(row.initial));
    }

    /** The directive of a name or of an old name for it, in any case, or null. */
    public static Directive named(String name) {
        return BY_NAME.get(name.toLowerCase(Locale.ROOT));
    }

    private static Map<String, Directive> byName() {
        Map<String, Directive> names = new HashMap<>();
        for (Directive directive : values()) {
            names.put(directive.wireName, directive);
            if (directive.row.alias != null) {
                names.put(directive.row.alias, directive);
            }
        }
        return Map.copyOf(names);
    }

    public String wireName() {
        return wireName;
    }

    /** The older name of the same directive, or null. */
    public String alias() {
        return row.alias;
    }

    ValueType type() {
        return row.type;
    }

    /** The value after one line of a file more. */
    String add(String current, List<String> words) {
        boolean inOneWord = row.type.takesManyWords() && words.size() == 1;
        return row.type.add(current, inOneWord ? Words.split(words.getFirst()) : words);
    }

    /** The default, as CONFIG GET shows it. */
    String initial() {
        return initial;
    }

    /** Whether it cannot be changed while the node runs. */
    boolean isFixed() {
        return row.fixed;
    }

    /** Whether CONFIG SET needs enable-protected-configs for it. */
    boolean isGuarded() {
        return row.guarded;
    }

    /** Whether it may only have its default. */
    boolean isUnsupported() {
        return row.unsupported;
    }

    /** Whether it tunes a mechanism of Redis's that has no counterpart here, so that any value will do. */
    boolean isIdle() {
        return row.idle;
    }

    /** Whether it is for files only, and nothing to be shown. */
    public boolean isHidden() {
        return row.hidden;
    }

    /** Whether CONFIG GET shows it only to those who know its name: it is for tests of Redis. */
    boolean isUnlisted() {
        return row.unlisted;
    }

    private static Row row(ValueType type, String initial) {
        return new Row(type, initial);
    }

    private static ValueType whole(long least, long most) {
        return new Whole(least, most);
    }

    private static ValueType bytes(long least) {
        return new Bytes(least, Long.MAX_VALUE);
    }

    private static ValueType guard() {
        return Choice.of("no", "yes", "local");
    }

    /** Owned by the constant that it becomes: the facts of one directive. */
    private static final class Row {
        private final ValueType type;
        private final String initial;
        private String name;
        private String alias;
        private boolean fixed;
        private boolean guarded;
        private boolean unsupported;
        private boolean idle;
        private boolean hidden;
        private boolean unlisted;

        Row(ValueType type, String initial) {
            this.type = type;
            this.initial = initial;
        }

        /** Not named after the constant. */
        Row named(String otherName) {
            name = otherName;
            return this;
        }

        Row alias(String oldName) {
            alias = oldName;
            return this;
        }

        Row fixed() {
            fixed = true;
            return this;
        }

        Row guarded() {
            guarded = true;
            return this;
        }

        Row unsupported() {
            unsupported = true;
            return this;
        }

        Row idle() {
            idle = true;
            return this;
        }

        Row hidden() {
            hidden = true;
            return this;
        }

        Row unlisted() {
            unlisted = true;
            return this;
        }
    }
}
