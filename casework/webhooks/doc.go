// Package webhooks tells programs of events by calls: signed, tried again until
// they are answered, and in order within a project. A call may come twice when a
// process dies between call and note; receivers tell by webhook-id.
package webhooks
