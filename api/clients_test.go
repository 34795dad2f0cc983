package api_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"onewindow/internal/testserver"
)

// generator makes the Go client; the version is part of what is promised.
const generator = "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2"

const runtimeModule = "github.com/oapi-codegen/runtime@v1.9.0"

// outside runs a program as a stranger to this repository would.
func outside(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod")
	var errors strings.Builder
	cmd.Stderr = &errors
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s\n%s", name, strings.Join(args, " "), err, out, errors.String())
	}
	return string(out)
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

const goUse = `package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
)

func main() {
	as := func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", "Bearer "+os.Args[2])
		return nil
	}
	c, err := NewClientWithResponses(os.Args[1], WithRequestEditorFn(as))
	if err != nil {
		panic(err)
	}
	who, err := c.WhoamiWithResponse(context.Background())
	if err != nil {
		panic(err)
	}
	hook, err := c.CreateWebhookWithResponse(context.Background(), CreateWebhookJSONRequestBody{Url: "https://unit.example/in", Types: &[]string{"result.*"}})
	if err != nil {
		panic(err)
	}
	fmt.Println(who.JSON200.Account, who.StatusCode(), hook.JSON200.Url, *hook.JSON200.Secret != "")
}
`

// TestClients_GoClientWorks generates a client from the committed description,
// builds it outside this repository and lets it talk to the service.
func TestClients_GoClientWorks(t *testing.T) {
	h := openHouse(t)
	dir := t.TempDir()
	description, err := filepath.Abs("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, "go.mod", "module example.test/client\n\ngo 1.26.0\n")
	write(t, dir, "client.go", outside(t, dir, "go", "run", generator, "-generate", "types,client", "-package", "main", description))
	write(t, dir, "main.go", goUse)
	outside(t, dir, "go", "get", runtimeModule)
	out := outside(t, dir, "go", "run", ".", h.http.URL, h.token("admin"))
	if out != "admin 200 https://unit.example/in true\n" {
		t.Errorf("the client says %q", out)
	}
}

const tsUse = `import type { paths, components } from "./onewindow"

type Receipt = paths["/v1/documents"]["post"]["responses"][201]["content"]["application/json"]
const receipt: Receipt["receipt"] = "SJ430100-20260101-000001"
const size: Receipt["size"] = 1
type Deliveries = paths["/v1/webhooks/{id}/deliveries"]["get"]
const state: NonNullable<NonNullable<Deliveries["parameters"]["query"]>["state"]> = "dead"
type Problem = components["schemas"]["ErrorModel"]
const problem: Problem = { type: "about:blank", status: 404, title: "Not Found", detail: "没有找到，或无权查看" }
export { receipt, size, state, problem }
`

// TestClients_TypeScriptClientCompiles generates the types and holds a program
// that uses them, and one that misuses them, against the compiler.
func TestClients_TypeScriptClientCompiles(t *testing.T) {
	node := testserver.Node(t)
	dir := t.TempDir()
	description, err := filepath.Abs("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	outside(t, dir, filepath.Join(node, "node_modules", ".bin", "openapi-typescript"), description, "-o", "onewindow.d.ts")
	write(t, dir, "use.ts", tsUse)
	tsc := filepath.Join(node, "node_modules", ".bin", "tsc")
	outside(t, dir, tsc, "--strict", "--noEmit", "--skipLibCheck", "false", "use.ts", "onewindow.d.ts")
	write(t, dir, "misuse.ts", strings.Replace(tsUse, `"dead"`, `"asleep"`, 1))
	cmd := exec.Command(tsc, "--strict", "--noEmit", "misuse.ts")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "asleep") {
		t.Errorf("a wrong state passes: %v %s", err, out)
	}
}
