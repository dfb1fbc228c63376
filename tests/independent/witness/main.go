// A witness made of transparency-dev/witness, which shares no code with clientbook: it follows one log,
// whose key is given, under a key that it makes, and answers POST /add-checkpoint (C2SP tlog-witness).
//
// usage: witness NAME LOG-KEY PORT; prints its own public key, then serves until it is ended.
package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"log"
	"net/http"
	"os"

	f_note "github.com/transparency-dev/formats/note"
	"github.com/transparency-dev/witness/persistence/inmemory"
	"github.com/transparency-dev/witness/witness"
	"golang.org/x/mod/sumdb/note"
)

// The public key as C2SP tlog-cosignature has it: its type is 4.
func publicKey(name string, key ed25519.PublicKey) string {
	typed := append([]byte{4}, key...)
	id := sha256.Sum256(append([]byte(name+"\n"), typed...))
	return fmt.Sprintf("%s+%08x+%s", name, binary.BigEndian.Uint32(id[:4]), base64.StdEncoding.EncodeToString(typed))
}

func main() {
	if len(os.Args) != 4 {
		log.Fatal("usage: witness NAME LOG-KEY PORT")
	}
	secret, public, err := note.GenerateKey(rand.Reader, os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	// As GenerateKey writes it: <name>+<id>+base64(1 | key).
	encoded, err := base64.StdEncoding.DecodeString(public[len(os.Args[1])+10:])
	if err != nil {
		log.Fatal(err)
	}
	signer, err := f_note.NewSignerForCosignatureV1(secret)
	if err != nil {
		log.Fatal(err)
	}
	verifier, err := note.NewVerifier(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	one, err := witness.New(ctx, witness.Opts{
		Persistence: inmemory.New(),
		Signers:     []note.Signer{signer},
		VerifierForLog: func(_ context.Context, origin string) (note.Verifier, bool, error) {
			return verifier, origin == verifier.Name(), nil
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(publicKey(os.Args[1], ed25519.PublicKey(encoded[1:])))
	http.HandleFunc("POST /add-checkpoint", witness.NewHTTPHandler(one).AddCheckpoint)
	log.Fatal(http.ListenAndServe("localhost:"+os.Args[3], nil))
}
