package requirements

//go:generate go run ./cmd/write
