package dev.jackdaw.proxy.local;

import dev.jackdaw.protocol.Versions;
import dev.jackdaw.proxy.config.ProxyOptions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Owned by one event loop: the INFO of a proxy: what it is itself, and what its nodes' INFO says, added up; with the fields that
 * client libraries look at before they begin. Rarely asked, so it allocates.
 */
public final class InfoReport {
    private static final Set<String> ALL = Set.of("all", "everything", "default");
    private static final List<String> SUMMED = List.of(
            "blocked_clients",
            "used_memory",
            "used_memory_rss",
            "used_memory_peak",
            "maxmemory",
            "rdb_changes_since_last_save",
            "instantaneous_ops_per_sec",
            "keyspace_hits",
            "keyspace_misses",
            "evicted_keys",
            "expired_keys",
            "total_commands_processed");
    /** 1 if it is so at any node. */
    private static final List<String> AT_ANY = List.of(
            "loading", "rdb_bgsave_in_progress", "aof_enabled", "aof_rewrite_in_progress", "aof_rewrite_scheduled");
    /** ok if it is so at all nodes. */
    private static final List<String> AT_ALL =
            List.of("rdb_last_bgsave_status", "aof_last_bgrewrite_status", "aof_last_write_status");

    private final ProxyOptions options;
    private final Clients clients;
    private final Clock clock;
    private final Map<String, Long> sums = new LinkedHashMap<>();
    private final Map<String, Long> atAny = new LinkedHashMap<>();
    private final Map<String, String> atAll = new LinkedHashMap<>();
    private final Map<String, long[]> databases = new TreeMap<>();
    private final Map<Integer, String> nodes = new TreeMap<>();
    private final List<String> near = new ArrayList<>();

    public InfoReport(ProxyOptions options, Clients clients, Clock clock) {
        this.options = options;
        this.clients = clients;
        this.clock = clock;
        SUMMED.forEach(field -> sums.put(field, 0L));
        AT_ANY.forEach(field -> atAny.put(field, 0L));
        AT_ALL.forEach(field -> atAll.put(field, "ok"));
    }

    /** Adds a node's INFO, or null if it gave none. */
    public void node(int index, String address, String info) {
        long keys = 0;
        long memory = 0;
        if (info != null) {
            for (String line : info.split("\r\n")) {
                int colon = line.indexOf(':');
                String field = colon < 0 ? "" : line.substring(0, colon);
                String value = line.substring(colon + 1);
                if (sums.containsKey(field)) {
                    sums.merge(field, number(value), Long::sum);
                    memory = field.equals("used_memory") ? number(value) : memory;
                } else if (atAny.containsKey(field)) {
                    atAny.merge(field, number(value), Math::max);
                } else if (atAll.containsKey(field) && !value.equals("ok")) {
                    atAll.put(field, value);
                } else if (field.matches("db\\d+")) {
                    keys += database(field, value);
                }
            }
        }
        nodes.put(
                index,
                "node" + index + ":address=" + address + ",state=" + (info == null ? "unreachable" : "up") + ",keys="
                        + keys + ",used_memory=" + memory);
    }

    /** Says that there is a near cache, and how it does on this event loop. */
    public void nearCache(int entries, long bytes, long hits, long misses) {
        near.add("near_keys:" + entries);
        near.add("near_bytes:" + bytes);
        near.add("near_hits:" + hits);
        near.add("near_misses:" + misses);
    }

    /** The report; without sections, all of it. */
    public String text(Set<String> sections) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        all.put("Server", server());
        all.put(
                "Clients",
                List.of(
                        "connected_clients:" + clients.count(),
                        "maxclients:" + clients.most(),
                        sum("blocked_clients")));
        all.put(
                "Memory",
                List.of(sum("used_memory"), sum("used_memory_rss"), sum("used_memory_peak"), sum("maxmemory")));
        all.put("Persistence", persistence());
        all.put("Stats", stats());
        all.put("Replication", List.of("role:master", "connected_slaves:0"));
        all.put("Cluster", List.of("cluster_enabled:0"));
        all.put("Nodes", List.copyOf(nodes.values()));
        all.put("Keyspace", keyspace());
        StringBuilder text = new StringBuilder();
        all.forEach((title, lines) -> {
            boolean wanted = sections.isEmpty()
                    || sections.stream().anyMatch(name -> ALL.contains(name) || name.equalsIgnoreCase(title));
            if (wanted) {
                text.append(text.isEmpty() ? "" : "\r\n")
                        .append("# ")
                        .append(title)
                        .append("\r\n");
                lines.forEach(line -> text.append(line).append("\r\n"));
            }
        });
        return text.toString();
    }

    private List<String> server() {
        ProcessHandle process = ProcessHandle.current();
        long startedMillis =
                process.info().startInstant().map(Instant::toEpochMilli).orElse(clock.unixMillis());
        long upSeconds = Math.max(0, clock.unixMillis() - startedMillis) / 1000;
        return List.of(
                "redis_version:" + Versions.REDIS,
                "redis_mode:standalone",
                "jackdaw_role:proxy",
                "os:" + System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                "arch_bits:64",
                "process_id:" + process.pid(),
                "tcp_port:" + options.port(),
                "io_threads:" + options.ioThreads(),
                "server_time_usec:" + 1000 * clock.unixMillis(),
                "uptime_in_seconds:" + upSeconds,
                "uptime_in_days:" + TimeUnit.SECONDS.toDays(upSeconds));
    }

    private List<String> stats() {
        List<String> lines = new ArrayList<>();
        lines.add("total_connections_received:" + clients.accepted());
        lines.add("rejected_connections:" + clients.refused());
        lines.add(sum("total_commands_processed"));
        lines.add(sum("instantaneous_ops_per_sec"));
        lines.add(sum("expired_keys"));
        lines.add(sum("evicted_keys"));
        lines.add(sum("keyspace_hits"));
        lines.add(sum("keyspace_misses"));
        lines.addAll(near);
        return lines;
    }

    private List<String> persistence() {
        List<String> lines = new ArrayList<>();
        atAny.forEach((field, value) -> lines.add(field + ":" + value));
        lines.add(sum("rdb_changes_since_last_save"));
        atAll.forEach((field, value) -> lines.add(field + ":" + value));
        return lines;
    }

    private List<String> keyspace() {
        List<String> lines = new ArrayList<>();
        databases.forEach((name, counts) -> lines.add(name + ":keys=" + counts[0] + ",expires=" + counts[1]
                + ",avg_ttl=" + counts[2] / Math.max(1, counts[1])));
        return lines;
    }

    /** Adds {@code keys=3,expires=1,avg_ttl=200}; returns the keys. */
    private long database(String name, String value) {
        long[] counts = databases.computeIfAbsent(name, unused -> new long[3]);
        Map<String, Long> facts = new TreeMap<>();
        for (String fact : value.split(",")) {
            int equals = fact.indexOf('=');
            if (equals > 0) {
                facts.put(fact.substring(0, equals), number(fact.substring(equals + 1)));
            }
        }
        long keys = facts.getOrDefault("keys", 0L);
        long expires = facts.getOrDefault("expires", 0L);
        counts[0] += keys;
        counts[1] += expires;
        counts[2] += expires * facts.getOrDefault("avg_ttl", 0L);
        return keys;
    }

    private String sum(String field) {
        return field + ":" + sums.get(field);
    }

    private static long number(String digits) {
        return digits.matches("-?\\d{1,18}") ? Long.parseLong(digits) : 0;
    }
}
