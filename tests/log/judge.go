// SPDX-License-Identifier: GPL-2.0-only

// What golang.org/x/mod, the code behind Go's own checksum database, says of a
// station's checkpoints, receipts and proofs.
//
//	judge VKEY CHECKPOINT RECEIPT... | judge VKEY CHECKPOINT KEPT GROWTH
//	judge make	a log of its own, in files of the same names
package main

import (
	"crypto/rand"
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

type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) (hashes []tlog.Hash, err error) {
	for _, i := range indexes {
		hashes = append(hashes, s[i])
	}
	return hashes, nil
}

func lines(hashes []tlog.Hash) (text string) {
	for _, h := range hashes {
		text += h.String() + "\n"
	}
	return text
}

func write(path, text string) {
	must(os.WriteFile(path, []byte(text), 0o644))
}

func makeLog() {
	const origin, old, size = "go.example/log", 300, 700
	var s stored
	skey, vkey, err := note.GenerateKey(rand.Reader, origin)
	must(err)
	signer, err := note.NewSigner(skey)
	must(err)
	for i := int64(0); i < size; i++ {
		hashes, err := tlog.StoredHashes(i, []byte(fmt.Sprint("entry ", i)), s)
		must(err)
		s = append(s, hashes...)
	}
	checkpoint := func(n int64) string {
		root, err := tlog.TreeHash(n, s)
		must(err)
		text, err := note.Sign(&note.Note{Text: fmt.Sprintf("%s\n%d\n%s\n", origin, n, root)}, signer)
		must(err)
		return string(text)
	}
	write("vkey", vkey+"\n")
	write("kept", checkpoint(old))
	write("now", checkpoint(size))
	grown, err := tlog.ProveTree(size, old, s)
	must(err)
	write("growth", fmt.Sprintf("old %d\n%s\n%s", old, lines(grown), checkpoint(size)))
	for _, i := range []int64{0, 1, 255, 256, 400, 511, 512, size - 1} {
		proof, err := tlog.ProveRecord(size, i, s)
		must(err)
		record := base64.StdEncoding.EncodeToString([]byte(fmt.Sprint("entry ", i)))
		write(fmt.Sprint("receipt-", i), fmt.Sprintf("c2sp.org/tlog-proof@v1\nextra %s\nindex %d\n%s\n%s",
			record, i, lines(proof), checkpoint(size)))
	}
}

func main() {
	if os.Args[1] == "make" {
		makeLog()
		return
	}
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
