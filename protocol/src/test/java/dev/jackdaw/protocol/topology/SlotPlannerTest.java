package dev.jackdaw.protocol.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SlotPlannerTest {
    private static final long SEED = 20_250_101;

    private final Random random = new Random(SEED);
    private int lastPort = 6380;

    @Test
    void first_plan_has_one_run_for_each_shard() {
        Topology topology = SlotPlanner.first(shards(5));

        assertThat(topology.epoch()).isEqualTo(1);
        assertThat(topology.ranges()).hasSize(5);
        assertThat(load(topology)).isLessThan(1.01);
    }

    @Test
    void random_joins_and_leaves_keep_load_level_and_move_the_minimum() {
        List<Shard> shards = shards(6);
        Topology topology = SlotPlanner.first(shards);
        double moved = 0;
        double ideal = 0;
        for (int change = 0; change < 200; change++) {
            Topology before = topology;
            shards = changed(shards);
            topology = SlotPlanner.next(before, shards);

            assertThat(load(topology)).as("seed %d change %d", SEED, change).isLessThanOrEqualTo(1.01);
            assertThat(quotaError(topology)).isLessThan(1);
            moved += moved(before, topology);
            ideal += ideal(before, topology);
            assertThat((double) moved(before, topology))
                    .as("seed %d change %d", SEED, change)
                    .isLessThanOrEqualTo(1.01 * ideal(before, topology) + 1);
        }
        assertThat(moved / ideal).as("seed %d", SEED).isLessThanOrEqualTo(1.01);
        assertThat(topology.epoch()).isEqualTo(201);
        assertThat(topology.ranges().size()).isLessThan(40 * topology.shards().size());
    }

    @Test
    void one_change_leaves_at_most_two_ranges_a_shard() {
        for (int size = 1; size <= 20; size++) {
            List<Shard> shards = shards(size);
            Topology fresh = SlotPlanner.first(shards);
            for (int i = 0; i < 20; i++) {
                List<Shard> after = changed(shards);
                Topology topology = SlotPlanner.next(fresh, after);
                assertThat(topology.ranges().size())
                        .as("seed %d, %d shards", SEED, size)
                        .isLessThanOrEqualTo(2 * after.size());
            }
        }
    }

    @Test
    void order_of_shards_does_not_matter() {
        List<Shard> shards = shards(9);
        List<Shard> shuffled = new ArrayList<>(shards);
        Collections.shuffle(shuffled, random);
        assertThat(SlotPlanner.first(shuffled)).isEqualTo(SlotPlanner.first(shards));

        List<Shard> grown = new ArrayList<>(shards);
        grown.add(shard());
        List<Shard> grownShuffled = new ArrayList<>(grown);
        Collections.shuffle(grownShuffled, random);
        assertThat(SlotPlanner.next(SlotPlanner.first(shuffled), grownShuffled))
                .isEqualTo(SlotPlanner.next(SlotPlanner.first(shards), grown));
    }

    @Test
    void nothing_moves_without_a_change() {
        List<Shard> shards = shards(7);
        Topology topology = SlotPlanner.first(shards);

        assertThat(moved(topology, SlotPlanner.next(topology, shards))).isZero();
    }

    @Test
    void shard_of_weight_zero_is_drained() {
        List<Shard> shards = shards(3);
        Topology topology = SlotPlanner.first(shards);
        Shard leaving = shards.get(1);
        shards.set(1, new Shard(leaving.name(), 0, leaving.nodes()));

        Topology drained = SlotPlanner.next(topology, shards);

        assertThat(drained.slots(drained.shards().indexOf(shards.get(1)))).isZero();
    }

    @Test
    void shards_of_one_name_are_refused() {
        Shard shard = shard();
        assertThatThrownBy(() -> SlotPlanner.first(List.of(shard, shard))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SlotPlanner.first(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    private List<Shard> shards(int count) {
        List<Shard> shards = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            shards.add(shard());
        }
        return shards;
    }

    private Shard shard() {
        return Shard.of(new Node("10.0.0." + random.nextInt(255), ++lastPort), 2 + random.nextInt(5));
    }

    private List<Shard> changed(List<Shard> shards) {
        List<Shard> changed = new ArrayList<>(shards);
        if (changed.size() == 1 || (changed.size() < 24 && random.nextBoolean())) {
            changed.add(shard());
        } else {
            changed.remove(random.nextInt(changed.size()));
        }
        return changed;
    }

    private static double quota(Topology topology, Shard shard) {
        return (double) Topology.SLOTS
                * shard.weight()
                / topology.shards().stream().mapToInt(Shard::weight).sum();
    }

    private static double load(Topology topology) {
        double worst = 0;
        for (int i = 0; i < topology.shards().size(); i++) {
            worst = Math.max(
                    worst, topology.slots(i) / quota(topology, topology.shards().get(i)));
        }
        return worst;
    }

    private static double quotaError(Topology topology) {
        double worst = 0;
        for (int i = 0; i < topology.shards().size(); i++) {
            worst = Math.max(
                    worst,
                    Math.abs(topology.slots(i)
                            - quota(topology, topology.shards().get(i))));
        }
        return worst;
    }

    private static int moved(Topology before, Topology after) {
        int moved = 0;
        for (int slot = 0; slot < Topology.SLOTS; slot++) {
            if (!before.shard(slot).equals(after.shard(slot))) {
                moved++;
            }
        }
        return moved;
    }

    /** What must move whatever the planner does: what leavers owned, or a joiner's quota. */
    private static double ideal(Topology before, Topology after) {
        double ideal = 0;
        for (int i = 0; i < before.shards().size(); i++) {
            if (!after.shards().contains(before.shards().get(i))) {
                ideal += before.slots(i);
            }
        }
        for (Shard shard : after.shards()) {
            if (!before.shards().contains(shard)) {
                ideal += quota(after, shard);
            }
        }
        return ideal;
    }
}
