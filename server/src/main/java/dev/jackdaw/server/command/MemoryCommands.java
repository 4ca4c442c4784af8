package dev.jackdaw.server.command;

import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.Keyspace;
import dev.jackdaw.server.observe.ProcessFacts;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Owned by the event loop: the bodies of MEMORY, but for that of one key. Rarely asked, so they allocate. */
final class MemoryCommands {
    /** Below this the fixed cost of a process is most of what it takes, and ratios say nothing. */
    private static final long SMALL_BYTES = 64L << 20;

    private final Node node;
    private final Engine engine;

    MemoryCommands(Node node) {
        this.node = node;
        this.engine = node.engine();
    }

    /** Redis's names; what has no counterpart here is zero. */
    void stats(Call call) {
        node.observe();
        long used = engine.usedMemory();
        long held = engine.heldBytes();
        long resident = ProcessFacts.now().residentBytes();
        long index = engine.indexBytes();
        long overhead = used - engine.liveBytes() + index;
        long keys = 0;
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("peak.allocated", node.peakMemory());
        facts.put("total.allocated", used);
        facts.put("startup.allocated", 0L);
        facts.put("replication.backlog", 0L);
        facts.put("clients.slaves", 0L);
        facts.put("clients.normal", engine.bufferBytes());
        facts.put("cluster.links", 0L);
        facts.put("aof.buffer", node.log().waitingBytes());
        facts.put("lua.caches", 0L);
        facts.put("functions.caches", 0L);
        for (int i = 0; i < engine.databases(); i++) {
            Keyspace keyspace = engine.keyspace(i);
            keys += keyspace.size();
            if (keyspace.size() > 0) {
                facts.put("db." + i, keyspace);
            }
        }
        facts.put("overhead.total", overhead);
        facts.put("keys.count", keys);
        facts.put("keys.bytes-per-key", used / Math.max(1, keys));
        facts.put("dataset.bytes", used - overhead);
        facts.put("dataset.percentage", 100.0 * (used - overhead) / Math.max(1, used));
        facts.put("peak.percentage", 100.0 * used / Math.max(1, node.peakMemory()));
        facts.put("allocator.allocated", engine.liveBytes());
        facts.put("allocator.active", held);
        facts.put("allocator.resident", held);
        facts.put("allocator-fragmentation.ratio", (double) held / Math.max(1, engine.liveBytes()));
        facts.put("allocator-fragmentation.bytes", held - engine.liveBytes());
        facts.put("allocator-rss.ratio", 1.0);
        facts.put("allocator-rss.bytes", 0L);
        facts.put("rss-overhead.ratio", (double) resident / Math.max(1, held));
        facts.put("rss-overhead.bytes", resident - held);
        facts.put("fragmentation", (double) resident / Math.max(1, used));
        facts.put("fragmentation.bytes", resident - used);

        call.reply().map(facts.size());
        facts.forEach((name, value) -> {
            call.reply().bulkText(name);
            reply(value, call.reply());
        });
    }

    private static void reply(Object value, ReplyWriter reply) {
        switch (value) {
            case Keyspace keyspace -> {
                reply.map(3);
                reply.bulkText("overhead.hashtable.main");
                reply.integer(keyspace.indexBytes());
                reply.bulkText("overhead.hashtable.expires");
                reply.integer(0);
                reply.bulkText("overhead.hashtable.slot-to-keys");
                reply.integer(0);
            }
            case Double number -> reply.number(number);
            default -> reply.integer((Long) value);
        }
    }

    void doctor(Call call) {
        node.observe();
        call.reply().verbatim("txt", diagnosis());
    }

    private String diagnosis() {
        long used = engine.usedMemory();
        if (used < SMALL_BYTES) {
            return "There is too little data to say anything about its memory.\n";
        }
        StringBuilder findings = new StringBuilder();
        if (node.peakMemory() > used * 3 / 2) {
            findings.append("* At its peak, memory in use was more than half as large again as now.")
                    .append(" What is not needed goes back to the system by and by; MEMORY PURGE hurries it.\n");
        }
        if (engine.heldBytes() > used * 6 / 5) {
            findings.append("* More than a fifth of the memory held is not in use.")
                    .append(" Compaction works on it between commands; if this stays, sizes of values drift fast.\n");
        }
        if (engine.bufferBytes() > used / 4) {
            findings.append("* A quarter of the memory in use is clients' buffers.")
                    .append(" CLIENT LIST shows who reads too slowly or sends too much at once.\n");
        }
        return findings.isEmpty() ? "Nothing looks wrong.\n" : findings.toString();
    }

    void mallocStats(Call call) {
        call.reply()
                .verbatim(
                        "txt",
                        String.format(
                                Locale.ROOT,
                                "used by data and index: %d%nheld in pages: %d%nheld but unused: %d%n",
                                engine.liveBytes(),
                                engine.heldBytes(),
                                engine.heldBytes() - engine.liveBytes()));
    }

    void purge(Call call) {
        engine.trim();
        call.reply().ok();
    }
}
