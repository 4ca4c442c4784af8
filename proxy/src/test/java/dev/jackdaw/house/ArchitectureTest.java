package dev.jackdaw.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The arrows between packages, and what the packages that own data must not have. */
class ArchitectureTest {
    /** A row of the table in the document: a module where it begins, and packages of it. */
    private static final Pattern ROW = Pattern.compile("\\| (\\w+)? ?\\| (`[\\w.]+`(?:, `[\\w.]+`)*) \\|.*");

    /** The packages of each module from the top down: each may use those after it, and all of protocol's. */
    private static final Map<String, List<String>> MODULES = readTable();

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
    void the_table_in_the_document_names_every_package_and_no_other() {
        Map<String, Set<String>> found = CLASSES.stream()
                .collect(groupingBy(ArchitectureTest::module, mapping(ArchitectureTest::place, toSet())));
        assertThat(found.keySet()).containsExactlyInAnyOrderElementsOf(MODULES.keySet());
        assertThat(MODULES)
                .allSatisfy((module, places) ->
                        assertThat(places).as(module).containsExactlyInAnyOrderElementsOf(found.get(module)));
    }

    @Test
    void packages_use_only_those_below_them() {
        assertThat(CLASSES.stream()
                        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                        .filter(arrow -> arrow.getTargetClass().getPackageName().startsWith("dev.jackdaw"))
                        .filter(arrow -> !pointsDown(arrow.getOriginClass(), arrow.getTargetClass()))
                        .map(Dependency::getDescription))
                .isEmpty();
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
                        "dev.jackdaw.server.memory..",
                        "dev.jackdaw.server.engine..",
                        "dev.jackdaw.server.algorithm..",
                        "dev.jackdaw.server.command..")
                .should()
                .beFinal()
                .andShould(HOLD_A_CONSTANT)
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    private static Map<String, List<String>> readTable() {
        Map<String, List<String>> modules = new LinkedHashMap<>();
        List<String> places = List.of();
        try {
            for (String line : Files.readAllLines(SourcesTest.ROOT.resolve("docs/ARCHITECTURE.md"))) {
                Matcher row = ROW.matcher(line);
                if (row.matches()) {
                    if (row.group(1) != null) {
                        places = modules.computeIfAbsent(row.group(1), module -> new ArrayList<>());
                    }
                    places.addAll(List.of(row.group(2).replace("`", "").split(", ")));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return modules;
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

    private static boolean pointsDown(JavaClass from, JavaClass to) {
        return module(from).equals(module(to))
                ? MODULES.get(module(from)).indexOf(place(from))
                        <= MODULES.get(module(to)).indexOf(place(to))
                : module(to).equals("protocol");
    }

    private static String module(JavaClass type) {
        return type.getPackageName().split("\\.")[2];
    }

    private static String place(JavaClass type) {
        String[] names = type.getPackageName().split("\\.");
        return names.length == 3 ? "." : names[3];
    }

    private static DescribedPredicate<JavaClass> in(String root) {
        return JavaClass.Predicates.resideInAPackage(root + "..");
    }
}
