package dev.jackdaw.server.command;

import dev.jackdaw.protocol.Versions;
import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.CommandTable;
import dev.jackdaw.server.config.Config;
import dev.jackdaw.server.config.Directive;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.Keyspace;
import dev.jackdaw.server.engine.Stats;
import dev.jackdaw.server.observe.CommandStats;
import dev.jackdaw.server.observe.HotKeys;
import dev.jackdaw.server.observe.LatencyHistogram;
import dev.jackdaw.server.observe.ProcessFacts;
import dev.jackdaw.server.persistence.AppendLog;
import dev.jackdaw.server.persistence.Loading;
import dev.jackdaw.server.persistence.LogRewrite;
import dev.jackdaw.server.persistence.Snapshots;
import dev.jackdaw.server.pubsub.TopicKind;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * Owned by one call: the text of INFO, section by section, under Redis's names so that what reads it from a Redis can read
 * it here; what has no counterpart yet is reported as the zero that it is.
 */
final class InfoReport {
    private static final Set<String> DEFAULT = Set.of(
            "server",
            "clients",
            "memory",
            "persistence",
            "stats",
            "replication",
            "cpu",
            "modules",
            "errorstats",
            "cluster",
            "keyspace");

    /** The bits that Redis has of a time of use, in seconds. */
    private static final long LRU_CLOCK_MASK = 0xff_ffff;

    private final StringBuilder text = new StringBuilder();
    private final Node node;
    private final Engine engine;
    private final Config config;
    private final Set<String> sections;

    /** The sections of these names in lower case; without any, the usual ones. */
    InfoReport(Node node, Set<String> sections) {
        this.node = node;
        this.engine = node.engine();
        this.config = node.config();
        this.sections = sections;
    }

    String text() {
        section("server", "Server", this::server);
        section("clients", "Clients", this::clients);
        section("memory", "Memory", this::memory);
        section("persistence", "Persistence", this::persistence);
        section("stats", "Stats", this::stats);
        section("replication", "Replication", this::replication);
        section("cpu", "CPU", this::cpu);
        section("modules", "Modules", () -> {});
        section("commandstats", "Commandstats", this::commandStats);
        section("errorstats", "Errorstats", this::errorStats);
        section("latencystats", "Latencystats", this::latencyStats);
        section("hotkeys", "Hotkeys", this::hotKeys);
        section("cluster", "Cluster", this::cluster);
        section("keyspace", "Keyspace", this::keyspaces);
        return text.toString();
    }

    /** As in Redis, and on a bus: how many peers hear this node, and how many of their messages were not heard here. */
    private void cluster() {
        line("cluster_enabled", 0);
        if (node.bus() != null) {
            line("bus_peers_up", node.bus().peersUp());
            line("bus_messages_missed", node.bus().missed());
        }
    }

    private void section(String name, String title, Runnable lines) {
        boolean all = sections.contains("all") || sections.contains("everything");
        boolean usual = DEFAULT.contains(name) && (sections.isEmpty() || sections.contains("default"));
        if (all || usual || sections.contains(name)) {
            text.append(text.isEmpty() ? "# " : "\r\n# ").append(title).append("\r\n");
            lines.run();
        }
    }

    private void line(String name, Object value) {
        text.append(name).append(':').append(value).append("\r\n");
    }

    /** What Redis has and a node has not. */
    private void none(String... names) {
        for (String name : names) {
            line(name, 0);
        }
    }

    private void bytes(String name, long bytes) {
        line(name, bytes);
        line(name + "_human", human(bytes));
    }

    private void server() {
        long upSeconds = (engine.nowMillis() - node.startedAtMillis()) / 1000;
        line("redis_version", Versions.REDIS);
        line("redis_git_sha1", "00000000");
        line("redis_git_dirty", 0);
        line("redis_build_id", "0000000000000000");
        line("redis_mode", "standalone");
        line("jackdaw_version", Versions.JACKDAW);
        line("os", property("os.name") + " " + property("os.version") + " " + property("os.arch"));
        line("arch_bits", 64);
        line("monotonic_clock", "java");
        line("multiplexing_api", "netty");
        line("atomicvar_api", "none");
        line("gcc_version", "0.0.0");
        line("java_version", property("java.vm.version"));
        line("process_id", ProcessHandle.current().pid());
        line("process_supervised", "no");
        line("run_id", node.runId());
        line("tcp_port", config.number(Directive.PORT));
        line("server_time_usec", engine.clock().micros());
        line("uptime_in_seconds", upSeconds);
        line("uptime_in_days", upSeconds / (24 * 60 * 60));
        line("hz", config.number(Directive.HZ));
        line("configured_hz", config.number(Directive.HZ));
        line("lru_clock", engine.nowMillis() / 1000 & LRU_CLOCK_MASK);
        line("executable", ProcessHandle.current().info().command().orElse(""));
        line("config_file", config.file() == null ? "" : config.file());
        line("io_threads_active", 0);
    }

    private static String property(String name) {
        return System.getProperty(name);
    }

    private void clients() {
        line("connected_clients", node.sessions().size());
        line("cluster_connections", 0);
        line("maxclients", config.maxClients());
        line("client_recent_max_input_buffer", largest(Connection::queryBufferBytes));
        line("client_recent_max_output_buffer", largest(Connection::outputBufferBytes));
        line("blocked_clients", node.waiting().count() + node.pause().count());
        line(
                "tracking_clients",
                node.sessions().stream().filter(each -> each.tracker().isOn()).count());
        line(
                "pubsub_clients",
                node.sessions().stream().filter(Session::isSubscriber).count());
        line("clients_in_timeout_table", node.waiting().countWithDeadline());
    }

    private long largest(ToLongFunction<Connection> buffer) {
        return node.sessions().stream()
                .mapToLong(session -> buffer.applyAsLong(session.connection()))
                .max()
                .orElse(0);
    }

    private void memory() {
        node.observe();
        long used = engine.usedMemory();
        long overhead = used - engine.liveBytes() + engine.indexBytes();
        ProcessFacts process = ProcessFacts.now();
        Runtime java = Runtime.getRuntime();
        bytes("used_memory", used);
        bytes("used_memory_rss", process.residentBytes());
        bytes("used_memory_peak", node.peakMemory());
        line("used_memory_peak_perc", percent(used, node.peakMemory()));
        line("used_memory_overhead", overhead);
        line("used_memory_startup", node.emptyLiveBytes());
        line("used_memory_dataset", used - overhead);
        line("used_memory_dataset_perc", percent(used - overhead, used));
        line("allocator_allocated", engine.liveBytes());
        line("allocator_active", engine.heldBytes());
        line("allocator_resident", engine.heldBytes() + engine.idleBytes());
        bytes("total_system_memory", process.systemMemoryBytes());
        line("store_live", engine.liveBytes());
        line("store_dead", engine.heldBytes() - engine.liveBytes());
        line("store_idle", engine.idleBytes());
        line("store_index", engine.indexBytes());
        line("jvm_heap_used", java.totalMemory() - java.freeMemory());
        line("jvm_heap_committed", java.totalMemory());
        line("jvm_heap_max", java.maxMemory());
        line("jvm_non_heap_used", process.javaBytes());
        none("used_memory_lua", "used_memory_vm_eval");
        line("used_memory_lua_human", human(0));
        none("used_memory_scripts_eval", "number_of_cached_scripts", "number_of_functions", "number_of_libraries");
        none("used_memory_vm_functions");
        bytes("used_memory_vm_total", 0);
        none("used_memory_functions");
        bytes("used_memory_scripts", 0);
        bytes("maxmemory", config.number(Directive.MAXMEMORY));
        line("maxmemory_policy", config.text(Directive.MAXMEMORY_POLICY));
        long waste = Math.max(0, engine.heldBytes() - engine.liveBytes() - node.emptyWasteBytes());
        line("mem_fragmentation_ratio", two((double) (used + waste) / Math.max(1, used)));
        line("mem_fragmentation_bytes", waste);
        line("allocator_frag_ratio", two((double) (used + waste) / Math.max(1, used)));
        line("allocator_frag_bytes", waste);
        line("allocator_rss_ratio", two(1));
        line("allocator_rss_bytes", 0);
        line("rss_overhead_ratio", two((double) process.residentBytes() / Math.max(1, used)));
        line("rss_overhead_bytes", process.residentBytes() - used);
        none("mem_not_counted_for_evict", "mem_replication_backlog", "mem_total_replication_buffers");
        none("mem_clients_slaves");
        line("mem_clients_normal", engine.bufferBytes() - node.busBytes());
        line("mem_cluster_links", node.busBytes());
        line("mem_process", engine.limit().processBytes());
        line("mem_aof_buffer", node.log().waitingBytes());
        line("mem_allocator", "jackdaw");
        line("active_defrag_running", 0);
        line("lazyfree_pending_objects", engine.buried());
        none("lazyfreed_objects");
    }

    private void persistence() {
        Snapshots snapshots = node.snapshots();
        line("loading", node.loading().isActive() ? 1 : 0);
        none("async_loading", "current_cow_peak", "current_cow_size", "current_cow_size_age");
        line("current_fork_perc", two(0));
        line("current_save_keys_processed", snapshots.writtenKeys());
        line("current_save_keys_total", snapshots.isRunning() ? engine.size() : 0);
        line("rdb_changes_since_last_save", snapshots.changes());
        line("rdb_bgsave_in_progress", snapshots.isRunning() ? 1 : 0);
        line("rdb_last_save_time", snapshots.savedMillis() / 1000);
        line("rdb_last_bgsave_status", snapshots.lastFailed() ? "err" : "ok");
        line("rdb_last_bgsave_time_sec", snapshots.lastTookSeconds());
        line("rdb_current_bgsave_time_sec", snapshots.runningSeconds());
        line("rdb_saves", snapshots.saves());
        none("rdb_last_cow_size");
        line("rdb_last_load_keys_expired", snapshots.expiredKeys());
        line("rdb_last_load_keys_loaded", snapshots.loadedKeys());
        log(node.log());
        none("aof_last_cow_size", "module_fork_in_progress", "module_fork_last_cow_size");
        if (node.loading().isActive()) {
            loading(node.loading());
        }
    }

    private void log(AppendLog log) {
        LogRewrite rewrite = log.rewrite();
        line("aof_enabled", config.is(Directive.APPENDONLY) ? 1 : 0);
        // Who waits for its end must not find it over before it has begun.
        boolean isDue = rewrite.isScheduled() && !node.snapshots().isRunning()
                || config.is(Directive.APPENDONLY)
                        && !log.isWhole()
                        && !node.loading().isActive();
        line("aof_rewrite_in_progress", rewrite.isRunning() || isDue ? 1 : 0);
        line("aof_rewrite_scheduled", rewrite.isScheduled() ? 1 : 0);
        line("aof_last_rewrite_time_sec", rewrite.lastTookSeconds());
        line("aof_current_rewrite_time_sec", rewrite.runningSeconds());
        line("aof_last_bgrewrite_status", rewrite.lastFailed() ? "err" : "ok");
        line("aof_rewrites", rewrite.rewrites());
        line("aof_rewrites_consecutive_failures", rewrite.failuresInRow());
        line("aof_last_write_status", log.failure() == null ? "ok" : "err");
        if (log.isOn()) {
            line("aof_current_size", log.fileBytes());
            line("aof_base_size", log.baseBytes());
            line("aof_pending_rewrite", rewrite.isScheduled() ? 1 : 0);
            line("aof_buffer_length", log.waitingBytes());
            line("aof_pending_bio_fsync", log.synced() < log.appended() ? 1 : 0);
            line("aof_delayed_fsync", log.delayed());
        }
    }

    private void loading(Loading loading) {
        line("loading_start_time", loading.startSeconds());
        line("loading_total_bytes", loading.totalBytes());
        none("loading_rdb_used_mem");
        line("loading_loaded_bytes", loading.loadedBytes());
        line("loading_loaded_perc", two(loading.percent()));
        line("loading_eta_seconds", loading.etaSeconds());
    }

    private void stats() {
        Stats stats = engine.stats();
        line("total_connections_received", stats.connections);
        line("total_commands_processed", stats.commands);
        line("instantaneous_ops_per_sec", node.rates().commandsPerSecond());
        line("total_net_input_bytes", stats.bytesIn);
        line("total_net_output_bytes", stats.bytesOut);
        none("total_net_repl_input_bytes", "total_net_repl_output_bytes");
        line("instantaneous_input_kbps", two(node.rates().kilobytesInPerSecond()));
        line("instantaneous_output_kbps", two(node.rates().kilobytesOutPerSecond()));
        line("instantaneous_input_repl_kbps", two(0));
        line("instantaneous_output_repl_kbps", two(0));
        line("rejected_connections", stats.rejectedConnections);
        none("sync_full", "sync_partial_ok", "sync_partial_err");
        line("expired_keys", stats.expired);
        line("expired_stale_perc", two(0));
        none("expired_time_cap_reached_count", "expire_cycle_cpu_milliseconds");
        line("evicted_keys", stats.evicted);
        line("evicted_clients", stats.evictedClients);
        none("total_eviction_exceeded_time", "current_eviction_exceeded_time");
        line("keyspace_hits", stats.hits);
        line("keyspace_misses", stats.misses);
        line("pubsub_channels", node.channels().count(TopicKind.CHANNEL));
        line("pubsub_patterns", node.channels().count(TopicKind.PATTERN));
        line("pubsubshard_channels", node.channels().count(TopicKind.SHARD_CHANNEL));
        none("latest_fork_usec", "total_forks", "migrate_cached_sockets", "slave_expires_tracked_keys");
        none("active_defrag_hits", "active_defrag_misses", "active_defrag_key_hits", "active_defrag_key_misses");
        none("total_active_defrag_time", "current_active_defrag_time");
        line("tracking_total_keys", node.tracking().keys());
        line("tracking_total_items", node.tracking().keys());
        line("tracking_total_prefixes", node.tracking().prefixes());
        none("unexpected_error_replies");
        line("client_query_buffer_limit_disconnections", stats.queryBufferDisconnections);
        line("client_output_buffer_limit_disconnections", stats.outputBufferDisconnections);
        line("total_error_replies", stats.errors);
        none("dump_payload_sanitizations");
        line("total_reads_processed", stats.reads);
        line("total_writes_processed", stats.writes);
        none(
                "io_threaded_reads_processed",
                "io_threaded_writes_processed",
                "reply_buffer_shrinks",
                "reply_buffer_expands");
    }

    private void replication() {
        line("role", "master");
        line("connected_slaves", 0);
        line("master_failover_state", "no-failover");
        line("master_replid", node.runId());
        line("master_replid2", "0".repeat(node.runId().length()));
        line("master_repl_offset", 0);
        line("second_repl_offset", -1);
        line("repl_backlog_active", 0);
        line("repl_backlog_size", config.number(Directive.REPL_BACKLOG_SIZE));
        line("repl_backlog_first_byte_offset", 0);
        line("repl_backlog_histlen", 0);
    }

    private void cpu() {
        ProcessFacts process = ProcessFacts.now();
        line("used_cpu_sys", seconds(process.cpu().systemSeconds()));
        line("used_cpu_user", seconds(process.cpu().userSeconds()));
        line("used_cpu_sys_children", "0.000000");
        line("used_cpu_user_children", "0.000000");
        line("used_cpu_sys_main_thread", seconds(process.threadCpu().systemSeconds()));
        line("used_cpu_user_main_thread", seconds(process.threadCpu().userSeconds()));
    }

    private void commandStats() {
        node.observer()
                .stats()
                .commands()
                .forEach((name, of) -> line(
                        "cmdstat_" + name,
                        "calls=" + of.calls() + ",usec=" + of.micros() + ",usec_per_call="
                                + two((double) of.micros() / Math.max(1, of.calls())) + ",rejected_calls="
                                + of.rejected() + ",failed_calls=" + of.failed()));
    }

    private void latencyStats() {
        CommandStats stats = node.observer().stats();
        List<String> percentiles = config.words(Directive.LATENCY_TRACKING_INFO_PERCENTILES);
        if (!config.is(Directive.LATENCY_TRACKING) || percentiles.isEmpty()) {
            return;
        }
        for (Command command : CommandTable.all().commands()) {
            LatencyHistogram histogram = stats.histogram(command);
            if (histogram != null) {
                line(
                        "latency_percentiles_usec_" + command.spec().name(),
                        percentiles.stream()
                                .map(each -> "p" + each + "="
                                        + String.format(
                                                Locale.ROOT,
                                                "%.3f",
                                                histogram.percentile(Double.parseDouble(each)) / 1000.0))
                                .collect(Collectors.joining(",")));
            }
        }
    }

    /** The share of the commands, as far as a sample tells, of the keys that are asked for most. */
    private void hotKeys() {
        int rank = 0;
        for (HotKeys.HotKey hot : node.observer().hotKeys().hottest()) {
            StringBuilder value = new StringBuilder("db=" + hot.database() + ",share=" + two(hot.share()) + ",key=");
            Observer.quote(hot.key(), value);
            line("hotkey_" + ++rank, value);
        }
    }

    private void errorStats() {
        node.observer().stats().errors().forEach((code, count) -> line("errorstat_" + code, "count=" + count));
    }

    private void keyspaces() {
        for (int i = 0; i < engine.databases(); i++) {
            Keyspace keyspace = engine.keyspace(i);
            if (keyspace.size() > 0) {
                line("db" + i, "keys=" + keyspace.size() + ",expires=" + keyspace.expiring() + ",avg_ttl=0");
            }
        }
    }

    private static String seconds(double value) {
        return String.format(Locale.ROOT, "%.6f", value);
    }

    private static String two(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static String percent(long part, long whole) {
        return two(100.0 * part / Math.max(1, whole)) + "%";
    }

    private static String human(long bytes) {
        String units = "KMGTP";
        if (bytes < 1024) {
            return bytes + "B";
        }
        double value = bytes / 1024.0;
        int unit = 0;
        while (value >= 1024 && unit < units.length() - 1) {
            value /= 1024;
            unit++;
        }
        return two(value) + units.charAt(unit);
    }
}
