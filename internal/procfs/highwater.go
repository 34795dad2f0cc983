package procfs

import (
	"fmt"
	"os"
)

// ResetPeak makes the kernel forget the most memory a process ever had: MemoryOf
// then gives the peak since.
func ResetPeak(pid int) error {
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", pid), []byte("5"), 0); err != nil {
		return fmt.Errorf("reset peak memory: %w", err)
	}
	return nil
}
