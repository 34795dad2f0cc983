// Package identifier checks the numbers that stand on approval documents:
// credit codes, project codes, permit numbers, document numbers, dates, secrecy
// markings. Each check says what the number is in its normal form, or which
// rule it breaks, and a number damaged by OCR is repaired when exactly one
// repair passes.
//
// A failed check of a number that was read from paper is a reason for review,
// never for refusal.
package identifier
