package dev.jackdaw.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/** The arrows between packages, and what the packages that own data must not have. */
class ArchitectureTest {
    /** Packages from the top down: each may use those after it in its own module, and of other modules those named below. */
    private static final List<String> PROTOCOL = List.of("command", "route", "topology", "resp", ".", "raw");

    private static final List<String> SERVER = List.of(
            ".",
            "net",
            "command",
            "script",
            "replication",
            "persistence",
            "cluster",
            "pubsub",
            "bus",
            "acl",
            "observe",
            "value",
            "engine",
            "config",
            "memory");

    private static final List<String> PROXY = List.of(".", "cli", "net", "route", "near", "local", "config");

    private static final Map<String, List<String>> MODULES =
            Map.of("protocol", PROTOCOL, "server", SERVER, "proxy", PROXY);

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ArchitectureTest::isMain)
            .importPackages("dev.jackdaw.protocol", "dev.jackdaw.server", "dev.jackdaw.proxy");

    /** Of arrays only private ones, which are tables; of collections only those that cannot change. */
    private static final ArchCondition<JavaField> HOLD_A_CONSTANT = new ArchCondition<>("hold a constant") {
        @Override
        public void check(JavaField field, ConditionEvents events) {
            JavaClass type = field.getRawType();
            boolean constant = type.isArray()
                    ? field.getModifiers().contains(JavaModifier.PRIVATE)
                    : HOLDERS.stream().noneMatch(type::isAssignableTo) || isUnchangeable(field.reflect());
            if (!constant) {
                events.add(SimpleConditionEvent.violated(field, field.getDescription() + " can change"));
            }
        }
    };

    private static final List<Class<?>> HOLDERS = List.of(
            Collection.class,
            Map.class,
            ThreadLocal.class,
            StringBuilder.class,
            AtomicInteger.class,
            AtomicLong.class,
            AtomicReference.class,
            LongAdder.class);

    @Test
    void every_package_has_its_place_in_the_list() {
        assertThat(CLASSES).isNotEmpty().allSatisfy(type -> {
            String[] names = type.getPackageName().split("\\.");
            assertThat(MODULES.get(names[2]))
                    .as("packages of the module %s, for %s", names[2], type.getName())
                    .contains(names.length == 3 ? "." : names[3]);
        });
    }

    @Test
    void packages_use_only_those_below_them() {
        LayeredArchitecture layers = layeredArchitecture().consideringOnlyDependenciesInLayers();
        for (String module : MODULES.keySet()) {
            for (String name : MODULES.get(module)) {
                layers = layers.optionalLayer(module + " " + name).definedBy(pattern(module, name));
            }
        }
        for (String module : MODULES.keySet()) {
            List<String> names = MODULES.get(module);
            for (int i = 0; i < names.size(); i++) {
                String[] below = below(module, names.subList(i + 1, names.size()));
                layers = below.length == 0
                        ? layers.whereLayer(module + " " + names.get(i)).mayNotAccessAnyLayer()
                        : layers.whereLayer(module + " " + names.get(i)).mayOnlyAccessLayers(below);
            }
        }
        layers.check(CLASSES);
    }

    @Test
    void packages_have_no_cycles() {
        slices().matching("dev.jackdaw.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void protocol_knows_only_the_buffers_of_netty() {
        noClasses()
                .that()
                .resideInAPackage("dev.jackdaw.protocol..")
                .should()
                .dependOnClassesThat(in("io.netty").and(DescribedPredicate.not(in("io.netty.buffer"))))
                .check(CLASSES);
    }

    @Test
    void store_and_engine_know_no_network() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.jackdaw.server.memory..", "dev.jackdaw.server.engine..")
                .should()
                .dependOnClassesThat(in("io.netty"))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void store_knows_nothing_of_redis() {
        noClasses()
                .that()
                .resideInAPackage("dev.jackdaw.server.memory..")
                .should()
                .dependOnClassesThat(
                        in("dev.jackdaw.protocol").and(DescribedPredicate.not(in("dev.jackdaw.protocol.raw"))))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    /** One process can then host several engines, one for each core. */
    @Test
    void what_owns_data_has_no_static_mutable_state() {
        fields().that()
                .areStatic()
                .and()
                .doNotHaveModifier(JavaModifier.SYNTHETIC)
                .and()
                .areDeclaredInClassesThat()
                .resideInAnyPackage(
                        "dev.jackdaw.server.memory..", "dev.jackdaw.server.engine..", "dev.jackdaw.server.command..")
                .should()
                .beFinal()
                .andShould(HOLD_A_CONSTANT)
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    private static boolean isUnchangeable(Field field) {
        try {
            field.setAccessible(true);
            return field.get(null).getClass().getName().startsWith("java.util.ImmutableCollections$");
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isMain(Location location) {
        return !location.contains("/test-classes/") && !location.contains("-tests.jar");
    }

    private static String pattern(String module, String name) {
        return "dev.jackdaw." + module + (name.equals(".") ? "" : "." + name + "..");
    }

    private static String[] below(String module, List<String> names) {
        List<String> layers = new ArrayList<>();
        names.forEach(name -> layers.add(module + " " + name));
        if (!module.equals("protocol")) {
            PROTOCOL.forEach(name -> layers.add("protocol " + name));
        }
        return layers.toArray(String[]::new);
    }

    private static DescribedPredicate<JavaClass> in(String root) {
        return JavaClass.Predicates.resideInAPackage(root + "..");
    }
}
