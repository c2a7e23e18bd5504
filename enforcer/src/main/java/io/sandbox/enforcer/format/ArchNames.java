package io.sandbox.enforcer.format;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What others call architectures. Those that our tables do not have keep libseccomp's name in small
 * letters.
 */
enum ArchNames {
    X86_64("x86_64", "x86-64", "amd64"),
    X86("i386", "x86", "x86"),
    X32("x32", "x32", "x32"),
    AARCH64("aarch64", "arm64", "arm64"),
    ARM("arm", "arm", "arm"),
    PPC("ppc", "ppc", "ppc"),
    PPC64("ppc64", "ppc64", "ppc64"),
    PPC64LE("ppc64le", "ppc64-le", "ppc64le"),
    S390("s390", "s390", "s390"),
    S390X("s390x", "s390x", "s390x"),
    RISCV64("riscv64", "riscv64", "riscv64"),
    LOONGARCH64("loongarch64", "loongarch64", "loongarch64"),
    MIPS("mips", "mips", "mips"),
    MIPS64("mips64", "mips64", "mips64"),
    MIPS64N32("mips64n32", "mips64-n32", "mips64n32"),
    MIPSEL("mipsel", "mips-le", "mipsel"),
    MIPSEL64("mipsel64", "mips64-le", "mipsel64"),
    MIPSEL64N32("mipsel64n32", "mips64-le-n32", "mipsel64n32"),
    PARISC("parisc", "parisc", "parisc"),
    PARISC64("parisc64", "parisc64", "parisc64"),
    M68K("m68k", "m68k", "m68k"),
    SH("sh", "sh", "sh"),
    SHEB("sheb", "sheb", "sheb");

    private static final String LIBSECCOMP_PREFIX = "SCMP_ARCH_";

    private final String ours;
    private final String systemd;
    private final String container;

    ArchNames(String ours, String systemd, String container) {
        this.ours = ours;
        this.systemd = systemd;
        this.container = container;
    }

    /** From {@code SCMP_ARCH_X86_64}; as crun, also without the prefix. Empty if unknown. */
    static Optional<String> ofLibseccomp(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        String word =
                upper.startsWith(LIBSECCOMP_PREFIX)
                        ? upper.substring(LIBSECCOMP_PREFIX.length())
                        : upper;
        return all().stream().filter(a -> a.name().equals(word)).map(a -> a.ours).findFirst();
    }

    static String toLibseccomp(String ours) {
        return LIBSECCOMP_PREFIX + find(ours).map(Enum::name).orElse(ours.toUpperCase(Locale.ROOT));
    }

    /** From the words of container profiles' includes and excludes. */
    static String ofContainer(String name) {
        return all().stream()
                .filter(a -> a.container.equals(name))
                .map(a -> a.ours)
                .findFirst()
                .orElse(name);
    }

    static String toContainer(String ours) {
        return find(ours).map(a -> a.container).orElse(ours);
    }

    /** From the words of {@code SystemCallArchitectures=}; empty if unknown. */
    static Optional<String> ofSystemd(String name) {
        return all().stream().filter(a -> a.systemd.equals(name)).map(a -> a.ours).findFirst();
    }

    static String toSystemd(String ours) {
        return find(ours).map(a -> a.systemd).orElse(ours);
    }

    private static Optional<ArchNames> find(String ours) {
        return all().stream().filter(a -> a.ours.equals(ours)).findFirst();
    }

    private static List<ArchNames> all() {
        return List.of(values());
    }
}
