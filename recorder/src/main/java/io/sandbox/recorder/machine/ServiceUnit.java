// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.machine;

import io.sandbox.outcome.CommandFailure;
import io.sandbox.syscalldb.Capability;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A service of systemd, and the drop-in by which its processes are recorded. */
public final class ServiceUnit {
    private static final String[] SETTINGS =
            "ExecCondition ExecStartPre ExecStart ExecStartPost ExecReload ExecStop ExecStopPost"
                    .split(" ");
    private static final String[] OF_COMMANDS =
            Stream.of(SETTINGS).map(each -> each + "Ex").toArray(String[]::new);
    private static final String OF_UNIT =
            "Id LoadState Transient RefuseManualStart RefuseManualStop SourcePath TriggeredBy";
    private static final String OF_SERVICE =
            "SystemCallFilter RestrictAddressFamilies RestrictNamespaces RestrictSUIDSGID"
                    + " AmbientCapabilities Environment RootDirectory RootImage MountAPIVFS"
                    + " NoExecPaths ProtectHome PrivateTmp User DynamicUser";

    // What sandbox-exec ends with if there is nothing to hand over.
    private static final int NOT_EXECUTABLE = 126;
    private static final int NOT_FOUND = 127;

    /** Names of units, which end in their kind (systemd.unit(5)). */
    private static final String KINDS =
            ".*\\.(service|socket|device|mount|automount|swap|target|path|timer|slice|scope)";

    private static final String FILTER = "SystemCallFilter";
    private static final String FAMILIES = "RestrictAddressFamilies";

    /**
     * What sandbox-exec needs from its start to the hand-over, and some units refuse: a unit that
     * has a list of ours already allows no more than its own programs need.
     */
    private static final String OWN_CALLS =
            "access arch_prctl brk clone close close_range connect exit_group faccessat2 fcntl"
                + " fstat getdents64 getpid getrandom gettid ioctl kill mmap mprotect munmap"
                + " newfstatat openat pidfd_getfd pidfd_open pipe2 poll ppoll prctl pread64"
                + " prlimit64 ptrace pwrite64 read readlink readlinkat recvfrom rseq rt_sigaction"
                + " rt_sigpending rt_sigprocmask seccomp sendmsg sendto set_robust_list"
                + " set_tid_address setsid socket tgkill wait4 waitid write";

    private static final String NAMESPACES = "RestrictNamespaces";
    private static final BigInteger ALL_NAMESPACES = new BigInteger("18446744073709551615");
    private static final String AMBIENT = "AmbientCapabilities";
    private static final String MODES = "RestrictSUIDSGID";

    /** Without it neither systemctl nor busctl work. */
    private static final Set<String> NEEDED = Set.of("dbus.service", "dbus-broker.service");

    private final Systemd manager;
    private final String name;
    private final Map<String, Object> unit;
    private final Map<String, Object> service;
    private final Map<String, List<ServiceCommand>> commands = new LinkedHashMap<>();

    private ServiceUnit(
            Systemd manager, String name, Map<String, Object> unit, Map<String, Object> service) {
        this.manager = manager;
        this.name = name;
        this.unit = unit;
        this.service = service;
        for (String setting : SETTINGS) {
            commands.put(setting, commands((List<?>) service.get(setting + "Ex")));
        }
    }

    private static List<ServiceCommand> commands(List<?> property) {
        List<ServiceCommand> commands = new ArrayList<>();
        for (Object each : property) {
            List<?> fields = (List<?>) each;
            commands.add(
                    new ServiceCommand(
                            fields.get(0).toString(), texts(fields.get(1)), texts(fields.get(2))));
        }
        return commands;
    }

    private static List<String> texts(Object list) {
        return ((List<?>) list).stream().map(Object::toString).toList();
    }

    /**
     * Asks systemd.
     *
     * @throws CommandFailure when there is none, or a drop-in could not have it recorded
     */
    public static ServiceUnit query(Systemd manager, String wanted) {
        if (!wanted.matches("[A-Za-z0-9:_.\\\\@-]+") || wanted.contains("@.")) {
            throw refusal(wanted, "not the name of one service");
        }
        String path = manager.objectPath(fullName(wanted));
        Map<String, Object> unit = manager.properties(path, "Unit", OF_UNIT.split(" "));
        String name = unit.get("Id").toString();
        if (!unit.get("LoadState").equals("loaded")) {
            throw refusal(name, "systemd says that it is " + unit.get("LoadState"));
        }
        if (!name.endsWith(".service")) {
            throw refusal(name, "not a service");
        }
        String[] properties =
                Stream.of(OF_SERVICE.split(" "), OF_COMMANDS)
                        .flatMap(Stream::of)
                        .toArray(String[]::new);
        try {
            return new ServiceUnit(
                    manager, name, unit, manager.properties(path, "Service", properties));
        } catch (IllegalArgumentException e) {
            throw refusal(name, e.getMessage());
        }
    }

    /** With its kind, which is that of a service if the name has none. */
    public static String fullName(String wanted) {
        return wanted.matches(KINDS) ? wanted : wanted + ".service";
    }

    public Systemd manager() {
        return manager;
    }

    public String name() {
        return name;
    }

    /** Sends its main process a signal. */
    public void signal(int number) {
        manager.run("kill", "--kill-who=main", "--signal=" + number, name);
    }

    /** The active units, such as sockets, that would start it again whenever it is stopped. */
    public List<String> queryTriggers() {
        return texts(unit.get("TriggeredBy")).stream()
                .filter(each -> manager.begin("is-active", "--quiet", each).complaint().isEmpty())
                .toList();
    }

    /**
     * Checks, before anything is changed, that a drop-in can have it recorded.
     *
     * @param sandboxExec the program that its commands are run by
     * @throws CommandFailure with the reason if not
     */
    public void requireRecordable(Path sandboxExec) {
        Optional<String> reason = obstacle(sandboxExec);
        if (reason.isPresent()) {
            throw refusal(name, reason.get());
        }
    }

    /** Whether podman has made it of a file about a container (podman-systemd.unit(5)). */
    public boolean isContainer() {
        return unit.get("SourcePath").toString().matches(".*\\.(container|kube|pod)");
    }

    private Optional<String> obstacle(Path sandboxExec) {
        if (isTrue(unit, "Transient")) {
            return Optional.of("it is transient: systemd forgets it when it ends");
        }
        if (isTrue(unit, "RefuseManualStart") || isTrue(unit, "RefuseManualStop")) {
            return Optional.of("it must not be started or stopped by hand");
        }
        if (NEEDED.contains(name)) {
            return Optional.of("systemctl itself needs it");
        }
        if (commands.get("ExecStart").stream().noneMatch(ServiceCommand::isSandboxed)) {
            return Optional.of("no ExecStart= that its sandbox is for");
        }
        if (hasOwnRoot() && !isTrue(service, "MountAPIVFS")) {
            return Optional.of("MountAPIVFS=no: its root has no place for sandbox-exec");
        }
        return hasOwnRoot() || reaches(sandboxExec)
                ? Optional.empty()
                : Optional.of(
                        "its processes cannot get at "
                                + sandboxExec
                                + " (use sandbox where all can read it: install the package)");
    }

    /** Whether its processes see another root than we, with a new and empty /run. */
    public boolean hasOwnRoot() {
        return !service.get("RootDirectory").equals("") || !service.get("RootImage").equals("");
    }

    private boolean reaches(Path file) {
        boolean home = List.of("home", "root").contains(file.getName(0).toString());
        boolean temporary = file.startsWith("/tmp") || file.startsWith("/var/tmp");
        if (home && !service.get("ProtectHome").equals("no")
                || temporary && isTrue(service, "PrivateTmp")) {
            return false;
        }
        boolean isRoot =
                List.of("", "root", "0").contains(service.get("User").toString())
                        && !isTrue(service, "DynamicUser");
        return isRoot || manager == Systemd.USER || isForAll(file);
    }

    private static boolean isForAll(Path file) {
        try {
            for (Path part = file; part != null; part = part.getParent()) {
                if (!Files.getPosixFilePermissions(part)
                        .contains(PosixFilePermission.OTHERS_EXECUTE)) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * The drop-in that has all its commands run by another program. systemd puts the unit's filter
     * in force for all of them, so all are recorded.
     *
     * @param starter the words of that program
     */
    public String dropIn(List<String> starter) {
        StringBuilder text = new StringBuilder("[Service]\n");
        commands.forEach(
                (setting, each) -> {
                    if (each.stream().anyMatch(ServiceCommand::isSandboxed)) {
                        text.append(setting).append("=\n");
                        each.forEach(
                                command ->
                                        text.append(setting)
                                                .append('=')
                                                .append(
                                                        command.isSandboxed()
                                                                ? command.text(starter)
                                                                : command.text())
                                                .append('\n'));
                    }
                });
        if (isRestricted(FILTER)) {
            text.append(FILTER + "=" + OWN_CALLS + "\n");
        }
        if (!((List<?>) service.get("NoExecPaths")).isEmpty()) {
            text.append("ExecPaths=").append(starter.get(0)).append('\n');
        }
        if (isRestricted(FAMILIES)) {
            text.append(FAMILIES + "=AF_UNIX\n");
        }
        return text.toString();
    }

    /** Settings that take these capabilities away, whatever the unit says. */
    public static String lacking(long capabilities) {
        String names = String.join(" ", Capability.unitNames(capabilities));
        return names.isEmpty()
                ? ""
                : "CapabilityBoundingSet=~" + names + "\n" + AMBIENT + "=~" + names + "\n";
    }

    /**
     * Calls that other settings of the unit answer with ENOSYS (seccomp-util.c of systemd 257), so
     * that no recording shows them. The C library then makes others, but a list without them would
     * kill: that has precedence.
     *
     * @return with the reasons
     */
    public Map<String, String> answeredBySettings() {
        Map<String, String> calls = new TreeMap<>();
        if (!service.get(NAMESPACES).equals(ALL_NAMESPACES)) {
            calls.put("clone3", NAMESPACES + "= answers it, and a list without it would kill");
        }
        if (isTrue(service, MODES)) {
            calls.put("openat2", MODES + "= answers it, and a list without it would kill");
        }
        return calls;
    }

    /**
     * The variables that its commands name, but that are not set, or set to nothing. systemd logs
     * that they are not set by calls of its own, when the unit's filter is in force already
     * (exec-invoke.c of systemd 257).
     */
    public Set<String> queryUnset(Instant since) {
        Set<String> unset = new TreeSet<>();
        for (String setting : texts(service.get("Environment"))) {
            String name = setting.substring(0, setting.length() - 1);
            if (setting.equals(name + "=")
                    && commands.values().stream()
                            .flatMap(List::stream)
                            .anyMatch(command -> command.names(name))) {
                unset.add(name);
            }
        }
        UnitJournal.queryUnset(manager, name, since).forEach(unset::add);
        return unset;
    }

    /**
     * What the journal says last of it, the oldest line first; without a time, of its last start.
     */
    public List<String> queryJournal(Optional<Instant> since) {
        Instant start = queryStart();
        // systemd remembers none of a unit that has ended well.
        Instant last = start.equals(Instant.EPOCH) ? Instant.now() : start;
        return UnitJournal.queryLast(manager, name, since.orElse(last));
    }

    /** The capabilities that it gives to programs of other users than root. */
    public long ambientCapabilities() {
        return ((Number) service.get(AMBIENT)).longValue();
    }

    /** Whether the unit does not use a setting, which could be stricter than one of ours. */
    public boolean leavesOff(String setting) {
        Object value =
                manager.properties(manager.objectPath(name), "Service", setting).get(setting);
        return value.equals(false) || value.equals("default");
    }

    /** How systemd-analyze(1) judges it now, such as {@code 9.6 UNSAFE}. */
    public String queryExposure() {
        return Systemd.lines(manager.command("systemd-analyze", "security", "--no-pager", name))
                .stream()
                .filter(line -> line.contains("exposure level"))
                .map(line -> line.replaceFirst(".*: ([0-9.]+ [A-Z]+).*", "$1"))
                .findFirst()
                .orElse("unknown");
    }

    private boolean isRestricted(String setting) {
        List<?> value = (List<?>) service.get(setting);
        return value.get(0).equals(true) || !((List<?>) value.get(1)).isEmpty();
    }

    private static boolean isTrue(Map<String, Object> properties, String property) {
        return properties.get(property).equals(true);
    }

    /**
     * How it goes at this moment.
     *
     * @param active as {@code systemctl is-active} says
     * @param sub what that means for a service
     * @param result {@code success}, or why it failed
     * @param restarts how often systemd has started it again by itself
     */
    public record State(String active, String sub, String result, int restarts) {
        /** Whether nothing of it runs, nor will without a request. */
        public boolean isOver() {
            return active.equals("inactive") || active.equals("failed") || sub.equals("exited");
        }

        public boolean isUp() {
            return !active.equals("inactive") && !active.equals("failed");
        }

        public boolean hasFailed() {
            return active.equals("failed") || !result.equals("success");
        }
    }

    /** The programs of the commands that its filter is for. */
    public List<String> programs() {
        return commands.values().stream()
                .flatMap(List::stream)
                .filter(ServiceCommand::isSandboxed)
                .map(ServiceCommand::path)
                .distinct()
                .toList();
    }

    /** When it was started last; 1970 if it was not since the boot. */
    public Instant queryStart() {
        String property = "InactiveExitTimestamp";
        Object micros =
                manager.properties(manager.objectPath(name), "Unit", property).get(property);
        return Instant.EPOCH.plus(((Number) micros).longValue(), ChronoUnit.MICROS);
    }

    public State queryState() {
        String path = manager.objectPath(name);
        Map<String, Object> states = manager.properties(path, "Unit", "ActiveState", "SubState");
        Map<String, Object> results = manager.properties(path, "Service", "Result", "NRestarts");
        return new State(
                states.get("ActiveState").toString(),
                states.get("SubState").toString(),
                results.get("Result").toString(),
                ((Number) results.get("NRestarts")).intValue());
    }

    /**
     * The processes of its commands since it was started last.
     *
     * @param starter the program that the commands are run by; others, and commands that could not
     *     be executed, do not count
     */
    public Set<Integer> queryStarted(Path starter) {
        Set<Integer> started = new HashSet<>();
        String path = manager.objectPath(name);
        for (Object property : manager.properties(path, "Service", OF_COMMANDS).values()) {
            for (Object each : (List<?>) property) {
                List<?> fields = (List<?>) each;
                int process = ((Number) fields.get(7)).intValue();
                int status = ((Number) fields.get(9)).intValue();
                if (process != 0
                        && fields.get(0).equals(starter.toString())
                        && status != NOT_EXECUTABLE
                        && status != NOT_FOUND) {
                    started.add(process);
                }
            }
        }
        return started;
    }

    /** All processes that systemd counts to it now. */
    public Set<Integer> queryProcesses() {
        Set<Integer> processes = new HashSet<>();
        String path = manager.objectPath(name);
        for (Object each : (List<?>) manager.call(path, "Service", "GetProcesses").get(0)) {
            processes.add(((Number) ((List<?>) each).get(1)).intValue());
        }
        return processes;
    }

    private static CommandFailure refusal(String name, String reason) {
        return CommandFailure.ownFailure("service " + name + ": " + reason);
    }
}
