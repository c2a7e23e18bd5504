// SPDX-License-Identifier: Apache-2.0
import java.util.ArrayList;
import java.util.List;
import java.util.function.*;

/** Each kind of lambda and method reference, and records, for packaging/Prelink.java. */
public final class Lambdas {
    private final String name;
    private static long sum;

    private Lambdas(String name) {
        this.name = name;
    }

    private String own(int n) {
        return name + n;
    }

    interface Named {
        String name();

        private String greet(String other) {
            return name() + " greets " + other;
        }

        default Function<String, String> greeting() {
            return this::greet;
        }
    }

    static class Inner {
        private static int twice(int n) {
            return 2 * n;
        }

        static IntUnaryOperator twice() {
            return Inner::twice;
        }
    }

    enum Size {
        SMALL(n -> n < 9);

        final IntPredicate test;

        Size(IntPredicate test) {
            this.test = test;
        }
    }

    record None() {}

    record All(boolean a, byte b, char c, short d, int e, long f, float g, double h, String i, int[] j) {
        static final All ONE = new All(true, (byte) 1, 'c', (short) 3, 4, 5, 6, Double.NaN, "i", new int[0]);

        /** Whether others are equal that have the same components, or others in one place. */
        static String compare() {
            All[] others = {
                new All(ONE.a, ONE.b, ONE.c, ONE.d, ONE.e, ONE.f, ONE.g, ONE.h, new String("i"), ONE.j),
                new All(!ONE.a, ONE.b, ONE.c, ONE.d, ONE.e, ONE.f, ONE.g, ONE.h, ONE.i, ONE.j),
                new All(ONE.a, (byte) 2, ONE.c, ONE.d, ONE.e, ONE.f, ONE.g, ONE.h, ONE.i, ONE.j),
                new All(ONE.a, ONE.b, 'd', ONE.d, ONE.e, ONE.f, ONE.g, ONE.h, ONE.i, ONE.j),
                new All(ONE.a, ONE.b, ONE.c, (short) 4, ONE.e, ONE.f, ONE.g, ONE.h, ONE.i, ONE.j),
                new All(ONE.a, ONE.b, ONE.c, ONE.d, 5, ONE.f, ONE.g, ONE.h, ONE.i, ONE.j),
                new All(ONE.a, ONE.b, ONE.c, ONE.d, ONE.e, 5 + (1L << 32), ONE.g, ONE.h, ONE.i, ONE.j),
                new All(ONE.a, ONE.b, ONE.c, ONE.d, ONE.e, ONE.f, -0f, ONE.h, ONE.i, ONE.j),
                new All(ONE.a, ONE.b, ONE.c, ONE.d, ONE.e, ONE.f, ONE.g, 1, ONE.i, ONE.j),
                new All(ONE.a, ONE.b, ONE.c, ONE.d, ONE.e, ONE.f, ONE.g, ONE.h, null, ONE.j),
                new All(ONE.a, ONE.b, ONE.c, ONE.d, ONE.e, ONE.f, ONE.g, ONE.h, ONE.i, new int[0]),
            };
            StringBuilder said = new StringBuilder();
            for (All other : others) {
                said.append(ONE.equals(other) ? '=' : '!');
            }
            boolean none = ONE.equals(null) || ONE.equals("i") || !new None().equals(new None());
            int hash = new All(true, (byte) 1, 'c', (short) 3, 4, 5, 6, 7, null, null).hashCode();
            return said + " " + none + " " + hash + " " + new None().hashCode() + " " + new None();
        }
    }

    static <T extends Comparable<T>> BinaryOperator<T> larger() {
        return (a, b) -> a.compareTo(b) > 0 ? a : b;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    public static void main(String[] arguments) {
        byte b = 1;
        char c = 'c';
        double d = 2.5;
        long l = 3;
        String text = "text";
        Runnable captures = () -> System.out.println(b + " " + c + " " + d + " " + l + " " + text);
        captures.run();
        Function<String, Lambdas> makes = Lambdas::new;
        Function<Integer, String> bound = makes.apply("own")::own;
        BiFunction<Lambdas, Integer, String> unbound = Lambdas::own;
        System.out.println(bound.apply(1) + " " + unbound.apply(new Lambdas("other"), 2));
        IntFunction<int[]> array = int[]::new;
        ToLongFunction<Integer> widened = Integer::intValue;
        Function<Integer, Object> boxed = Inner::twice;
        LongConsumer adds = n -> sum += n;
        Consumer<String> drops = new ArrayList<String>()::add;
        LongSupplier two = List.of(1L, 2L)::size;
        Supplier<Double> small = () -> d;
        DoubleUnaryOperator half = x -> x / 2;
        drops.accept("dropped");
        adds.accept(40);
        adds.accept(two.getAsLong());
        System.out.println(array.apply(3).length + " " + widened.applyAsLong(7) + " " + boxed.apply(4) + " " + sum);
        System.out.println(small.get() + " " + half.applyAsDouble(3) + " " + Inner.twice().applyAsInt(5));
        System.out.println(((Named) () -> "A").greeting().apply("B") + " " + Size.SMALL.test.test(3));
        System.out.println(Lambdas.<String>larger().apply("a", "b") + " " + Lambdas.<Integer>larger().apply(9, 8));
        System.out.println(All.compare());
        try {
            ((Consumer) (Consumer<String>) String::length).accept(5);
        } catch (ClassCastException e) {
            System.out.println("an Integer is no String");
        }
    }
}
