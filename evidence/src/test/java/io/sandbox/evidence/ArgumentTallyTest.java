// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.SyscallDb;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentTallyTest {
    private static final int S390X = 0x80000016;
    private static final int SOCKET = 41;
    private static final int MMAP = 9;
    private static final int LIMIT = 2;

    private record Call(int arch, int number, long... registers) implements Sighting {
        @Override
        public int pid() {
            return 1;
        }

        @Override
        public long timeMillis() {
            return 0;
        }

        @Override
        public long instructionPointer() {
            return 0;
        }

        @Override
        public boolean isOfExecutable(byte[] key) {
            return true;
        }

        @Override
        public byte[] executableKey() {
            return new byte[0];
        }

        @Override
        public Optional<String> executable() {
            return Optional.empty();
        }

        @Override
        public OptionalLong argument(int index) {
            return index < registers.length
                    ? OptionalLong.of(registers[index])
                    : OptionalLong.empty();
        }
    }

    private static Optional<List<String>> arguments(int limit, Call... calls) {
        return arguments(ArgumentDetail.values(limit), calls);
    }

    private static Optional<List<String>> arguments(ArgumentDetail detail, Call... calls) {
        EvidenceCollector collector =
                new EvidenceCollector(0, sighting -> Optional.empty(), detail);
        Arrays.stream(calls).forEach(collector::add);
        return collector.programs().get(0).calls().get(0).arguments();
    }

    private static Call socket(long family, long type) {
        return new Call(RandomRecordings.X86_64, SOCKET, family, type, 6);
    }

    /**
     * The upper half of an int argument is what the caller's register had; the kernel ignores it.
     */
    @Test
    void arguments_ofInts_areTheLowerHalves() {
        assertEquals(
                Optional.of(
                        List.of(
                                "arg0&0xffffffff==1,arg1&0xffffffff==2,arg2&0xffffffff==6",
                                "arg0&0xffffffff==4294967295,arg1&0xffffffff==1"
                                        + ",arg2&0xffffffff==6")),
                arguments(LIMIT, socket(-1, 1), socket(1, 2), socket(0x500000001L, 2)));
    }

    @Test
    void arguments_ofLongs_areWhole() {
        assertEquals(
                Optional.of(List.of("arg2==18446744073709551615")),
                arguments(LIMIT, new Call(RandomRecordings.X86_64, MMAP, 0, 0, -1)));
    }

    /** Writing makes no difference without executing, and flags of a socket none at all. */
    @Test
    void arguments_ofClasses_areCoarse() {
        assertEquals(
                Optional.of(List.of("arg2&0x4==0", "arg2&0x6==4", "arg2&0x6==6")),
                arguments(
                        ArgumentDetail.CLASSES,
                        IntStream.range(0, 8)
                                .mapToObj(
                                        protection ->
                                                new Call(
                                                        RandomRecordings.X86_64,
                                                        MMAP,
                                                        0,
                                                        0,
                                                        protection))
                                .toArray(Call[]::new)));
        assertEquals(
                Optional.of(List.of("arg0&0xffffffff==1,arg1&0xf==1,arg2&0xffffffff==6")),
                arguments(ArgumentDetail.CLASSES, socket(1, 0x80001), socket(1, 1)));
    }

    /** Without O_CREAT the mode is what was left in the register. */
    @Test
    void arguments_ofModes_countOnlyForNewFiles() {
        int openat = 257;
        assertEquals(
                Optional.of(
                        List.of(
                                "arg2&0x40==0",
                                "arg2&0x40==64,arg3&0xc00==0",
                                "arg2&0x40==64,arg3&0xc00==2048")),
                arguments(
                        ArgumentDetail.MODES,
                        new Call(RandomRecordings.X86_64, openat, 0, 0, 1, 0xc00),
                        new Call(RandomRecordings.X86_64, openat, 0, 0, 0x80000, 0),
                        new Call(RandomRecordings.X86_64, openat, 0, 0, 0x41, 0x1a4),
                        new Call(RandomRecordings.X86_64, openat, 0, 0, 0x41, 0x9ed)));
        assertEquals(
                Optional.empty(),
                arguments(
                        ArgumentDetail.CLASSES,
                        new Call(RandomRecordings.X86_64, openat, 0, 0, 0x41, 0x1a4)));
    }

    /** Of an address it matters only whether there is one. */
    @Test
    void arguments_ofSendto_sayIfItHasNoAddress() {
        int sendto = 44;
        assertEquals(
                Optional.of(List.of("arg3&0x1==0", "arg3&0x1==1,arg4==0")),
                arguments(
                        ArgumentDetail.CLASSES,
                        new Call(RandomRecordings.X86_64, sendto, 0, 0, 0, 0x4000, 1L << 40),
                        new Call(RandomRecordings.X86_64, sendto, 0, 0, 0, 0, 8),
                        new Call(RandomRecordings.X86_64, sendto, 0, 0, 0, 1, 0)));
    }

    /** The kernel's programs have room for so many, on two architectures together. */
    @Test
    void calls_watched_areFew() {
        for (ArgumentDetail detail : List.of(ArgumentDetail.MANY_VALUES, ArgumentDetail.MODES)) {
            long both =
                    Stream.of("x86_64", "i386")
                            .map(name -> SyscallDb.get().archByName(name).orElseThrow())
                            .mapToLong(
                                    arch ->
                                            WatchedArgument.calls(detail).stream()
                                                    .filter(
                                                            call ->
                                                                    !WatchedArgument.of(
                                                                                    arch, call,
                                                                                    detail)
                                                                            .isEmpty())
                                                    .count())
                            .sum();
            assertTrue(both <= 64, detail + ": " + both);
        }
        assertTrue(
                WatchedArgument.calls(ArgumentDetail.MANY_VALUES)
                        .containsAll(WatchedArgument.calls(ArgumentDetail.CLASSES)));
    }

    @Test
    void arguments_moreThanTheLimit_areNone() {
        assertEquals(
                Optional.empty(),
                arguments(LIMIT, socket(1, 1), socket(2, 1), socket(3, 1), socket(1, 1)));
    }

    @Test
    void arguments_oneThatIsNotKnown_areNone() {
        assertEquals(
                Optional.empty(),
                arguments(LIMIT, socket(1, 1), new Call(RandomRecordings.X86_64, SOCKET, 1)));
    }

    @Test
    void arguments_notAskedFor_areNone() {
        assertEquals(Optional.empty(), arguments(0, socket(1, 1)));
    }

    @Test
    void arguments_ofACallThatChoosesNothing_areNone() {
        assertEquals(Optional.empty(), arguments(LIMIT, new Call(RandomRecordings.X86_64, 0, 1)));
    }

    /** The flags of clone are its second argument on such arches. */
    @Test
    void arguments_inAnotherOrder_areNone() {
        assertEquals(Optional.empty(), arguments(LIMIT, new Call(S390X, 120, 0, 17)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "arg0", "arg0==1):execve(arg0==1", "arg0==1):", "arg6==1"})
    void arguments_thatAreNoConditions_areRefused(String text) {
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        new CallEvidence(
                                1,
                                1,
                                0,
                                OptionalLong.empty(),
                                Optional.empty(),
                                Optional.of(List.of(text))));
    }

    @Test
    void find_argumentOfACall_isTheOneOfThatIndex() {
        assertEquals(List.of("SOCK_"), WatchedArgument.find("socket", 1).orElseThrow().prefixes());
        assertEquals(Optional.empty(), WatchedArgument.find("socket", 3));
        assertEquals(Optional.empty(), WatchedArgument.find("read", 0));
    }
}
