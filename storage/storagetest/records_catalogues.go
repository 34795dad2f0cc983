package storagetest

import (
	"context"
	"errors"
	"testing"

	"onewindow/storage"
)

func catalogueTests() []recordsTest {
	return []recordsTest{{"PublishedOnceAndNeverChanged", publishedOnce}}
}

func publishedOnce(t *testing.T, ctx context.Context, b Bench) {
	first := storage.Publication{Version: "1", Effective: "2026-01-01", Digest: "sha256-a", Files: map[string]string{"catalogue.yaml": "version: 1\n# 事项"}, By: "admin"}
	if fresh := must(b.PublishCatalogue(ctx, first))(t); !fresh {
		t.Error("the first publication is not fresh")
	}
	if fresh := must(b.PublishCatalogue(ctx, first))(t); fresh {
		t.Error("published again it is fresh")
	}
	other := first
	other.Digest, other.Files = "sha256-b", map[string]string{"catalogue.yaml": "version: 1\n"}
	if _, err := b.PublishCatalogue(ctx, other); !errors.Is(err, storage.ErrConflict) {
		t.Errorf("other contents under the same version: %v", err)
	}
	other.Version = "2"
	must(b.PublishCatalogue(ctx, other))(t)
	all := must(b.Publications(ctx))(t)
	if len(all) != 2 || all[0].Version != "1" || all[0].Files["catalogue.yaml"] != first.Files["catalogue.yaml"] || all[0].At.IsZero() || all[1].Digest != "sha256-b" {
		t.Errorf("published: %+v", all)
	}
	if n := typesOf(t, ctx, b)["catalogue.published"]; n != 2 {
		t.Errorf("%d events of two publications", n)
	}
}
