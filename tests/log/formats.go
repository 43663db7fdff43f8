// SPDX-License-Identifier: GPL-2.0-only

// What transparency-dev's formats and Merkle trees, the code of public logs and their
// witnesses, say of a station's checkpoints, signatures of witnesses, receipts and proofs.
//
//	formats VKEY WITNESS_VKEY HELD [RECEIPT...|GROWTH KEPT]
//	formats cosign CHECKPOINT	signs it as a witness; its key on the first line
//	formats make	a log of its own, in files of the same names
//	formats vectors	RFC 6962's well-known tree: a receipt of each of its leaves, at each size
package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/transparency-dev/formats/log"
	formats "github.com/transparency-dev/formats/note"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/merkle/testonly"
	"golang.org/x/mod/sumdb/note"
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

func unbase64(text string) []byte {
	bytes, err := base64.StdEncoding.DecodeString(text)
	must(err)
	return bytes
}

func hashes(lines []string) (list [][]byte) {
	for _, line := range lines {
		list = append(list, unbase64(line))
	}
	return list
}

func lines(list [][]byte) (text string) {
	for _, hash := range list {
		text += base64.StdEncoding.EncodeToString(hash) + "\n"
	}
	return text
}

func open(vkey, text string, others ...note.Verifier) (*log.Checkpoint, *note.Note) {
	verifier, err := note.NewVerifier(vkey)
	must(err)
	checkpoint, _, n, err := log.ParseCheckpoint([]byte(text), verifier.Name(), verifier, others...)
	must(err)
	return checkpoint, n
}

// Its verifier takes the key as one that signs notes, and makes the witness's of it.
func witness(vkey string) note.Verifier {
	parts := strings.SplitN(strings.TrimSpace(vkey), "+", 3)
	key := unbase64(parts[2])
	key[0] = 1
	v, err := formats.NewVerifierForCosignatureV1(
		parts[0] + "+" + parts[1] + "+" + base64.StdEncoding.EncodeToString(key))
	must(err)
	if fmt.Sprintf("%08x", v.KeyHash()) != parts[1] {
		must(fmt.Errorf("%s: the key has the id %08x here", vkey, v.KeyHash()))
	}
	return v
}

func judge(vkey, path, kept string) {
	head, text, _ := strings.Cut(read(path), "\n\n")
	rows := strings.Split(head, "\n")
	checkpoint, _ := open(vkey, text)
	if strings.HasPrefix(rows[0], "old ") {
		old, _ := open(vkey, read(kept))
		must(proof.VerifyConsistency(rfc6962.DefaultHasher, old.Size, checkpoint.Size,
			hashes(rows[1:]), old.Hash, checkpoint.Hash))
		return
	}
	index, err := strconv.ParseUint(strings.TrimPrefix(rows[2], "index "), 10, 64)
	must(err)
	leaf := rfc6962.DefaultHasher.HashLeaf(unbase64(strings.TrimPrefix(rows[1], "extra ")))
	must(proof.VerifyInclusion(rfc6962.DefaultHasher, index, checkpoint.Size, leaf,
		hashes(rows[3:]), checkpoint.Hash))
}

func cosign(text string) {
	skey, _, err := note.GenerateKey(rand.Reader, "go.example/w")
	must(err)
	signer, err := formats.NewSignerForCosignatureV1(skey)
	must(err)
	seed := unbase64(strings.SplitN(skey, "+", 5)[4])[1:]
	public := ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)
	fmt.Printf("%s+%08x+%s\n", signer.Name(), signer.KeyHash(),
		base64.StdEncoding.EncodeToString(append([]byte{4}, public...)))
	body := text[:strings.LastIndex(text, "\n\n")+1]
	signature, err := signer.Sign([]byte(body))
	must(err)
	id := signer.KeyHash()
	bytes := append([]byte{byte(id >> 24), byte(id >> 16), byte(id >> 8), byte(id)}, signature...)
	fmt.Printf("%s— %s %s\n", text, signer.Name(), base64.StdEncoding.EncodeToString(bytes))
}

type station struct {
	tree   *testonly.Tree
	signer note.Signer
}

func newLog(origin string) station {
	skey, vkey, err := note.GenerateKey(rand.Reader, origin)
	must(err)
	signer, err := note.NewSigner(skey)
	must(err)
	write("vkey", vkey+"\n")
	return station{testonly.New(rfc6962.DefaultHasher), signer}
}

func write(path, text string) {
	must(os.WriteFile(path, []byte(text), 0o644))
}

func (l station) checkpoint(size uint64) string {
	body := log.Checkpoint{Origin: l.signer.Name(), Size: size, Hash: l.tree.HashAt(size)}
	text, err := note.Sign(&note.Note{Text: string(body.Marshal())}, l.signer)
	must(err)
	return string(text)
}

func (l station) receipt(path string, record []byte, index, size uint64) {
	list, err := l.tree.InclusionProof(index, size)
	must(err)
	write(path, fmt.Sprintf("c2sp.org/tlog-proof@v1\nextra %s\nindex %d\n%s\n%s",
		base64.StdEncoding.EncodeToString(record), index, lines(list), l.checkpoint(size)))
}

func (l station) growth(path string, old, size uint64) {
	list, err := l.tree.ConsistencyProof(old, size)
	must(err)
	write(path, fmt.Sprintf("old %d\n%s\n%s", old, lines(list), l.checkpoint(size)))
}

func makeLog() {
	const old, size = 300, 700
	l := newLog("transparency.example/log")
	for i := 0; i < size; i++ {
		l.tree.AppendData([]byte(fmt.Sprint("entry ", i)))
	}
	write("kept", l.checkpoint(old))
	l.growth("growth", old, size)
	for _, i := range []uint64{0, 1, 255, 256, 400, 511, 512, size - 1} {
		l.receipt(fmt.Sprint("receipt-", i), []byte(fmt.Sprint("entry ", i)), i, size)
	}
}

func vectors() {
	l := newLog("rfc6962.example/log")
	leaves, roots := testonly.LeafInputs(), testonly.RootHashes()
	l.tree.AppendData(leaves...)
	for size := uint64(1); size <= uint64(len(leaves)); size++ {
		if string(l.tree.HashAt(size)) != string(roots[size]) {
			must(fmt.Errorf("the tree of %d is not the well-known one", size))
		}
		// An empty leaf cannot be the record of a receipt.
		for i := uint64(1); i < size; i++ {
			l.receipt(fmt.Sprintf("receipt-%d-%d", i, size), leaves[i], i, size)
		}
		write(fmt.Sprint("at-", size), l.checkpoint(size))
		for old := uint64(1); old <= size; old++ {
			l.growth(fmt.Sprintf("growth-%d-%d", old, size), old, size)
		}
	}
}

func main() {
	switch os.Args[1] {
	case "make":
		makeLog()
	case "vectors":
		vectors()
	case "cosign":
		cosign(read(os.Args[2]))
	default:
		vkey := strings.TrimSpace(read(os.Args[1]))
		_, n := open(vkey, read(os.Args[3]), witness(read(os.Args[2])))
		if len(n.Sigs) != 2 {
			must(fmt.Errorf("the witness's signature was passed over"))
		}
		when, err := formats.CoSigV1Timestamp(n.Sigs[1])
		must(err)
		files, kept := os.Args[4:], ""
		if len(files) > 1 {
			files, kept = files[:len(files)-1], files[len(files)-1]
		}
		for _, path := range files {
			judge(vkey, path, kept)
		}
		fmt.Println("accepted; held since", when.Unix())
	}
}
