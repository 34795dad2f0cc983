package tesseract

// #cgo LDFLAGS: -lgomp
// extern void omp_set_max_active_levels(int levels);
// extern int setMsgSeverity(int severity);
import "C"

import "runtime"

// alone runs f on an operating system thread for which OpenMP is off. Tesseract
// asks for four threads whatever the settings, which makes a page five times
// slower where pages are read side by side. The usual cure, OMP_THREAD_LIMIT=1,
// must be set before the process starts; this works whoever starts it.
func alone(f func() error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	C.omp_set_max_active_levels(0)
	return f()
}

// quiet silences Leptonica, which reports each odd shape it meets on stderr.
func quiet() {
	const none = 6
	C.setMsgSeverity(none)
}
