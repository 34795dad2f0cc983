package api_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"

	"onewindow/api"
)

// update rewrites the committed descriptions: go test ./api -run Committed -update
var update = flag.Bool("update", false, "rewrite openapi.yaml and schema/")

// committedVersion stands in the committed description: it must not change with
// every build.
const committedVersion = "1"

// fresh compares a committed file with what the code says today.
func fresh(t *testing.T, path string, want []byte) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is stale (%v): go test ./api -run Committed -update", path, err)
	}
}

func TestOpenAPI_CommittedIsFresh(t *testing.T) {
	b, err := api.Description(committedVersion)
	if err != nil {
		t.Fatal(err)
	}
	fresh(t, "openapi.yaml", b)
}

func TestResultSchema_CommittedIsFresh(t *testing.T) {
	b, err := api.ResultSchema()
	if err != nil {
		t.Fatal(err)
	}
	fresh(t, "schema/result.json", append(b, '\n'))
}

// described loads the description that the running service serves.
func described(t *testing.T, h *house) map[string]any {
	t.Helper()
	var asJSON, asYAML map[string]any
	h.get("", "/openapi.json").want(http.StatusOK).into(&asJSON)
	if err := yaml.Unmarshal(h.get("", "/openapi.yaml").want(http.StatusOK).body, &asYAML); err != nil {
		t.Fatal(err)
	}
	if asYAML["openapi"] != "3.1.0" || len(asYAML["paths"].(map[string]any)) != len(asJSON["paths"].(map[string]any)) {
		t.Errorf("YAML and JSON differ; version %v", asYAML["openapi"])
	}
	return asJSON
}

// TestOpenAPI_AnswersFitTheirDescription compares real answers with the schemas
// that the description promises for them.
func TestOpenAPI_AnswersFitTheirDescription(t *testing.T) {
	h := openHouse(t)
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	doc := described(t, h)
	if err := compiler.AddResource("https://test/openapi.json", doc); err != nil {
		t.Fatal(err)
	}
	id := h.permit()
	document := string(h.stored(t, id).Document)
	h.ask("planner", "POST", "/v1/results/"+id+"/reliances", map[string]any{"item": "HN-S4-09", "material": "construction-permit"}).want(http.StatusOK)
	h.token("applicant")
	h.do(h.request("clerk", "PUT", "/v1/projects/"+project.Code+"/members/applicant", nil)).want(http.StatusNoContent)
	refused := h.send("reviewer", "no pdf at all")
	h.work()
	h.person(t, "wang")
	for _, c := range []struct {
		route, status string
		answer        reply
	}{
		{"/v1/documents get", "200", h.get("admin", "/v1/documents")},
		{"/v1/documents post", "201", h.do(h.form("clerk", "/v1/documents", "k", file("a.pdf", "")))},
		{"/v1/documents post", "200", h.do(h.form("clerk", "/v1/documents", "k", file("a.pdf", "")))},
		{"/v1/documents post", "default", h.do(h.form("clerk", "/v1/documents", "k", file("a.pdf", "other")))},
		{"/v1/documents/{id} get", "200", h.get("admin", "/v1/documents/"+document)},
		{"/v1/documents/{id} get", "200", h.get("admin", "/v1/documents/"+string(refused))},
		{"/v1/documents/{id} get", "default", h.get("admin", "/v1/documents/none")},
		{"/v1/documents/{id}/pages get", "200", h.get("admin", "/v1/documents/"+document+"/pages")},
		{"/v1/documents/{id}/confirm post", "default", h.ask("admin", "POST", "/v1/documents/"+document+"/confirm", map[string]any{})},
		{"/v1/results get", "200", h.get("admin", "/v1/results")},
		{"/v1/results/{id} get", "200", h.get("admin", "/v1/results/"+id)},
		{"/v1/results/{id}/reliances get", "200", h.get("admin", "/v1/results/"+id+"/reliances")},
		{"/v1/certificates post", "201", h.do(h.form("system", "/v1/certificates", "", certificate(t, ecertID, certificateBytes, permitFields())...))},
		{"/v1/certificates post", "default", h.do(h.form("system", "/v1/certificates", "", certificate(t, ecertWrong, certificateBytes, permitFields())...))},
		{"/v1/projects/{code}/basis get", "200", h.get("admin", "/v1/projects/"+project.Code+"/basis?item=HN-S4-09")},
		{"/v1/projects/{code}/members get", "200", h.get("admin", "/v1/projects/"+project.Code+"/members")},
		{"/v1/events get", "200", h.get("admin", "/v1/events")},
		{"/v1/audit get", "200", h.get("admin", "/v1/audit")},
		{"/v1/queue get", "200", h.get("admin", "/v1/queue")},
		{"/v1/accounts get", "200", h.get("admin", "/v1/accounts")},
		{"/v1/session get", "200", h.get("reviewer", "/v1/session")},
		{"/v1/sessions post", "200", h.login(t, "wang", password)},
		{"/v1/verifications/{code} get", "200", h.get("", "/v1/verifications/"+h.stored(t, id).Code+"?sha256="+sha(""))},
		{"/healthz get", "200", h.get("", "/healthz")},
	} {
		checkAnswer(t, compiler, doc, c.route, c.status, c.answer)
	}
}

func checkAnswer(t *testing.T, compiler *jsonschema.Compiler, doc map[string]any, route, status string, answer reply) {
	t.Helper()
	path, method, _ := strings.Cut(route, " ")
	media := "application~1json"
	if status == "default" {
		media = "application~1problem+json"
	}
	escape := strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D")
	at := "https://test/openapi.json#/paths/" + escape.Replace(path) + "/" + method + "/responses/" + status + "/content/" + media + "/schema"
	schema, err := compiler.Compile(at)
	if err != nil {
		t.Errorf("%s %s: %v", route, status, err)
		return
	}
	body, err := jsonschema.UnmarshalJSON(bytes.NewReader(answer.body))
	if err != nil {
		t.Errorf("%s: %v", route, err)
		return
	}
	if status != "default" && !strings.HasPrefix(status, string(rune('0'+answer.status/100))) || status == "default" && answer.status < 400 {
		t.Errorf("%s answered %d: %s", route, answer.status, answer.body)
	}
	if err := schema.Validate(body); err != nil {
		t.Errorf("%s %s does not fit its description: %v\n%.300s", route, status, err, answer.body)
	}
}

// resultSchemaOf compiles the published schema of results.
func resultSchemaOf(t *testing.T) *jsonschema.Schema {
	t.Helper()
	f, err := os.Open("schema/result.json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	doc, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("https://test/result.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("https://test/result.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func TestResultSchema_FitsRealRecords(t *testing.T) {
	h := openHouse(t)
	schema := resultSchemaOf(t)
	scanned := h.permit()
	replaced := h.permit()
	pushed := h.pushed(t, "rd-land-preexam", "k", paper("rd-land-preexam").Truth.Fields).ID
	h.ask("reviewer", "POST", "/v1/results/"+pushed+"/revoke", map[string]any{"reason": "x"}).want(http.StatusOK)
	for _, id := range []string{scanned, replaced, pushed} {
		body, err := jsonschema.UnmarshalJSON(bytes.NewReader(h.get("admin", "/v1/results/"+id).want(http.StatusOK).body))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(body); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	served := h.get("", "/schemas/result.json").want(http.StatusOK)
	if committed, err := os.ReadFile("schema/result.json"); err != nil || strings.TrimSpace(string(committed)) != strings.TrimSpace(string(served.body)) ||
		served.header.Get("Content-Type") != "application/schema+json" {
		t.Errorf("served schema differs from the committed one: %v %s", err, served.header.Get("Content-Type"))
	}
}

// TestResultSchema_CatchesWrongRecords shows that the schema can say no.
func TestResultSchema_CatchesWrongRecords(t *testing.T) {
	h := openHouse(t)
	schema := resultSchemaOf(t)
	good := h.get("admin", "/v1/results/"+h.permit()).want(http.StatusOK).body
	for name, spoil := range map[string]func(m map[string]any){
		"no type":         func(m map[string]any) { delete(m, "type") },
		"number as text":  func(m map[string]any) { m["version"] = "1" },
		"unknown status":  func(m map[string]any) { m["status"] = "sort of valid" },
		"unknown mode":    func(m map[string]any) { m["mode"] = "dreamt" },
		"bad digest":      func(m map[string]any) { m["delivered"] = "md5-1" },
		"bad time":        func(m map[string]any) { m["published_at"] = 5 },
		"field as string": func(m map[string]any) { m["fields"].(map[string]any)["doc_no"] = "x" },
		"more":            func(m map[string]any) { m["surprise"] = true },
	} {
		var m map[string]any
		if err := json.Unmarshal(good, &m); err != nil {
			t.Fatal(err)
		}
		spoil(m)
		b, _ := json.Marshal(m)
		body, _ := jsonschema.UnmarshalJSON(bytes.NewReader(b))
		if schema.Validate(body) == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
