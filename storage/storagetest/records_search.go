package storagetest

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"onewindow/document"
	"onewindow/storage"
)

func searchTests() []recordsTest {
	return []recordsTest{
		{"WordsAreFoundWhereTheyStand", searchWords},
		{"SearchFindsWhatSubstringsFind", searchAsSubstrings},
		{"WithheldDocumentsAreNeverFound", searchWithheld},
		{"StartedAnewIsFoundByItsNewText", searchAnew},
		{"OnlyWhatMayBeSeenIsFound", searchSight},
		{"OldDocumentsAreIndexedLater", searchBackfill},
	}
}

func everything(document.Document) bool { return true }

// readText registers a document whose pages say texts.
func readText(t *testing.T, ctx context.Context, r Records, name string, texts ...string) document.Document {
	t.Helper()
	doc := register(t, ctx, r, name)
	var change storage.Change
	for i, text := range texts {
		change.Texts = append(change.Texts, storage.PageText{Page: i + 1, Text: text})
	}
	do(t, ctx, r, taskOf(doc, document.StepInspect, 0), change)
	return must(r.Document(ctx, doc.ID))(t)
}

// found searches and returns the names of what was found, best first.
func found(t *testing.T, ctx context.Context, r Records, q storage.SearchQuery) []string {
	t.Helper()
	hits, _, err := r.SearchDocuments(ctx, q, everything)
	ok(t, err)
	out := []string{}
	for _, h := range hits {
		out = append(out, strings.TrimSuffix(h.Document.Filename, ".pdf"))
	}
	return out
}

func searchWords(t *testing.T, ctx context.Context, b Bench) {
	readText(t, ctx, b, "permit", "建筑工程施工许可证\n编号 430102202403150101", "建设单位：长沙岳麓\n置业有限公司")
	readText(t, ctx, b, "reply", "关于岳麓科创园的批复\n长发改〔2024〕9号", "桥桥桥桥桥")
	readText(t, ctx, b, "bridge", "一座桥")
	for query, want := range map[string][]string{
		"桥":                {"reply", "bridge"}, // more often, so first
		"施工许可证":            {"permit"},
		"岳麓置业":             {"permit"}, // over the end of a line
		"岳麓":               {"reply", "permit"},
		"施工 置业":            {"permit"}, // words on different pages
		"施工 批复":            {},
		"30102202403":      {"permit"},
		"长发改(2024)9号":      {"reply"},
		"４３０１０２２０２４":       {"permit"},
		"REPLY":            {"reply"}, // the file's name
		"permit 编号4301022": {"permit"},
		"SJ":               {"bridge", "reply", "permit"}, // the receipt's number
		"%":                {},
		"'; DROP TABLE x":  {},
		"许可施工":             {}, // its pairs stand there, it does not
		"   ":              {},
		"建设单位:长沙岳麓置业有限公司": {"permit"},
	} {
		if d := diff(want, found(t, ctx, b, storage.SearchQuery{Text: query})); d != "" {
			t.Errorf("%q: %s", query, d)
		}
	}
	hits, more, err := b.SearchDocuments(ctx, storage.SearchQuery{Text: "岳麓 置业", Limit: 1}, everything)
	ok(t, err)
	if len(hits) != 1 || more || hits[0].Page != 2 || hits[0].Snippet.Text != "建设单位：长沙岳麓 置业有限公司" {
		t.Fatalf("hits %+v, more %v", hits, more)
	}
	if d := diff([][2]int{{7, 12}}, hits[0].Snippet.Marks); d != "" {
		t.Error(d)
	}
	if hits, more, _ := b.SearchDocuments(ctx, storage.SearchQuery{Text: "SJ", Limit: 2}, everything); len(hits) != 2 || !more {
		t.Errorf("%d of 2 hits, more %v", len(hits), more)
	}
}

// searchAsSubstrings compares with a plain search, over few characters, so that
// much is found, and rare ones at the ends of the code space.
func searchAsSubstrings(t *testing.T, ctx context.Context, b Bench) {
	dice := rand.New(rand.NewPCG(4, 2))
	letters := []rune("工程许可桥12ab\uD7FF\uE000\U00020000\U0010FFFF")
	word := func(n int) string {
		rs := make([]rune, n)
		for i := range rs {
			rs[i] = letters[dice.IntN(len(letters))]
		}
		return string(rs)
	}
	texts := map[string]string{}
	for i := range 25 {
		name, text := "file"+string(rune('A'+i)), word(30)
		texts[name] = text
		readText(t, ctx, b, name, text)
	}
	for range 120 {
		query := word(1 + dice.IntN(3))
		if strings.Trim(query, "12ab") == "" {
			continue // may stand in receipts and names
		}
		want := map[string]bool{}
		for name, text := range texts {
			if strings.Contains(text, query) {
				want[name] = true
			}
		}
		got := map[string]bool{}
		for _, name := range found(t, ctx, b, storage.SearchQuery{Text: query, Limit: 100}) {
			got[name] = true
		}
		if d := diff(want, got); d != "" {
			t.Fatalf("%q: %s", query, d)
		}
	}
}

func searchWithheld(t *testing.T, ctx context.Context, b Bench) {
	for _, state := range []document.State{document.StateQuarantined, document.StatePurged} {
		doc := readText(t, ctx, b, "secret"+string(state), "机密★10年", "路线图")
		if got := found(t, ctx, b, storage.SearchQuery{Text: "路线"}); len(got) != 1 {
			t.Fatalf("found %v", got)
		}
		_, _, err := b.Apply(ctx, doc.ID, 0, storage.Change{Patch: storage.DocumentPatch{State: &state}, CancelTasks: true})
		ok(t, err)
		for _, query := range []string{"路线", "secret", "机密", string(doc.Receipt)} {
			if got := found(t, ctx, b, storage.SearchQuery{Text: query}); len(got) != 0 {
				t.Errorf("%s: %q still finds %v", state, query, got)
			}
		}
		counts := must(b.Counts(ctx))(t)
		if counts["page_texts"] != 0 || counts["page_tokens"] != 0 {
			t.Errorf("%s: %d texts and %d tokens stay", state, counts["page_texts"], counts["page_tokens"])
		}
		if err := b.IndexDocument(ctx, doc.ID, doc.Generation, []storage.PageText{{Page: 1, Text: "路线"}}); !errors.Is(err, storage.ErrConflict) {
			t.Errorf("%s: indexed: %v", state, err)
		}
	}
}

func searchAnew(t *testing.T, ctx context.Context, b Bench) {
	doc := readText(t, ctx, b, "scan", "旧文字")
	_, _, err := b.Apply(ctx, doc.ID, 0, storage.Change{NewGeneration: true, Next: next(document.StepInspect, 0)})
	ok(t, err)
	if got := found(t, ctx, b, storage.SearchQuery{Text: "旧"}); len(got) != 0 {
		t.Errorf("the old text still finds %v", got)
	}
	if got := found(t, ctx, b, storage.SearchQuery{Text: "scan"}); len(got) != 1 {
		t.Errorf("its name finds %v", got)
	}
	doc = must(b.Document(ctx, doc.ID))(t)
	do(t, ctx, b, taskOf(doc, document.StepInspect, 0), storage.Change{Texts: []storage.PageText{{Page: 1, Text: "新文字"}}})
	if got := found(t, ctx, b, storage.SearchQuery{Text: "新"}); len(got) != 1 {
		t.Errorf("the new text finds %v", got)
	}
	fields := document.Fields{"project_name": {Value: "科创园"}}
	_, _, err = b.Apply(ctx, doc.ID, 0, storage.Change{Patch: storage.DocumentPatch{Fields: fields}})
	ok(t, err)
	if got := found(t, ctx, b, storage.SearchQuery{Text: "科创"}); len(got) != 1 {
		t.Errorf("its field finds %v", got)
	}
}

// searchSight: what may not be seen neither shows nor hides what may.
func searchSight(t *testing.T, ctx context.Context, b Bench) {
	mine := readText(t, ctx, b, "mine", "合同")
	for i := range 120 {
		readText(t, ctx, b, "other"+strings.Repeat("x", i%7)+string(rune('a'+i%26))+string(rune('a'+i/26)), "合同合同")
	}
	hits, more, err := b.SearchDocuments(ctx, storage.SearchQuery{Text: "合同"}, func(d document.Document) bool { return d.ID == mine.ID })
	ok(t, err)
	if len(hits) != 1 || hits[0].Document.ID != mine.ID || more {
		t.Errorf("%d hits, more %v", len(hits), more)
	}
	if got := found(t, ctx, b, storage.SearchQuery{Text: "mine", By: "somebody"}); len(got) != 0 {
		t.Errorf("another sender finds %v", got)
	}
	if got := found(t, ctx, b, storage.SearchQuery{Text: "mine", By: mine.Origin.By, Project: mine.Origin.Project}); len(got) != 1 {
		t.Errorf("its sender finds %v", got)
	}
}

func searchBackfill(t *testing.T, ctx context.Context, b Bench) {
	doc := readText(t, ctx, b, "old", "错")
	b.SQL(t, "DELETE FROM page_tokens")
	b.SQL(t, "DELETE FROM page_texts")
	ok(t, b.IndexDocument(ctx, doc.ID, 1, []storage.PageText{{Page: 1, Text: "对"}}))
	if d := diff([]string{"old"}, found(t, ctx, b, storage.SearchQuery{Text: "对 old"})); d != "" {
		t.Error(d)
	}
	if now := must(b.Document(ctx, doc.ID))(t); now.Version != doc.Version {
		t.Errorf("version %d became %d", doc.Version, now.Version)
	}
	if err := b.IndexDocument(ctx, doc.ID, 2, nil); !errors.Is(err, storage.ErrConflict) {
		t.Errorf("another generation: %v", err)
	}
	if err := b.IndexDocument(ctx, "doc_none", 1, nil); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("no document: %v", err)
	}
}
