// SPDX-License-Identifier: GPL-2.0-only

// The client of sigsum, which asks witnesses, before one of ours; nobody here wrote it.
//
//	client URL WITNESS_KEY OLD REQUEST...
//
// REQUESTs are files as a witness is asked by. The first is sent when the witness has signed
// for other than it says: it must be told OLD. The others must be signed.
package main

import (
	"bytes"
	"context"
	"fmt"
	"os"

	"sigsum.org/sigsum-go/pkg/api"
	"sigsum.org/sigsum-go/pkg/client"
	"sigsum.org/sigsum-go/pkg/key"
	"sigsum.org/sigsum-go/pkg/requests"
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	witness, err := key.ReadPublicKeyFile(os.Args[2])
	must(err)
	ask := client.New(client.Config{URL: os.Args[1], UserAgent: "client"})
	for i, name := range os.Args[4:] {
		var request requests.AddCheckpoint
		text, err := os.ReadFile(name)
		must(err)
		must(request.FromASCII(bytes.NewReader(text)))
		lines, err := ask.AddCheckpoint(context.Background(), request)
		if i == 0 {
			old, found := api.ErrorConflictOldSize(err)
			if !found || fmt.Sprint(old) != os.Args[3] {
				must(fmt.Errorf("%s: it is not told %s but %v: %v", name, os.Args[3], old, err))
			}
			continue
		}
		must(err)
		signature, err := request.Checkpoint.VerifyCosignatureByKey(lines, &witness)
		must(err)
		fmt.Println(name, request.Checkpoint.TreeHead.Size, signature.Timestamp)
	}
}
