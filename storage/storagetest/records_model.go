package storagetest

func modelTests() []recordsTest { return nil }
