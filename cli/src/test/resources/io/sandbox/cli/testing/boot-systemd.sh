#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Boots systemd as process 1 of namespaces of its own, on a copy of this system
# that is kept in memory. Its first child is that systemd.
# Usage: boot-systemd.sh FOLDER PATH...
#
#   FOLDER   is /mnt in it
#   PATH     is there at the same place, however it is mounted here
#   LOWER    (a variable) is copied in place of this system
set -eu
if [ "$1" != inside ]; then
	groups=$(mktemp -d)
	mount -t cgroup2 none "$groups"
	# Nobody is left who could remove these at the end.
	for left in "$groups"/sandbox-test-*; do
		[ -d "/proc/${left##*-}" ] || find "$left" -depth -type d -exec rmdir {} + || true
	done 2>/dev/null
	mkdir "$groups/sandbox-test-$$"
	echo $$ >"$groups/sandbox-test-$$/cgroup.procs"
	umount "$groups"
	rmdir "$groups"
	exec unshare --mount --uts --ipc --net --cgroup --pid --fork --kill-child \
		--propagation private "$0" inside "$@"
fi
shift
folder=$1
shift
memory=$(mktemp -d)
mount -t tmpfs none "$memory"
mkdir "$memory/upper" "$memory/work" "$memory/root"
root=$memory/root
mount -t overlay -o "lowerdir=${LOWER-/},upperdir=$memory/upper,workdir=$memory/work" none "$root"
mkdir -p "$root/old"
mount -t tmpfs none "$root/run"
mount -t proc proc "$root/proc"
mount --bind "$root/proc/sys" "$root/proc/sys"
mount -o remount,bind,ro "$root/proc/sys"
mount -t sysfs none "$root/sys"
mount -t cgroup2 none "$root/sys/fs/cgroup"
mount -o remount,bind,ro "$root/sys"
# In a folder with the sticky bit, a device of another owner cannot be opened by ">".
mount -t tmpfs -o mode=755 none "$root/dev"
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 none "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
for device in null zero full random urandom tty; do
	: >"$root/dev/$device"
	mount --bind "/dev/$device" "$root/dev/$device"
done
mount --bind "$folder" "$root/mnt"
for path; do
	mount --bind "$path" "$root$path"
done
ip link set lo up
# Newer than /usr, so that nothing is brought up to date.
: >"$root/etc/.updated"
units=$root/etc/systemd/system
find "$units" -mindepth 2 -path '*.wants/*' -delete
for unit in systemd-sysctl systemd-udevd systemd-networkd systemd-resolved \
	systemd-timesyncd; do
	ln -sf /dev/null "$units/$unit.service"
done
# PATH may be below /tmp, over which it would mount.
ln -sf /dev/null "$units/tmp.mount"
cat >"$units/test.target" <<'END'
[Unit]
Requires=sysinit.target dbus.socket
After=sysinit.target dbus.socket
END
cd "$root"
pivot_root . old
# The shell is of the old root, whose last user it is.
exec chroot . env -i container=test "PATH=$PATH" sh -c \
	'umount -l /old; exec /lib/systemd/systemd --unit=test.target' </dev/null >/dev/null 2>&1
