//go:build !amd64 && !arm64

package sandbox

const auditArch uint32 = 0
