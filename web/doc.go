// Package web holds the pages: server-rendered, Chinese first, readable without
// JavaScript. Everything they do goes through the same use cases as the API.
package web
