// Package requirements makes docs/requirements.md: every requirement of the
// guideline with the tests that prove it, found by their names
// (TestV2_6_DeemedAcceptance proves V2.6), and a list of what no test proves.
package requirements
