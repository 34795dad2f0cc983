package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// pathsVariable carries what a child may touch, as JSON of paths. A child that
// finds it confines itself and starts itself anew without it: Landlock binds
// threads, not processes, and only a fresh start puts all threads of Go and of C
// libraries behind it.
const pathsVariable = "ONEWINDOW_SANDBOX_PATHS"

// paths are what a child may touch.
type paths struct {
	Read  []string `json:"read"`  // read and execute
	Write []string `json:"write"` // read, make, change and remove
}

// kernelFolders are what language runtimes ask of the kernel. Of processes a
// child may know itself only: another's environment may hold secrets.
var kernelFolders = []string{
	"/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/filesystems", "/proc/sys",
	"/sys/devices/system/cpu", "/sys/kernel/mm", "/sys/fs/cgroup", "/dev/urandom", "/dev/random", "/dev/zero",
}

// visible lists what a child of cfg may touch, as the child sees it.
func visible(cfg *Config, exe string, room *scratch) paths {
	read := append([]string{exe, room.inside.in}, systemFolders...)
	read = append(append(read, kernelFolders...), cfg.ReadOnly...)
	write := append([]string{room.inside.out, room.inside.tmp, "/dev/null"}, cfg.Writable...)
	if room.inside.in != room.in { // /tmp is a folder of the room
		write = append(write, "/tmp")
	}
	return paths{Read: read, Write: write}
}

// The rights of Landlock, by the version of its interface that brought them.
const (
	rightsFile = unix.LANDLOCK_ACCESS_FS_EXECUTE | unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_READ_FILE |
		unix.LANDLOCK_ACCESS_FS_TRUNCATE
	rightsRead  = unix.LANDLOCK_ACCESS_FS_EXECUTE | unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_READ_DIR
	rightsWrite = rightsRead | rightsFile | unix.LANDLOCK_ACCESS_FS_REMOVE_DIR | unix.LANDLOCK_ACCESS_FS_REMOVE_FILE |
		unix.LANDLOCK_ACCESS_FS_MAKE_DIR | unix.LANDLOCK_ACCESS_FS_MAKE_REG | unix.LANDLOCK_ACCESS_FS_MAKE_SYM |
		unix.LANDLOCK_ACCESS_FS_REFER
	rightsFirst = unix.LANDLOCK_ACCESS_FS_MAKE_SYM<<1 - 1 // all rights of version 1
	scopes      = unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | unix.LANDLOCK_SCOPE_SIGNAL

	versionRefer    = 2
	versionTruncate = 3
	versionScopes   = 6
)

// ruleset is struct landlock_ruleset_attr as far as we use it.
type ruleset struct {
	files   uint64
	network uint64 // sockets are refused by the seccomp filter
	scoped  uint64
}

// landlockVersion returns the version of the kernel's interface, 0 without one.
func landlockVersion() int {
	v, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return 0
	}
	return int(v)
}

func rulesetFor(version int) ruleset {
	r := ruleset{files: rightsFirst}
	if version >= versionRefer {
		r.files |= unix.LANDLOCK_ACCESS_FS_REFER
	}
	if version >= versionTruncate {
		r.files |= unix.LANDLOCK_ACCESS_FS_TRUNCATE
	}
	if version >= versionScopes {
		r.scoped = scopes
	}
	return r
}

// errNoLandlock means that the kernel has none; other guards stand.
var errNoLandlock = errors.New("no Landlock in this kernel")

// shutIn confines the calling thread to the paths named by pathsVariable, then
// replaces the process by itself. It returns only without the variable or on failure.
func shutIn() error {
	raw := os.Getenv(pathsVariable)
	if raw == "" {
		return nil
	}
	if err := os.Unsetenv(pathsVariable); err != nil {
		return err
	}
	var p paths
	if err := json.Unmarshal([]byte(raw), &p); err != nil {
		return fmt.Errorf("read paths: %w", err)
	}
	runtime.LockOSThread() // never unlocked: the thread execs or is not used again
	if err := landlock(p); err != nil {
		return err
	}
	exe, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find own binary: %w", err)
	}
	return fmt.Errorf("start anew: %w", syscall.Exec(exe, os.Args, os.Environ()))
}

func landlock(p paths) error {
	version := landlockVersion()
	if version == 0 {
		return errNoLandlock
	}
	rules := rulesetFor(version)
	fd, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&rules)), unsafe.Sizeof(rules), 0)
	if errno != 0 {
		return fmt.Errorf("create ruleset: %w", errno)
	}
	defer unix.Close(int(fd))
	for _, path := range p.Read {
		if err := allow(int(fd), path, rightsRead&rules.files); err != nil {
			return err
		}
	}
	for _, path := range p.Write {
		if err := allow(int(fd), path, rightsWrite&rules.files); err != nil {
			return err
		}
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("set no_new_privs: %w", err)
	}
	if _, _, errno := unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, fd, 0, 0); errno != 0 {
		return fmt.Errorf("restrict: %w", errno)
	}
	return nil
}

// allow adds a path, if it exists, to a ruleset.
func allow(rules int, path string, rights uint64) error {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if errors.Is(err, unix.ENOENT) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return fmt.Errorf("stat %s: %w", path, err)
	}
	if st.Mode&unix.S_IFMT != unix.S_IFDIR {
		rights &= rightsFile
	}
	rule := unix.LandlockPathBeneathAttr{Allowed_access: rights, Parent_fd: int32(fd)}
	_, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(rules), unix.LANDLOCK_RULE_PATH_BENEATH,
		uintptr(unsafe.Pointer(&rule)), 0, 0, 0)
	if errno != 0 {
		return fmt.Errorf("allow %s: %w", path, errno)
	}
	return nil
}
