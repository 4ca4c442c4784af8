package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.command.HyperLogLogCommand;
import dev.jackdaw.server.algorithm.CardinalityEstimate;
import dev.jackdaw.server.algorithm.HyperLogLog;
import dev.jackdaw.server.config.Directive;
import dev.jackdaw.server.engine.KeyEvent;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.engine.Stats;
import dev.jackdaw.server.memory.DenseRegisters;
import dev.jackdaw.server.memory.Heap;
import java.util.Arrays;

/** Owned by the event loop: the bodies of the commands on HyperLogLogs. */
final class HyperLogLogHandlers {
    private static final int VALUES = 64;

    private final Heap heap;
    private final Stats stats;
    private final HyperLogLog log = new HyperLogLog();
    /** The largest of each register, while several are put together. */
    private final byte[] registers = new byte[DenseRegisters.COUNT];

    private final int[] histogram = new int[VALUES];

    HyperLogLogHandlers(Node node) {
        this.heap = node.engine().heap();
        this.stats = node.engine().stats();
        node.config().follow(Directive.HLL_SPARSE_MAX_BYTES, log::maxSparseBytes);
    }

    void run(HyperLogLogCommand command, Call call) {
        switch (command) {
            case PFADD -> pfadd(call);
            case PFCOUNT -> pfcount(call);
            case PFMERGE -> pfmerge(call);
            case PFDEBUG -> pfdebug(call);
            case PFSELFTEST -> pfselftest(call);
        }
    }

    private void pfadd(Call call) {
        long entry = call.write(1, Kind.Type.STRING);
        boolean updated = entry == 0;
        turnOrCreate(call, entry);
        try {
            for (int i = 2; i < call.count(); i++) {
                updated |= log.add(call.address(i), call.length(i));
            }
        } finally {
            // A corrupted one may have been changed before it was found out.
            if (updated) {
                log.settle();
            }
        }
        if (updated) {
            call.event(KeyEvent.PFADD, 1);
        }
        call.reply().integer(updated ? 1 : 0);
    }

    private void turnOrCreate(Call call, long entry) {
        if (entry == 0) {
            log.create(call.keyspace(), call.address(1), call.length(1));
        } else {
            log.at(call.keyspace(), entry);
        }
        log.makeRaw();
    }

    private void pfcount(Call call) {
        if (call.count() > 2) {
            merge(call);
            call.reply().integer(estimate());
            return;
        }
        long entry = call.read(1, Kind.Type.STRING);
        if (entry == 0) {
            call.reply().integer(0);
            return;
        }
        log.at(call.keyspace(), entry);
        log.makeRaw();
        if (log.count() < 0) {
            Arrays.fill(registers, (byte) 0);
            log.mergeInto(registers);
            log.settle();
            log.count(estimate());
        }
        call.reply().integer(log.count());
    }

    /** Puts the registers of all keys together; returns whether any of them is dense. */
    private boolean merge(Call call) {
        boolean dense = false;
        Arrays.fill(registers, (byte) 0);
        for (int i = 1; i < call.count(); i++) {
            long entry = call.read(i, Kind.Type.STRING);
            if (entry != 0) {
                log.at(call.keyspace(), entry);
                log.mergeInto(registers);
                dense |= !log.isSparse();
            }
        }
        return dense;
    }

    private long estimate() {
        Arrays.fill(histogram, 0);
        for (byte value : registers) {
            histogram[value]++;
        }
        return CardinalityEstimate.of(histogram, DenseRegisters.COUNT);
    }

    private void pfmerge(Call call) {
        boolean dense = merge(call);
        long entry = call.write(1);

        turnOrCreate(call, entry);
        if (dense) {
            log.makeDense();
        }
        for (int i = 0; i < registers.length; i++) {
            if (registers[i] > 0) {
                log.raise(i, registers[i]);
            }
        }
        log.settle();
        call.event(KeyEvent.PFADD, 1);
        call.reply().ok();
    }

    // --- For tests ---

    private void pfdebug(Call call) {
        long entry = call.write(2, Kind.Type.STRING);
        if (entry == 0) {
            throw new Refusal(CommandError.NO_SPECIFIED_KEY);
        }
        log.at(call.keyspace(), entry);
        log.makeRaw();
        if (call.is(1, "GETREG")) {
            toDense();
            call.reply().array(DenseRegisters.COUNT);
            for (int i = 0; i < DenseRegisters.COUNT; i++) {
                call.reply().integer(log.register(i));
            }
        } else if (call.is(1, "DECODE")) {
            if (!log.isSparse()) {
                throw new Refusal(CommandError.NOT_SPARSE);
            }
            call.reply().bulkText(log.runs());
        } else if (call.is(1, "ENCODING")) {
            call.reply().simple(log.isSparse() ? "sparse" : "dense");
        } else if (call.is(1, "TODENSE")) {
            call.reply().integer(toDense() ? 1 : 0);
        } else {
            throw new Refusal(CommandError.unknownPfdebug(call.text(1)));
        }
    }

    private boolean toDense() {
        boolean wasSparse = log.isSparse();
        if (wasSparse) {
            log.makeDense();
            // To those who watch the key it is the same.
            stats.changes++;
        }
        return wasSparse;
    }

    /** Writes a pattern to all registers and reads it back. */
    private void pfselftest(Call call) {
        long dense = heap.allocate(DenseRegisters.BYTES);
        try {
            for (int round = 0; round < VALUES; round++) {
                for (int i = 0; i < DenseRegisters.COUNT; i++) {
                    DenseRegisters.set(dense, i, i + round & VALUES - 1);
                }
                for (int i = 0; i < DenseRegisters.COUNT; i++) {
                    if (DenseRegisters.get(dense, i) != (i + round & VALUES - 1)) {
                        throw new Refusal(CommandError.registerTestFailed(i));
                    }
                }
            }
        } finally {
            heap.free(dense, DenseRegisters.BYTES);
        }
        call.reply().ok();
    }
}
