package dev.jackdaw.server.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.raw.Raw;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Owned by one test: the blocks that their owners know of, held against what the allocator knows. Each must be known to
 * both, once: then nothing has leaked, and nothing is used twice. On the way every slab, free list, wheel and sum is checked.
 */
public final class Inventory {
    /** Owned by one inventory: who has the block, and what it says of itself. */
    private record Block(Slabs owner, long address, int bytes, long expireAtMillis) {}

    private final Pages pages;
    private final Heap heap;
    private final Map<Long, Block> large = new HashMap<>();
    private final Map<Integer, List<Block>> slabs = new TreeMap<>();
    private final Map<Slabs, Long> usedBytes = new HashMap<>();
    private final Map<Slabs, Long> slabBytes = new HashMap<>();
    private final Map<Slabs, Integer> scheduled = new HashMap<>();
    /** Of mixed slabs: what holds nothing, and the holes that say that they are in a list. */
    private final Map<MixedSlabs, Long> loose = new HashMap<>();

    private final Map<MixedSlabs, Set<Long>> listed = new HashMap<>();
    private int lentPages;

    public Inventory(Memory memory) {
        this.pages = memory.pages();
        this.heap = memory.heap();
        owner(heap.slabs());
        heap.reserved.forEach(range -> add(heap, range.address(), (int) range.bytes()));
    }

    /** A block of the heap; returns what it takes. */
    public long add(Heap heap, long address, int bytes) {
        return add(heap.slabs(), address, bytes, Slabs.NEVER);
    }

    /** The handle of the value that begins at the root; the same. */
    long addHandle(Heap heap, long handle, long root) {
        assertThat(Raw.getLong(handle)).as("where a handle leads").isEqualTo(root);
        return add(heap, handle, Heap.HANDLE_BYTES);
    }

    /** A block of the value that has the handle; the same. */
    long addOwned(Heap heap, long address, int bytes, long handle) {
        assertThat(!heap.slabs().isHeaded(address) || MixedSlabs.owner(address - MixedSlabs.HEAD) == handle)
                .as("a block that knows whose it is")
                .isTrue();
        return add(heap, address, bytes);
    }

    /** What the working room takes that is kept. */
    public long reservedBytes() {
        return heap.reserved.stream()
                .mapToLong(range -> SizeClasses.taken(range.bytes()))
                .sum();
    }

    long add(Slabs owner, long address, int bytes, long expireAtMillis) {
        owner(owner);
        Block block = new Block(owner, address, bytes, expireAtMillis);
        if (bytes > SizeClasses.MAX_SMALL) {
            assertThat(large.put(address, block)).as("a block of two owners").isNull();
        } else {
            int page = pages.slab(address);
            slabs.computeIfAbsent(page, unused -> new ArrayList<>()).add(block);
        }
        usedBytes.merge(owner, slotBytes(owner, address, bytes), Long::sum);
        return SizeClasses.taken(bytes);
    }

    private static long slotBytes(Slabs owner, long address, int bytes) {
        return SizeClasses.taken(bytes) + (owner.isHeaded(address) ? MixedSlabs.HEAD : 0);
    }

    private void owner(Slabs owner) {
        usedBytes.putIfAbsent(owner, 0L);
        slabBytes.putIfAbsent(owner, 0L);
        scheduled.putIfAbsent(owner, 0);
    }

    /** To be called when all blocks were added. */
    public void check() {
        checkPages();
        slabs.values().forEach(this::checkSlab);
        large.values().forEach(this::checkLarge);
        usedBytes.forEach((owner, bytes) -> assertThat(owner.usedBytes()).isEqualTo(bytes));
        slabBytes.forEach((owner, bytes) -> assertThat(owner.slabBytes()).isEqualTo(bytes));
        scheduled.forEach((owner, count) -> checkWheel(owner.wheel, count));
        usedBytes.keySet().forEach(owner -> {
            checkHoles(owner.mixed);
            checkHoles(owner.headed);
        });
        assertThat(pages.looseBytes())
                .isEqualTo(loose.values().stream().mapToLong(Long::longValue).sum());
        assertThat(pages.lentBytes()).isEqualTo((long) lentPages << Pages.PAGE_SHIFT);
        long live = usedBytes.values().stream().mapToLong(Long::longValue).sum();
        assertThat(pages.liveBytes()).as("live bytes").isEqualTo(live);
    }

    // --- Pages ---

    private void checkPages() {
        long used = 0;
        Set<Integer> free = new HashSet<>();
        for (int page = 1; page < pages.top; ) {
            int tag = pages.tag(page);
            int order = tag & Pages.ORDER_MASK;
            if ((tag & Pages.FREE) != 0) {
                assertThat(page & (1 << order) - 1)
                        .as("a free block out of line")
                        .isZero();
                free.add(page);
                page += 1 << order;
                continue;
            }
            if ((tag & Pages.AWAY) != 0) {
                page += Pages.REGION;
                continue;
            }
            if ((tag & Pages.SLAB) != 0) {
                assertThat(slabs).as("a slab that nobody has").containsKey(page);
                long descriptor = pages.descriptor(page);
                used += Slabs.touched(descriptor);
                page += SizeClasses.slabPages(Raw.getShort(descriptor + Slabs.SIZE_CLASS));
            } else {
                Block block = large.get(pages.address(page));
                assertThat(block).as("a run of pages that nobody has").isNotNull();
                used += Pages.pagesFor(block.bytes);
                page += Pages.pagesFor(block.bytes);
            }
        }
        assertThat(pages.usedBytes()).isEqualTo(used << Pages.PAGE_SHIFT);
        long resident = checkFreeList(pages.free, free, false) + checkFreeList(pages.freeReleased, free, true);
        assertThat(free).as("free blocks in no list").isEmpty();
        assertThat(pages.idleBytes()).isEqualTo(resident << Pages.PAGE_SHIFT);
    }

    /** Returns the resident pages in the lists. */
    private long checkFreeList(int[] lists, Set<Integer> free, boolean released) {
        long resident = 0;
        for (int order = 0; order < lists.length; order++) {
            int previous = -1;
            for (int page = lists[order]; page >= 0; page = Raw.getInt(pages.descriptor(page) + Pages.NEXT)) {
                int tag = pages.tag(page);
                assertThat(free.remove(page)).as("a free block in two lists").isTrue();
                assertThat(tag & Pages.ORDER_MASK).isEqualTo(order);
                assertThat((tag & Pages.RELEASED) != 0).isEqualTo(released);
                assertThat(Raw.getInt(pages.descriptor(page) + Pages.PREVIOUS)).isEqualTo(previous);
                resident += order >= Pages.REGION_ORDER
                        ? (long) pages.residentRegions(page, order) << Pages.REGION_ORDER
                        : released ? 0 : 1 << order;
                previous = page;
            }
        }
        return resident;
    }

    // --- Slabs ---

    private void checkSlab(List<Block> blocks) {
        Slabs owner = blocks.getFirst().owner;
        int slab = pages.slab(blocks.getFirst().address);
        long descriptor = pages.descriptor(slab);
        int sizeClass = Raw.getShort(descriptor + Slabs.SIZE_CLASS);
        int touched = Slabs.touched(descriptor);
        assertThat(pages.slab(pages.address(slab))).isEqualTo(slab);
        assertThat(touched)
                .isBetween(Pages.pagesFor(Raw.getInt(descriptor + Slabs.BUMP)), SizeClasses.slabPages(sizeClass));
        for (Block block : blocks) {
            assertThat(block.owner).as("a slab of two owners").isSameAs(owner);
            checkExpiry(descriptor, block);
        }
        if (sizeClass == SizeClasses.MIXED || sizeClass == SizeClasses.HEADED) {
            checkMixed(blocks, slab, descriptor, mixed(owner, slab));
            checkLinks(owner, slab, descriptor, true);
        } else {
            checkSlots(blocks, slab, descriptor, sizeClass);
        }
        lentPages += Slabs.isResident(descriptor) ? SizeClasses.slabPages(sizeClass) - touched : 0;
        counted(owner, slab, touched);
    }

    private MixedSlabs mixed(Slabs owner, int slab) {
        return owner.isHeaded(pages.address(slab)) ? owner.headed : owner.mixed;
    }

    /** Slots and holes lie side by side. */
    private void checkMixed(List<Block> blocks, int slab, long descriptor, MixedSlabs mixed) {
        Slabs owner = blocks.getFirst().owner;
        NavigableMap<Long, Integer> slots = new TreeMap<>();
        for (Block block : blocks) {
            int slotBytes = (int) slotBytes(owner, block.address, block.bytes);
            long slot = block.address - slotBytes + SizeClasses.taken(block.bytes);
            assertThat(slots.put(slot, slotBytes)).as("a block of two owners").isNull();
        }
        long at = pages.address(slab);
        long end = at + Raw.getInt(descriptor + Slabs.BUMP);
        int used = 0;
        while (at < end) {
            Integer slotBytes = slots.remove(at);
            if (slotBytes != null) {
                assertThat(mixed == owner.mixed || mixed.slotBytes(at) == slotBytes)
                        .as("a head that knows its slot")
                        .isTrue();
                used += slotBytes;
                at += slotBytes;
            } else {
                assertThat(MixedSlabs.isHole(at))
                        .as("what is no slot is a hole")
                        .isTrue();
                if (MixedSlabs.isListed(at)) {
                    listed.computeIfAbsent(mixed, unused -> new HashSet<>()).add(at);
                }
                at += mixed.slotBytes(at);
            }
        }
        assertThat(at).as("the end of the last slot").isEqualTo(end);
        assertThat(slots).as("blocks in another, or beyond the bump").isEmpty();
        assertThat(Raw.getInt(descriptor + Slabs.USED) * Slabs.ALIGNMENT).isEqualTo(used);
        int touched = Slabs.touched(descriptor);
        loose.merge(mixed, ((long) touched << Pages.PAGE_SHIFT) - used, Long::sum);
    }

    /** Each list of holes has those of its group and size, and each hole that says so is in one. */
    private void checkHoles(MixedSlabs mixed) {
        Set<Long> expected = listed.getOrDefault(mixed, Set.of());
        Set<Long> found = new HashSet<>();
        for (int list = 0; list < mixed.holes.length; list++) {
            for (int sizeClass = 0; sizeClass < SizeClasses.COUNT; sizeClass++) {
                long previous = 0;
                for (long hole = mixed.holes[list][sizeClass]; hole != 0; hole = MixedSlabs.next(hole)) {
                    assertThat(expected).as("holes of the owner's slabs").contains(hole);
                    assertThat(found.add(hole)).as("a hole in two lists").isTrue();
                    assertThat(mixed.slotBytes(hole)).isEqualTo(mixed.slotBytesOf(sizeClass));
                    assertThat(previous == 0 || MixedSlabs.previous(hole) == previous)
                            .as("the hole before it")
                            .isTrue();
                    long group = Raw.getLong(pages.descriptor(pages.slab(hole)) + Slabs.GROUP);
                    assertThat(group == ExpiryGroups.NONE).isEqualTo(list == 0);
                    previous = hole;
                }
            }
        }
        assertThat(found).as("holes in lists").isEqualTo(expected);
        assertThat(mixed.wasteBytes()).isEqualTo(loose.getOrDefault(mixed, 0L));
    }

    private void checkSlots(List<Block> blocks, int slab, long descriptor, int sizeClass) {
        long start = pages.address(slab);
        int slotBytes = SizeClasses.bytes(sizeClass);
        int bump = Raw.getInt(descriptor + Slabs.BUMP);
        Set<Long> slots = new HashSet<>();
        for (Block block : blocks) {
            long offset = block.address - start;
            assertThat(SizeClasses.of(block.bytes)).isEqualTo(sizeClass);
            assertThat(offset % slotBytes).as("a block out of line").isZero();
            assertThat(offset).isLessThan(bump);
            assertThat(slots.add(offset)).as("a block of two owners").isTrue();
        }
        assertThat(Raw.getInt(descriptor + Slabs.USED)).as("blocks in a slab").isEqualTo(blocks.size());
        for (int free = Raw.getInt(descriptor + Slabs.FIRST_FREE); free != Slabs.NONE; ) {
            assertThat(slots.add((long) free)).as("a free slot that is used").isTrue();
            assertThat(Raw.getByte(start + free)).isZero();
            free = Raw.getInt(start + free + Slabs.NEXT_FREE);
        }
        assertThat(slots).as("slots below the bump").hasSize(bump / slotBytes);
        boolean hasRoom =
                Raw.getInt(descriptor + Slabs.FIRST_FREE) != Slabs.NONE || Slabs.hasFresh(descriptor, sizeClass);
        checkLinks(blocks.getFirst().owner, slab, descriptor, hasRoom);
    }

    private void checkLarge(Block block) {
        int slab = pages.page(block.address);
        assertThat(pages.address(slab)).isEqualTo(block.address);
        checkExpiry(pages.descriptor(slab), block);
        counted(block.owner, slab, Pages.pagesFor(block.bytes));
    }

    private static void checkExpiry(long descriptor, Block block) {
        long group = Raw.getLong(descriptor + Slabs.GROUP);
        if (block.expireAtMillis == Slabs.NEVER) {
            assertThat(group).isIn(ExpiryGroups.NONE, ExpiryGroups.ALIGNED);
        } else {
            assertThat(ExpiryGroups.hasRoomFor(group, block.expireAtMillis)).isTrue();
            assertThat(Raw.getLong(descriptor + Slabs.EARLIEST)).isLessThanOrEqualTo(block.expireAtMillis);
        }
    }

    /** A slab with room, or a mixed one, is in the list of its kind, any other is in none. */
    private void checkLinks(Slabs owner, int slab, long descriptor, boolean isLinked) {
        boolean found = false;
        for (int at = owner.head(descriptor); at != Slabs.NONE; at = Raw.getInt(pages.descriptor(at) + Slabs.NEXT)) {
            found |= at == slab;
        }
        assertThat(found).as("in the list of its kind").isEqualTo(isLinked);
    }

    private void counted(Slabs owner, int slab, int count) {
        slabBytes.merge(owner, (long) count << Pages.PAGE_SHIFT, Long::sum);
        boolean isScheduled = Raw.getLong(pages.descriptor(slab) + Slabs.EARLIEST) != Long.MAX_VALUE;
        scheduled.merge(owner, isScheduled ? 1 : 0, Integer::sum);
    }

    private void checkWheel(TimingWheel wheel, int expected) {
        int count = 0;
        for (int head = 0; head < wheel.heads.length; head++) {
            boolean bit = (wheel.occupied[head / Long.SIZE] >>> head & 1) != 0;
            assertThat(wheel.heads[head] != TimingWheel.NONE).isEqualTo(bit);
            int previous = -2 - head;
            for (int slab = wheel.heads[head]; slab != TimingWheel.NONE; ) {
                long descriptor = pages.descriptor(slab);
                assertThat(Raw.getInt(descriptor + TimingWheel.PREVIOUS)).isEqualTo(previous);
                int place = wheel.place(Math.max(wheel.now, Raw.getLong(descriptor + Slabs.EARLIEST)));
                int level = head / Long.SIZE - wheel.lowest;
                boolean isInOther = level < 0 || level >= TimingWheel.LEVELS;
                assertThat(place == head || isInOther || wheel.emptied > 0 && level == wheel.emptied)
                        .as("a slab at its place in the wheel")
                        .isTrue();
                count++;
                previous = slab;
                slab = Raw.getInt(descriptor + TimingWheel.NEXT);
            }
        }
        assertThat(count).as("slabs in the wheel").isEqualTo(expected);
    }
}
