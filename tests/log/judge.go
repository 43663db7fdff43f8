// SPDX-License-Identifier: GPL-2.0-only

// What golang.org/x/mod, the code behind Go's own checksum database, says of a
// station's checkpoints, receipts and proofs.
//
//	judge VKEY CHECKPOINT RECEIPT... | judge VKEY CHECKPOINT KEPT GROWTH
package main

import (
	"encoding/base64"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func read(path string) string {
	text, err := os.ReadFile(path)
	must(err)
	return string(text)
}

func hash(text string) (h tlog.Hash) {
	bytes, err := base64.StdEncoding.DecodeString(text)
	must(err)
	copy(h[:], bytes)
	return h
}

func open(vkey, text string) (int64, tlog.Hash) {
	verifier, err := note.NewVerifier(strings.TrimSpace(vkey))
	must(err)
	n, err := note.Open([]byte(text), note.VerifierList(verifier))
	must(err)
	lines := strings.Split(n.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	return size, hash(lines[2])
}

func main() {
	vkey := read(os.Args[1])
	size, root := open(vkey, read(os.Args[2]))
	for _, path := range os.Args[3:] {
		head, checkpoint, more := strings.Cut(read(path), "\n\n")
		lines := strings.Split(head, "\n")
		if !more || !strings.HasPrefix(lines[0], "old ") && !strings.HasPrefix(lines[0], "c2sp.org/") {
			continue
		}
		size, root = open(vkey, checkpoint)
		if strings.HasPrefix(lines[0], "old ") {
			old, oldRoot := open(vkey, read(os.Args[3]))
			var proof tlog.TreeProof
			for _, line := range lines[1:] {
				proof = append(proof, hash(line))
			}
			must(tlog.CheckTree(proof, size, root, old, oldRoot))
			continue
		}
		record, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
		must(err)
		index, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
		must(err)
		var proof tlog.RecordProof
		for _, line := range lines[3:] {
			proof = append(proof, hash(line))
		}
		must(tlog.CheckRecord(proof, size, root, index, tlog.RecordHash(record)))
	}
	fmt.Println("accepted:", size, "entries")
}
