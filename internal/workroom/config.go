package workroom

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"onewindow/internal/resources"
	"onewindow/internal/sandbox"
)

// Config sets up a Room. Zero fields mean the default.
type Config struct {
	Scratch string // folder for scratch folders, best on the file system of the files; "" is the system's
	Cache   string // folder for compiled WebAssembly, kept between runs; "" is the user's cache folder
	Engine  string // engine of calls that name none; EnginePPOCR

	PageChildren  int // at once; one per CPU
	StampChildren int // at once; one per two CPUs

	Spare int // page children kept warm for the next file: 0 is one, negative none

	InspectTimeout time.Duration // 30 s
	PageTimeout    time.Duration // 60 s
	StampTimeout   time.Duration // 5 min; a file, not a page

	PageMemory  int64 // bytes of one child; 1.5 GiB
	StampMemory int64 // bytes of one child; 1 GiB

	RecycleCalls int               // calls before a child is replaced; 500
	Idle         time.Duration     // before an unused child leaves; 5 min, negative: never
	Isolation    sandbox.Isolation // what to do about bubblewrap
}

func (c Config) withDefaults() (Config, error) {
	if c.Engine == "" {
		c.Engine = EnginePPOCR
	}
	if !knownEngine(c.Engine) {
		return c, fmt.Errorf("configure workroom: %w: %q", ErrUnknownEngine, c.Engine)
	}
	if c.PageChildren <= 0 {
		c.PageChildren = runtime.NumCPU()
	}
	if c.StampChildren <= 0 {
		c.StampChildren = max(1, runtime.NumCPU()/2)
	}
	if c.Spare == 0 {
		c.Spare = 1
	}
	orDuration(&c.InspectTimeout, 30*time.Second)
	orDuration(&c.PageTimeout, time.Minute)
	orDuration(&c.StampTimeout, 5*time.Minute)
	if c.PageMemory <= 0 {
		c.PageMemory = 1536 << 20
	}
	if c.StampMemory <= 0 {
		c.StampMemory = 1 << 30
	}
	if c.Cache == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			base = os.TempDir()
		}
		c.Cache = filepath.Join(base, "onewindow", "wasm")
	}
	abs, err := filepath.Abs(c.Cache)
	if err != nil {
		return c, fmt.Errorf("configure workroom: %w", err)
	}
	c.Cache = abs
	return c, nil
}

func orDuration(d *time.Duration, value time.Duration) {
	if *d <= 0 {
		*d = value
	}
}

// resourcePaths are what children must read under bubblewrap, and the variables
// that lead them there: their working folder is not ours.
func resourcePaths() (readOnly, env []string, err error) {
	models, err := resources.Path("models")
	if err != nil {
		return nil, nil, fmt.Errorf("find installed resources (make models, or set %s): %w", resources.Variable, err)
	}
	share := filepath.Dir(models)
	font, err := resources.Font()
	if err != nil {
		return nil, nil, err
	}
	paths := []string{share, font}
	for i, p := range paths {
		real, err := filepath.Abs(p)
		if err != nil {
			return nil, nil, fmt.Errorf("find resources: %w", err)
		}
		paths[i] = real
	}
	env = []string{resources.Variable + "=" + paths[0], "ONEWINDOW_FONT=" + paths[1]}
	if dir := os.Getenv("TESSDATA_PREFIX"); dir != "" {
		paths = append(paths, dir)
	}
	return paths, env, nil
}
