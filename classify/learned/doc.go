// Package learned recognizes documents by their likeness to others whose type
// people decided: a nearest-centroid model over character n-grams of the title
// zone, the text and the file name, weighted by how few types they occur in. It is
// trained from the catalogue and from people's decisions of one deployment
// (docs/decisions/094). A Model never changes; training makes another one.
package learned
