package sqlstore

import (
	"context"
	"strings"
	"time"

	"onewindow/storage"
)

var _ storage.Webhooks = (*Store)(nil)

const webhookColumns = "id, url, label, secret, types, unit, active, created, created_by, position"

func scanWebhook(r scanner) (storage.Webhook, error) {
	var w storage.Webhook
	var types string
	var active, created int64
	err := r.Scan(&w.ID, &w.URL, &w.Label, &w.Secret, &types, &w.Unit, &active, &created, &w.By, &w.Position)
	w.Types, w.Active, w.Created = strings.Split(types, ","), active == 1, timeOf(created)
	return w, err
}

// AddWebhook keeps a subscription.
func (s *Store) AddWebhook(ctx context.Context, w storage.Webhook) error {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, "INSERT INTO webhooks ("+webhookColumns+") VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)",
			w.ID, clean(w.URL), clean(w.Label), w.Secret, clean(strings.Join(w.Types, ",")), clean(w.Unit),
			bit(w.Active), msOf(w.Created), clean(w.By), w.Position)
		t.record(webhookEntry("webhook.create", w, w.By))
		return err
	})
	return wrap("add webhook", err)
}

// webhookEntry tells what a subscription is; never its secret.
func webhookEntry(action string, w storage.Webhook, by string) storage.AuditEntry {
	return storage.AuditEntry{Actor: by, Action: action, Object: w.ID, Detail: map[string]string{
		"url": w.URL, "types": strings.Join(w.Types, ","), "unit": w.Unit}}
}

// Webhook returns one subscription. Errors: storage.ErrNotFound.
func (s *Store) Webhook(ctx context.Context, id string) (w storage.Webhook, err error) {
	err = s.read(ctx, func(q querier) error {
		w, err = one(ctx, q, scanWebhook, "SELECT "+webhookColumns+" FROM webhooks WHERE id = $1", clean(id))
		return err
	})
	return w, wrap("find webhook", err)
}

// ListWebhooks returns all subscriptions, oldest first.
func (s *Store) ListWebhooks(ctx context.Context) (out []storage.Webhook, err error) {
	err = s.read(ctx, func(q querier) error {
		out, err = collect(ctx, q, scanWebhook, "SELECT "+webhookColumns+" FROM webhooks ORDER BY id")
		return err
	})
	return out, wrap("list webhooks", err)
}

// ChangeWebhook replaces what people may change. Errors: storage.ErrNotFound.
func (s *Store) ChangeWebhook(ctx context.Context, w storage.Webhook, by string) error {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		n, err := t.exec(ctx, "UPDATE webhooks SET url = $2, label = $3, secret = $4, types = $5, active = $6 WHERE id = $1",
			clean(w.ID), clean(w.URL), clean(w.Label), w.Secret, clean(strings.Join(w.Types, ",")), bit(w.Active))
		t.record(webhookEntry("webhook.change", w, by))
		return found(n, err)
	})
	return wrap("change webhook", err)
}

// RemoveWebhook ends a subscription. Errors: storage.ErrNotFound.
func (s *Store) RemoveWebhook(ctx context.Context, id, by string) error {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		if _, err := t.exec(ctx, "DELETE FROM deliveries WHERE webhook = $1", clean(id)); err != nil {
			return err
		}
		n, err := t.exec(ctx, "DELETE FROM webhooks WHERE id = $1", clean(id))
		t.record(storage.AuditEntry{Actor: by, Action: "webhook.remove", Object: id})
		return found(n, err)
	})
	return wrap("remove webhook", err)
}

func found(n int64, err error) error {
	if err == nil && n == 0 {
		return storage.ErrNotFound
	}
	return err
}

// LeaseWebhook makes owner the only sender for a while. Errors:
// storage.ErrNoWork, storage.ErrNotFound.
func (s *Store) LeaseWebhook(ctx context.Context, id, owner string, lease time.Duration) error {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		n, err := t.exec(ctx, "UPDATE webhooks SET lease_owner = $2, lease_until = $3 WHERE id = $1 AND (lease_owner = $2 OR lease_until < $4)",
			clean(id), owner, t.now+lease.Milliseconds(), t.now)
		if err != nil || n > 0 {
			return err
		}
		if _, err := one(ctx, t, scanWebhook, "SELECT "+webhookColumns+" FROM webhooks WHERE id = $1", clean(id)); err != nil {
			return err
		}
		return storage.ErrNoWork
	})
	return wrap("lease webhook", err)
}
