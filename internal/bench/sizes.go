package bench

// sizes are how much is measured.
type sizes struct {
	readPages    int // scanned pages read by us and by our peers
	idleFiles    int // one after another through the hot folder
	rounds       int // bare engine and service take turns
	singles      int // one-page files of a round
	stacks       int // files of many pages of a round
	stackPages   int
	bulkFiles    int
	bulkPages    int // of a bulk file
	counterFiles int
	stampPages   int
	stampRounds  int
	scanMB       int // of the large scan
	blobRounds   int
	largeBlobMB  int
	smallBlobs   int
	uploadRounds int
	uploadMB     int
	hugeMB       int // the largest file
}

var (
	full = sizes{readPages: 24, idleFiles: 15, rounds: 3, singles: 24, stacks: 3, stackPages: 12, bulkFiles: 10, bulkPages: 100, counterFiles: 20,
		stampPages: 1000, stampRounds: 5, scanMB: 300, blobRounds: 3, largeBlobMB: 300, smallBlobs: 50, uploadRounds: 7, uploadMB: 64, hugeMB: 2048}
	small = sizes{readPages: 4, idleFiles: 2, rounds: 1, singles: 4, stacks: 1, stackPages: 4, bulkFiles: 2, bulkPages: 20, counterFiles: 3,
		stampPages: 1000, stampRounds: 1, scanMB: 60, blobRounds: 1, largeBlobMB: 20, smallBlobs: 5, uploadRounds: 1, uploadMB: 16, hugeMB: 64}
)
