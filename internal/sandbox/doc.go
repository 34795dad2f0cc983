// Package sandbox runs parsers of foreign bytes in child processes of the same
// binary, so that a file can hang, exhaust or crash only a child (design 5).
//
// The binary calls Main first thing; in a child Main never returns. A Pool in
// the parent keeps up to N children of one kind; a Task is an operation name, a
// JSON request and files, and is answered by JSON and files. Loaded state (OCR
// models) lives in the child's Handler and is built once per child.
//
// # What holds a child back
//
//   - Wall clock per call, CPU time per call, cancellation: the child is asked to
//     stop, and after Limits.Grace its whole session is killed.
//   - Memory: the parent reads the resident size of the child and its
//     descendants every 50 ms and kills beyond Limits.Memory. RLIMIT_AS is not
//     used: Go, wazero and ONNX Runtime reserve address space far beyond what
//     they touch. RLIMIT_DATA does not count such reservations and is set
//     to twice the limit plus slack, as the kernel's backstop between two readings;
//     GOMEMLIMIT makes the garbage collector try before that, and oom_score_adj
//     makes the kernel choose the child should the machine itself run out.
//   - RLIMIT_FSIZE, RLIMIT_NOFILE, RLIMIT_CORE 0, RLIMIT_CPU for a child's life.
//   - Replies are capped, and output on stdout or stderr is drained and
//     forgotten but for its beginning and end. The protocol has a socket of its
//     own, so that chatty C libraries cannot damage it.
//   - A seccomp filter (all threads) refuses sockets, tracing, mounting, new
//     sessions and the like; it needs no privilege and works in containers.
//   - Landlock lets it touch only system libraries, its own binary, the folders
//     of the Config and its scratch folder, and signal only its descendants.
//   - Where bubblewrap works (probed once), the child has its own network, PID,
//     IPC and mount namespaces: what it may not touch it does not even see.
//
// What remains: a child taken over by one file could falsify what it says of the
// next file it is given. RecycleCalls bounds that; 1 gives every call a child of
// its own.
//
// # Files
//
// Every child has a scratch folder with in (read-only under bubblewrap), out and
// tmp. Input is hard-linked into it where possible, else copied; output is copied
// out, not renamed, because a child gone bad could keep the file open and change
// it after it was hashed.
//
// # Death of the parent
//
// Children get Pdeathsig SIGKILL. The kernel ties that signal to the thread that
// forked, not to the process, so each child is started and waited for by one
// goroutine locked to its thread: the thread lives exactly as long as the child.
// A child also leaves when its socket closes.
package sandbox
