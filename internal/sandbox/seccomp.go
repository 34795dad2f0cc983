package sandbox

import (
	"fmt"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// deniedCalls are the system calls no parser needs. Sockets of every family are
// among them: the protocol's socket is made by the parent. io_uring could open
// sockets past this filter. setsid would let a descendant leave the session by
// which the parent finds what to kill.
var deniedCalls = []uint32{
	unix.SYS_SOCKET, unix.SYS_CONNECT, unix.SYS_BIND, unix.SYS_LISTEN,
	unix.SYS_IO_URING_SETUP, unix.SYS_IO_URING_ENTER, unix.SYS_IO_URING_REGISTER,
	unix.SYS_PTRACE, unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV, unix.SYS_PIDFD_GETFD,
	unix.SYS_MOUNT, unix.SYS_UMOUNT2, unix.SYS_PIVOT_ROOT, unix.SYS_CHROOT, unix.SYS_SETNS, unix.SYS_UNSHARE,
	unix.SYS_FSOPEN, unix.SYS_FSMOUNT, unix.SYS_MOVE_MOUNT, unix.SYS_OPEN_TREE,
	unix.SYS_BPF, unix.SYS_PERF_EVENT_OPEN, unix.SYS_USERFAULTFD,
	unix.SYS_KEXEC_LOAD, unix.SYS_INIT_MODULE, unix.SYS_FINIT_MODULE, unix.SYS_DELETE_MODULE,
	unix.SYS_ADD_KEY, unix.SYS_REQUEST_KEY, unix.SYS_KEYCTL,
	unix.SYS_SETSID, unix.SYS_ACCT, unix.SYS_SWAPON, unix.SYS_SWAPOFF, unix.SYS_REBOOT,
	unix.SYS_SETTIMEOFDAY, unix.SYS_CLOCK_SETTIME, unix.SYS_SYSLOG,
}

// Offsets in struct seccomp_data, and the answers of a filter (linux/seccomp.h).
const (
	offsetCall  = 0
	offsetArch  = 4
	returnAllow = 0x7fff0000
	returnErrno = 0x00050000
	returnKill  = 0x80000000
	setFilter   = 1 // SECCOMP_SET_MODE_FILTER
	syncThreads = 1 // SECCOMP_FILTER_FLAG_TSYNC
)

// confine installs the filter on all threads of the process, and with it
// no_new_privs. It is inherited by everything the process starts.
func confine() error {
	if auditArch == 0 {
		return fmt.Errorf("install seccomp filter: no filter for %s", runtime.GOARCH)
	}
	program := filter()
	prog := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	runtime.LockOSThread() // no_new_privs is set on this thread and copied by TSYNC
	defer runtime.UnlockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("set no_new_privs: %w", err)
	}
	thread, _, errno := unix.RawSyscall(unix.SYS_SECCOMP, setFilter, syncThreads, uintptr(unsafe.Pointer(&prog)))
	runtime.KeepAlive(program)
	if errno != 0 {
		return fmt.Errorf("install seccomp filter: %w", errno)
	}
	if thread != 0 {
		return fmt.Errorf("install seccomp filter: thread %d did not take it", thread)
	}
	return nil
}

// filter refuses the denied calls with EPERM, and kills a process that uses
// another architecture's numbers to get round them.
func filter() []unix.SockFilter {
	load := func(offset uint32) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: offset}
	}
	answer := func(k uint32) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: k}
	}
	equal := func(k uint32, yes, no uint8) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, Jt: yes, Jf: no, K: k}
	}
	out := []unix.SockFilter{
		load(offsetArch),
		equal(auditArch, 1, 0),
		answer(returnKill),
		load(offsetCall),
	}
	if auditArch == unix.AUDIT_ARCH_X86_64 { // the x32 numbers reach the same calls
		const x32 = 0x40000000
		out = append(out,
			unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JGE | unix.BPF_K, Jt: 0, Jf: 1, K: x32},
			answer(returnErrno|uint32(unix.EPERM)))
	}
	for _, nr := range deniedCalls {
		out = append(out, equal(nr, 0, 1), answer(returnErrno|uint32(unix.EPERM)))
	}
	return append(out, answer(returnAllow))
}
